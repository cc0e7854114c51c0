"""Extract the text inside a file in a child process that can neither harm nor hang the worker."""

import logging
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from evidence.extraction import child
from evidence.states import TextState

logger = logging.getLogger(__name__)

_CHILD = Path(child.__file__).resolve()
#: The child ends itself before; this is for one that cannot.
_LAST_PATIENCE_SECONDS = child.WALL_SECONDS + 10
#: What the kernel sends when the processor's or the file size's limit is reached, or the memory runs out.
_LIMIT_SIGNALS = (signal.SIGXCPU, signal.SIGXFSZ, signal.SIGKILL, signal.SIGALRM)


@dataclass(frozen=True)
class ExtractedText:
    """The outcome of an extraction; `is_cut` says that a limit was reached and the text is only the
    beginning.
    """

    state: TextState
    text: str = ""
    is_cut: bool = False


def extract(file: IO[bytes], *, kind: str) -> ExtractedText:
    """Extract the text of a file of this kind (a code of the catalogue), in a minute at most.

    Never raises for a bad file. The child gets the open file and nothing else: no environment, no network,
    limits on memory, time and output.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as complaints:
        code = _run(file, kind=kind, output=output, complaints=complaints)
        output.seek(0)
        text = output.read(child.MAX_OUTPUT_BYTES).decode("utf-8", "ignore").strip()
        complaints.seek(0)
        said = complaints.read(300).decode("utf-8", "replace").strip()
    result = _judge(code, text)
    if result.state == TextState.FAILED:
        logger.warning("The text of a %s could not be read (%s): %s", kind, code, said)
    return result


def _run(file: IO[bytes], *, kind: str, output: IO[bytes], complaints: IO[bytes]) -> int:
    """Run the child to its end and return its exit code; a negative number is a signal."""
    try:
        return subprocess.run(
            [sys.executable, "-I", str(_CHILD), kind],
            stdin=file,
            stdout=output,
            stderr=complaints,
            env={"LANG": "C.UTF-8"},
            cwd="/",
            start_new_session=True,
            timeout=_LAST_PATIENCE_SECONDS,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired:
        return -signal.SIGKILL


def _judge(code: int, text: str) -> ExtractedText:
    """Return the outcome that fits the child's exit code and its output."""
    if code == child.DONE:
        return ExtractedText(TextState.DONE, text) if text else ExtractedText(TextState.EMPTY)
    if code == child.CUT or (code < 0 and -code in _LIMIT_SIGNALS):
        return ExtractedText(TextState.DONE, text, is_cut=True) if text else ExtractedText(TextState.TOO_BIG)
    return ExtractedText(TextState.FAILED)
