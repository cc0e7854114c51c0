"""What a trial that runs the commands of a page asks of the machine that they run on."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class TrialMachine(Protocol):
    """A Debian in a folder, or this machine with folders of the trial's own."""

    root: Path

    def inside(self, command: list[str]) -> list[str]:
        """Return a command of this machine that runs the given one there."""
        ...

    def in_its_network(self, command: list[str]) -> list[str]:
        """Return a command that runs on this machine's files, but in the network there."""
        ...

    def write(self, path: str, text: str, *, mode: int = 0o644) -> None:
        """Write a file there; its folder is made. Raises Failed."""
        ...

    def perform(self, command: list[str]) -> None:
        """Run a command there. Raises Failed."""
        ...
