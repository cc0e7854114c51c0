"""Runs the commands of a page for operators as they stand, timed, and says each step."""

from __future__ import annotations

import time
from collections.abc import Container
from datetime import UTC, datetime
from pathlib import Path

from tracker.house.fresh.debian import Failed
from trials.install import stand_ins
from trials.install.keeping import perform_again
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


def perform_blocks(debian: SystemdDebian, blocks: Blocks, *, twice: Container[int] = ()) -> tuple[float, str]:
    """Run blocks in one shell; return their seconds and all that they printed. Raises Failed.

    Those of some steps are run twice, as by somebody who is not sure whether it was done; the second time is not counted.
    """
    total, printed = 0.0, ""
    with Shell(debian) as shell:
        for page, commands in blocks:
            try:
                seconds, said = _perform(shell, page, commands)
                if commands.step in twice:
                    perform_again(shell, debian.root, _text_of(commands))
            except Failed as error:
                log = debian.say(["journalctl", "--lines=40", "--no-pager"])
                raise Failed(f"{error}\nThe journal ends with:\n{log}") from error
            total, printed = total + seconds, printed + said
    return total, printed


def _perform(shell: Shell, page: Path, commands: Commands) -> tuple[float, str]:
    note = f" (a stand-in for: {commands.text.splitlines()[0]})" if commands.name else ""
    begun = time.monotonic()
    said = shell.perform(_text_of(commands))
    seconds = time.monotonic() - begun
    say(f"{page.name}, step {commands.step:>2}  {commands.title}: {seconds:.1f} s{note}")
    return seconds, said


def _text_of(commands: Commands) -> str:
    return stand_ins.BLOCKS[commands.name] if commands.name else commands.text
