"""Child processes that end with the process that started them (Linux)."""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

_PR_SET_PDEATHSIG = 1
_PR_SET_NAME = 15


def die_with_parent(sign: int = signal.SIGTERM) -> None:
    """Ask the kernel to send this process the signal when its parent ends, however it ends; survives exec."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(sign), 0, 0, 0)


def name_process(name: str) -> None:
    """Give this process the name that `ps`, `top` and /proc show, at most 15 characters; its forks inherit it."""
    ctypes.CDLL(None).prctl(_PR_SET_NAME, name.encode()[:15], 0, 0, 0)


def bound_to_parent(command: Sequence[str], sign: int = signal.SIGTERM) -> list[str]:
    """Return a command that runs the given one and sends it the signal when its parent ends.

    It unblocks the signals that the parent blocked. It also works behind `unshare`, where the change of identity undoes
    a setting that is made before the exec.
    """
    return [sys.executable, "-I", __file__, str(int(sign)), *command]


def is_alive(pid: int) -> bool:
    """Tell whether a process of this id runs (a zombie does not)."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


if __name__ == "__main__":
    die_with_parent(int(sys.argv[1]))
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    os.execvp(sys.argv[2], sys.argv[2:])
