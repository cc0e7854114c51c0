"""A sandbox for a process that opens a stranger's file: resource limits, no network, no other program.

Such a process imports this before anything else of ours, so it knows neither Django nor any other module.
"""

import ctypes
import os
import resource
import signal
import sys

OPEN_FILES = 64

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
    """The time limit was reached; not an Exception, so that no library mistakes it for a bad file."""


def enter_sandbox(*, memory_bytes: int, cpu_seconds: int, wall_seconds: int, output_bytes: int) -> None:
    """Limit this process (address space, processor, real time, bytes written) and close its ways out.

    When the time is over, `LimitReached` is raised wherever the code is; a signal ends the process where a
    library does not let that happen. The process runs at low priority.
    """
    os.nice(10)
    for signum in (signal.SIGXCPU, signal.SIGALRM):
        signal.signal(signum, _stop)
    signal.alarm(wall_seconds)
    for limit, soft, hard in (
        (resource.RLIMIT_AS, memory_bytes, memory_bytes),
        (resource.RLIMIT_CPU, cpu_seconds, cpu_seconds + 5),
        (resource.RLIMIT_NOFILE, OPEN_FILES, OPEN_FILES),
        (resource.RLIMIT_FSIZE, output_bytes, output_bytes),
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
        raise PermissionError(f"{event} is not for a process that is shut in")
