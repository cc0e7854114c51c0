"""A sandbox for a process that opens a stranger's file: limits on what it takes, and nothing to reach.

Such a process imports this before anything else of ours, so it knows neither Django nor any other module but
those that need neither. `evidence.child_process` starts it.
"""

import ctypes
import os
import resource
import signal
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

#: How a process that was shut in ends.
DONE, TOO_MUCH, FAILED, NOT_SHUT_IN = 0, 3, 4, 5

#: Set to "limits" in its environment, the process runs without the kernel's filter (see the setting SANDBOX).
VARIABLE, LIMITS_ALONE = "SANDBOX", "limits"

OPEN_FILES = 64


@dataclass(frozen=True)
class Limits:
    """What a process may take: address space, processor, real time, bytes written; and how it stands back for others."""

    memory_bytes: int
    cpu_seconds: int
    wall_seconds: int
    output_bytes: int
    niceness: int = 10


class LimitReached(BaseException):
    """The time limit was reached; not an Exception, so that no library mistakes it for a bad file."""


class NotShutIn(Exception):
    """The kernel did not let the process be shut in, so it may open no file."""


def run_shut_in(work: Callable[[], int], *, limits: Limits) -> NoReturn:
    """Do the work in the sandbox and end the process with the code that it returns.

    Whatever the work needs of the disk it must have imported and opened before. Over a limit the process ends with
    TOO_MUCH, with any other error with FAILED (it is told on standard error), outside a sandbox with NOT_SHUT_IN.
    """
    # What libraries want to tidy up at the end is not waited for.
    os._exit(_ended(work, limits))


def _ended(work: Callable[[], int], limits: Limits) -> int:
    try:
        enter_sandbox(limits)
        return work()
    except (LimitReached, MemoryError):
        return TOO_MUCH
    except NotShutIn as error:
        _tell(error)
        return NOT_SHUT_IN
    except Exception as error:  # Whatever a hostile file makes a library raise.
        _tell(error)
        return TOO_MUCH if "memory" in str(error).lower() else FAILED


def _tell(error: Exception) -> None:
    os.write(2, f"{type(error).__name__}: {error}"[:300].encode("utf-8", "replace"))


def start() -> None:
    """Shut this process in and end: how the system check tries whether the kernel lets us."""
    limits = Limits(memory_bytes=2**29, cpu_seconds=4, wall_seconds=5, output_bytes=0)
    run_shut_in(lambda: DONE, limits=limits)


def enter_sandbox(limits: Limits) -> None:
    """Limit this process and close its ways out.

    When the time is over, `LimitReached` is raised wherever the code is; a signal ends the process where a
    library does not let that happen. Raises NotShutIn.
    """
    os.nice(limits.niceness)
    for signum in (signal.SIGXCPU, signal.SIGALRM):
        signal.signal(signum, _stop)
    signal.alarm(limits.wall_seconds)
    for limit, soft, hard in (
        (resource.RLIMIT_AS, limits.memory_bytes, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 1),
        (resource.RLIMIT_NOFILE, OPEN_FILES, OPEN_FILES),
        (resource.RLIMIT_FSIZE, limits.output_bytes, limits.output_bytes),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        resource.setrlimit(limit, (soft, hard))
    sys.addaudithook(_refuse)
    if os.environ.get(VARIABLE) != LIMITS_ALONE:
        _filter_calls()


def _stop(*_: object) -> None:
    raise LimitReached


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


def _refuse(event: str, _arguments: object) -> None:
    """Refuse what Python itself would do; the kernel's filter refuses it to everything in the process."""
    if event.startswith(_FORBIDDEN):
        raise PermissionError(f"{event} is not for a process that is shut in")


# The filter of the kernel (seccomp): the calls below may be made, every other is answered "not permitted": no file is
# opened or deleted, no socket made, no program or process started, no other process looked at or ended. It needs no
# privilege, so it also holds in containers and where the kernel forbids namespaces.

_MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
#: The calls by name, with their numbers on x86_64 and aarch64; -1 where a machine does not have one.
_CALLS = {
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "fstat": (5, 80),
    "lseek": (8, 62),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "brk": (12, 214),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "pread64": (17, 67),
    "readv": (19, 65),
    "writev": (20, 66),
    "sched_yield": (24, 124),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "nanosleep": (35, 101),
    "getpid": (39, 172),
    "exit": (60, 93),
    "gettimeofday": (96, 169),
    "getrusage": (98, 165),
    "sigaltstack": (131, 132),
    "gettid": (186, 178),
    "time": (201, -1),
    "futex": (202, 98),
    "restart_syscall": (219, 128),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "exit_group": (231, 94),
    "newfstatat": (262, 79),
    "getrandom": (318, 278),
    "rseq": (334, 293),
}

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _MODE_FILTER = 38, 22, 2
_ALLOW, _NOT_PERMITTED, _KILL = 0x7FFF0000, 0x00050001, 0x80000000
_LOAD, _JUMP_EQUAL, _RETURN = 0x20, 0x15, 0x06


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_void_p)]


def _filter_calls() -> None:
    """Let the kernel refuse every call but those listed, from now on and for good. Raises NotShutIn."""
    machine = os.uname().machine
    if machine not in _MACHINES:
        raise NotShutIn(f"there is no list of calls for a machine of the kind {machine!r}")
    code = ctypes.create_string_buffer(_filter_of(*_MACHINES[machine]))
    program = _Program(len(code) // 8, ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    # The second argument is a long: a plain 0 would leave half of it to chance.
    zero = ctypes.c_ulong(0)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, ctypes.c_ulong(1), zero, zero, zero) != 0:
        raise NotShutIn(f"prctl: {os.strerror(ctypes.get_errno())}")
    if libc.prctl(_PR_SET_SECCOMP, ctypes.c_ulong(_MODE_FILTER), ctypes.byref(program), zero, zero) != 0:
        raise NotShutIn(f"seccomp: {os.strerror(ctypes.get_errno())}")


def _filter_of(machine: int, column: int) -> bytes:
    """Return the filter's program: the machine's kind at 4, the call's number at 0 of what it is given."""
    numbers = [call[column] for call in _CALLS.values() if call[column] >= 0]
    steps = [
        (_LOAD, 0, 0, 4),
        (_JUMP_EQUAL, 1, 0, machine),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),
        *((_JUMP_EQUAL, len(numbers) - place, 0, number) for place, number in enumerate(numbers)),
        (_RETURN, 0, 0, _NOT_PERMITTED),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("HBBI", *step) for step in steps)
