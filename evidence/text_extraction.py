"""Extract the text inside a file in a child process that can neither harm nor hang the worker."""

from dataclasses import dataclass
from typing import IO

from evidence.child_process import run_child
from evidence.limits import READING
from evidence.sandbox import DONE, TOO_MUCH
from evidence.states import TextState

PROCESS = "evidence.extraction.child"


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

    Never raises for a bad file; raises SandboxFailed where the kernel lets no process be shut in.
    """
    ended = run_child(PROCESS, kind, file=file, limits=READING)
    text = ended.output.decode("utf-8", "ignore").strip()
    if ended.code == DONE:
        return ExtractedText(TextState.DONE, text) if text else ExtractedText(TextState.EMPTY)
    if ended.code == TOO_MUCH:
        return ExtractedText(TextState.DONE, text, is_cut=True) if text else ExtractedText(TextState.TOO_BIG)
    return ExtractedText(TextState.FAILED)
