"""One shell of root on a machine, from the first command of the page to the last, as the page asks."""

from __future__ import annotations

import subprocess
import threading
from types import TracebackType

from tracker.house.fresh.debian import Failed, end
from trials.machine import TrialMachine

#: No block of the page may take longer.
BLOCK_SECONDS = 30 * 60
_DONE = "-- the block is done --"


class Shell:
    """A shell that keeps its folder and variables between blocks, and ends at the first command that fails.

    A quiet one shows what a block printed only where it failed.
    """

    def __init__(self, machine: TrialMachine, *, is_quiet: bool = False) -> None:
        self._machine, self._is_quiet = machine, is_quiet
        self._process = subprocess.Popen(
            machine.inside(["bash", "--norc", "-e", "-o", "pipefail"]),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._count = 0

    def perform(self, text: str) -> str:
        """Run a block exactly as it stands, show and return what it prints. Raises Failed."""
        self._count += 1
        path = f"/root/block-{self._count}.sh"
        self._machine.write(path, text)
        assert self._process.stdin is not None and self._process.stdout is not None
        limit = threading.Timer(BLOCK_SECONDS, self._process.kill)
        limit.start()
        self._process.stdin.write(f". {path} < /dev/null\necho '{_DONE}'\n")
        self._process.stdin.flush()
        said = ""
        for line in self._process.stdout:
            if line.rstrip() == _DONE:
                limit.cancel()
                return said
            said += line
            if not self._is_quiet:
                print(f"    {line}", end="", flush=True)
        limit.cancel()
        shown = f"\nit printed:\n{said[-1500:]}" if self._is_quiet else ""
        raise Failed(
            f"a command of the page failed, or took longer than {BLOCK_SECONDS} s; the block was:\n{text}{shown}"
        )

    def __enter__(self) -> Shell:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        end(self._process)
