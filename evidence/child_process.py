"""Start a process that is shut in (`evidence.sandbox`) with a stranger's file, and take its answer."""

import logging
import os
import select
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from typing import IO

from django.conf import settings

from evidence.sandbox import LIMITS_ALONE, NOT_SHUT_IN, TOO_MUCH, VARIABLE, Limits

logger = logging.getLogger(__name__)

#: The child ends itself before; this is for one that cannot.
PATIENCE_SECONDS = 5
#: What the kernel sends when the processor's or the file size's limit is reached, or the memory runs out.
_LIMIT_SIGNALS = (signal.SIGXCPU, signal.SIGXFSZ, signal.SIGKILL, signal.SIGALRM)
_TOLD_BYTES = 300
#: In isolated mode Python looks for modules in its own folders alone; ours is added.
_START = "import sys, importlib; sys.path.append(sys.argv[1]); importlib.import_module(sys.argv[2]).start(*sys.argv[3:])"


class SandboxFailed(Exception):
    """The kernel does not let a process be shut in, so no file is opened. See the setting SANDBOX."""


@dataclass(frozen=True)
class Ended:
    """How a child ended: its code (TOO_MUCH for whatever limit, negative for any other signal) and what it wrote."""

    code: int
    output: bytes


def run_child(module: str, *arguments: str, file: IO[bytes], limits: Limits) -> Ended:
    """Let `start` of a module of ours, in a process of its own, open a file, and wait for its end. Raises SandboxFailed.

    `start` shuts its process in before it looks into the file (`sandbox.run_shut_in`). The child gets the file as standard input and nothing else: no environment, no other open file. What it writes goes
    to a file as long as its limit, so it fills neither our memory nor the disk.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as complaints:
        seconds = limits.wall_seconds + PATIENCE_SECONDS
        code = _run([module, *arguments], file=file, output=output, complaints=complaints, seconds=seconds)
        output.seek(0)
        complaints.seek(0)
        answer = output.read(limits.output_bytes)
        told = complaints.read(_TOLD_BYTES).decode("utf-8", "replace").strip()
    if code == NOT_SHUT_IN:
        raise SandboxFailed(told)
    if told:
        logger.warning("%s ended with %s: %s", module, code, told)
    return Ended(code, answer)


def environment() -> dict[str, str]:
    """Return all that a child knows of its surroundings."""
    return {"LANG": "C.UTF-8"} | ({VARIABLE: LIMITS_ALONE} if settings.SANDBOX == LIMITS_ALONE else {})


def _run(
    arguments: list[str], *, file: IO[bytes], output: IO[bytes], complaints: IO[bytes], seconds: float
) -> int:
    """Run the child to its end and return its exit code; every limit counts as TOO_MUCH."""
    with subprocess.Popen(
        [sys.executable, "-I", "-c", _START, str(settings.BASE_DIR), *arguments],
        stdin=file,
        stdout=output,
        stderr=complaints,
        env=environment(),
        cwd="/",
        start_new_session=True,
    ) as child:
        _wait(child.pid, seconds)
        # Without effect on one that has ended.
        child.kill()
        code = child.wait()
    return TOO_MUCH if code < 0 and -code in _LIMIT_SIGNALS else code


def _wait(pid: int, seconds: float) -> None:
    """Wait until the process has ended, or so long. (Popen's own waiting looks only every 50 ms.)"""
    ended = os.pidfd_open(pid)
    try:
        waiting = select.poll()
        waiting.register(ended, select.POLLIN)
        waiting.poll(seconds * 1_000)
    finally:
        os.close(ended)
