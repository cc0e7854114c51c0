"""Runs the commands of a page for operators as they stand, timed, and says each step."""

from __future__ import annotations

import time
from collections.abc import Container
from datetime import UTC, datetime
from pathlib import Path

from tracker.house.fresh.debian import Failed
from trials.install import stand_ins
from trials.install.page import Commands, commands_for
from trials.install.shell import Shell
from trials.systemd_debian import SystemdDebian


def say(text: str) -> None:
    """Print a dated line."""
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}Z  {text}", flush=True)


#: Blocks of commands, each with its page.
Blocks = list[tuple[Path, Commands]]


def blocks_of(page: Path, *, steps: Container[int] | None = None) -> Blocks:
    """Return the page's blocks for Debian's packages, of some steps or of all."""
    text = page.read_text(encoding="utf-8")
    return [(page, commands) for commands in commands_for(text, "debian", steps=steps)]


def perform_blocks(debian: SystemdDebian, blocks: Blocks) -> tuple[float, str]:
    """Run blocks in one shell; return their seconds and all that they printed. Raises Failed."""
    total, printed = 0.0, ""
    with Shell(debian) as shell:
        for page, commands in blocks:
            try:
                seconds, said = _perform(shell, page, commands)
            except Failed as error:
                log = debian.say(["journalctl", "--lines=40", "--no-pager"])
                raise Failed(f"{error}\nThe journal ends with:\n{log}") from error
            total, printed = total + seconds, printed + said
    return total, printed


def _perform(shell: Shell, page: Path, commands: Commands) -> tuple[float, str]:
    text, note = commands.text, ""
    if commands.name:
        text, note = stand_ins.BLOCKS[commands.name], f" (a stand-in for: {commands.text.splitlines()[0]})"
    begun = time.monotonic()
    said = shell.perform(text)
    seconds = time.monotonic() - begun
    say(f"{page.name}, step {commands.step:>2}  {commands.title}: {seconds:.1f} s{note}")
    return seconds, said
