"""One shell of root inside the Debian, from the first command of the page to the last, as the page asks."""

from __future__ import annotations

import subprocess
import threading
from types import TracebackType

from tracker.house.fresh.debian import Failed, end
from trials.systemd_debian import SystemdDebian

#: No block of the page may take longer.
BLOCK_SECONDS = 30 * 60
_DONE = "-- the block is done --"


class Shell:
    """A shell that keeps its folder and variables between blocks, and ends at the first command that fails."""

    def __init__(self, debian: SystemdDebian) -> None:
        self._debian = debian
        self._process = subprocess.Popen(
            debian.inside(["bash", "--norc", "-e", "-o", "pipefail"]),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._count = 0

    def perform(self, text: str) -> str:
        """Run a block exactly as it stands, show what it prints, and return that. Raises Failed."""
        self._count += 1
        path = f"/root/block-{self._count}.sh"
        self._debian.write(path, text)
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
            print(f"    {line}", end="", flush=True)
        limit.cancel()
        raise Failed(
            f"a command of the page failed, or took longer than {BLOCK_SECONDS} s; the block was:\n{text}"
        )

    def __enter__(self) -> Shell:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        end(self._process)
