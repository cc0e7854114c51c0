"""Run as a process of its own: `child.py KIND < FILE > TEXT`. One file, within limits, with an empty environment.

What the readers give is written as it comes, so that a limit that is reached keeps what was read before. Ends with
one of the codes below, or by a signal when a library was led astray.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys
from pathlib import Path
from typing import IO, Any

DONE, CUT, FAILED = 0, 3, 4

#: Everything that the process may take: address space, processor, real time, open files, what it writes.
MEMORY_BYTES = 768 * 1024 * 1024
CPU_SECONDS = 30
WALL_SECONDS = 60
OPEN_FILES = 64
#: Of a longer text the beginning is kept: 1,000,000 characters are about 400 pages.
MAX_CHARACTERS = 1_000_000
MAX_OUTPUT_BYTES = 4 * MAX_CHARACTERS

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "pty.",
)


class LimitReached(BaseException):
    """A limit of time was reached; not an Exception, so that no library takes it for a bad file."""


def main(kind: str) -> int:
    """Read standard input as a file of this kind and write its text to standard output."""
    _shut_in()
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
    from evidence.extraction.readers import read

    output = os.fdopen(sys.stdout.fileno(), "wb", closefd=False)
    try:
        return _write(read(kind, sys.stdin.buffer), output)
    except (LimitReached, MemoryError):
        return CUT
    except Exception as error:
        print(f"{type(error).__name__}: {error}"[:300], file=sys.stderr)
        return CUT if "memory" in str(error).lower() else FAILED
    finally:
        with contextlib.suppress(OSError):
            output.flush()


def _write(pieces: Any, output: IO[bytes]) -> int:
    room = MAX_CHARACTERS
    for piece in pieces:
        output.write(piece[:room].encode("utf-8", "replace"))
        room -= len(piece)
        if room <= 0:
            return CUT
    return DONE


def _shut_in() -> None:
    """Set the limits, then close the ways out: no network, no other program."""
    os.nice(10)
    for signum in (signal.SIGXCPU, signal.SIGALRM):
        signal.signal(signum, _stop)
    signal.alarm(WALL_SECONDS)
    for limit, soft, hard in (
        (resource.RLIMIT_AS, MEMORY_BYTES, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS, CPU_SECONDS + 5),
        (resource.RLIMIT_NOFILE, OPEN_FILES, OPEN_FILES),
        (resource.RLIMIT_FSIZE, MAX_OUTPUT_BYTES, MAX_OUTPUT_BYTES),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        resource.setrlimit(limit, (soft, hard))
    # A network of its own, without a single address; where the kernel forbids that, the hook below remains.
    ctypes.CDLL(None).unshare(_NEW_USER | _NEW_NETWORK)
    sys.addaudithook(_refuse)


def _stop(*_: object) -> None:
    raise LimitReached


def _refuse(event: str, _arguments: object) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(f"{event} is not for readers of evidence")


if __name__ == "__main__":
    # What libraries want to tidy up at the end is not waited for.
    os._exit(main(sys.argv[1]))
