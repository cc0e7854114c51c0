"""ChildProcess processes: one way to start them, a time limit for every answer, and no failure that stays unseen.

A child is a module with a function `answers(facts, *arguments)` or `main(facts, *arguments)`; `benchmarks.child` says
what they return. It writes its errors to the screen, and the parent raises `ChildFailed` when it dies or is too slow.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from select import select
from typing import Any

from tracker.processes import bound_to_parent

BASE = Path(__file__).resolve().parent.parent
#: Time for a child to start and to prepare what it measures.
START_SECONDS = 120.0
#: Time for one answer, unless the caller says otherwise.
ANSWER_SECONDS = 120.0
#: Time for a process to end after it was told to; then it is killed.
END_SECONDS = 10.0


class ChildFailed(RuntimeError):
    """A child process died, or did not answer within its time limit."""


class ChildProcess:
    """A child process that answers requests, one JSON line each. Start it with `answering`.

    It starts in the background: the first answer waits until it is ready.
    """

    def __init__(self, title: str, process: subprocess.Popen[bytes], *, is_ready: bool) -> None:
        self.title = title
        self.process = process
        self._is_ready = is_ready
        self._received = b""

    def ask(self, name: str, *, limit_seconds: float = ANSWER_SECONDS, **arguments: object) -> Any:
        """Send a request and return its answer. Raises `ChildFailed`."""
        self.send(name, **arguments)
        return self.receive(limit_seconds=limit_seconds)

    def send(self, name: str, **arguments: object) -> None:
        """Send a request without waiting for its answer. Raises `ChildFailed` when the child is dead."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(json.dumps([name, arguments]).encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise self._dead() from None

    @property
    def has_answered(self) -> bool:
        """Whether an answer, or the end of the child, waits to be received."""
        assert self.process.stdout is not None
        return bool(self._received or select([self.process.stdout], [], [], 0)[0])

    def receive(self, *, limit_seconds: float = ANSWER_SECONDS) -> Any:
        """Wait for the next answer and return it. Raises `ChildFailed`."""
        self.wait_until_ready()
        return self._read(limit_seconds=limit_seconds)

    def wait_until_ready(self) -> None:
        """Wait until the child can answer. Raises `ChildFailed`."""
        if not self._is_ready:
            self._read(limit_seconds=START_SECONDS)
            self._is_ready = True

    def _read(self, *, limit_seconds: float) -> Any:
        """Return what the next line of its output holds."""
        assert self.process.stdout is not None
        deadline = time.monotonic() + limit_seconds
        while b"\n" not in self._received:
            left = deadline - time.monotonic()
            if left <= 0 or not select([self.process.stdout], [], [], left)[0]:
                raise ChildFailed(f"{self.title} did not answer within {limit_seconds:g} seconds")
            piece = os.read(self.process.stdout.fileno(), 65_536)
            if not piece:
                raise self._dead()
            self._received += piece
        line, _end, self._received = self._received.partition(b"\n")
        return json.loads(line)

    def close(self) -> None:
        """End the child: its input ends, and after a while it is killed."""
        assert self.process.stdin is not None and self.process.stdout is not None
        with suppress(BrokenPipeError):
            self.process.stdin.close()
        end(self.process)
        self.process.stdout.close()

    def _dead(self) -> ChildFailed:
        """Return the error that tells how the child ended."""
        try:
            code = self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            return ChildFailed(f"{self.title} stopped answering")
        how = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
        return ChildFailed(f"{self.title} {how}; its error stands above")


@contextmanager
def answering(
    environment: Mapping[str, str], module: str, facts_file: Path, *arguments: object
) -> Iterator[ChildProcess]:
    """Start a child that answers requests, for the length of the block.

    `module` defines `answers(facts, *arguments)`; facts come from a JSON file. Raises `ChildFailed`.
    """
    child = ChildProcess(module, _start(environment, module, facts_file, arguments), is_ready=False)
    try:
        yield child
    finally:
        child.close()


def run(
    environment: Mapping[str, str], module: str, facts_file: Path, *arguments: object, limit_seconds: float
) -> Any:
    """Run `main(facts, *arguments)` of a module in a child process and return its result. Raises `ChildFailed`."""
    child = ChildProcess(module, _start(environment, module, facts_file, arguments), is_ready=True)
    try:
        return child.receive(limit_seconds=limit_seconds)
    finally:
        child.close()


def end(process: subprocess.Popen[Any], *, asked: bool = True) -> None:
    """Wait until a process has ended; kill it when it takes too long. `asked`: it knows that it should end."""
    if not asked:
        process.terminate()
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(END_SECONDS)


def _start(
    environment: Mapping[str, str], module: str, facts_file: Path, arguments: Sequence[object]
) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "benchmarks.child", module, str(facts_file), *map(str, arguments)]
    return subprocess.Popen(
        bound_to_parent(command), cwd=BASE, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
