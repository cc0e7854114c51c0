"""A child process of the benchmarks that fails in every way, on request."""

import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any


def answers(facts: dict[str, Any], *arguments: str) -> Mapping[str, Callable[..., object]]:
    if arguments == ("dies at once",):
        raise ValueError("it never became ready")
    return {
        "echo": lambda value: [facts, value],
        "print": lambda: print("not an answer"),
        "raise": _raise,
        "die": lambda: os.kill(os.getpid(), signal.SIGKILL),
        "sleep": lambda: time.sleep(600),
        "write": lambda times: sys.stdin.readline() if arguments == ("hangs",) else times,
    }


def _raise() -> None:
    raise ValueError("these are the words of the error")
