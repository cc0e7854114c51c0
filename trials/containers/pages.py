"""The commands of docs/install-containers.md, backups.md, anchors.md and upgrading.md for containers, as they are printed."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Container, Iterator
from pathlib import Path

from tracker.house.fresh.debian import Failed
from trials.install.keeping import perform_again
from trials.install.page import ANCHORS, BACKUPS, INSTALL, SET_UP, UPGRADING, Commands, commands_for
from trials.install.shell import Shell
from trials.releases import TrialFailed

#: Lines that ask a registry of images or an index of packages, which the network of the trial does not reach. The images were built
#: from the same files before; here is seen that they are those that compose names.
BUILDS = ("docker compose build --pull", "docker compose build backup")
_IMAGES_ARE_THERE = "docker compose config --images | sort --unique | xargs docker image inspect --format '{{index .RepoTags 0}}'"
#: The page of installing.
PAGE = INSTALL["containers"]
#: The block that installs an engine: it was run as it stands before, where the network is.
PACKAGES_STEP = 2
_LINK = re.compile(r"https://\S+/password/invitation/\S+")
Say = Callable[[str, str], None]


def installing(*, steps: Container[int] | None = None) -> list[Commands]:
    """Return the blocks of the page of installing, in their order; those of some steps, or all."""
    return _blocks_of(PAGE.english, steps)


def backing_up(*, steps: Container[int] | None = None) -> list[Commands]:
    """Return the blocks of the page of backups, in their order; those of some steps, or all."""
    return _blocks_of(BACKUPS, steps)


def anchoring() -> list[Commands]:
    """Return the blocks with which the page of anchors sets them up, in their order."""
    return _blocks_of(ANCHORS, SET_UP)


def upgrading() -> list[Commands]:
    """Return the blocks of the page of upgrades, in their order."""
    return _blocks_of(UPGRADING, None)


def _blocks_of(page: Path, steps: Container[int] | None) -> list[Commands]:
    return commands_for(page.read_text(encoding="utf-8"), "containers", steps=steps)


def runnable(text: str) -> tuple[str, str]:
    """Return a block as the trial runs it, and for which of its lines something stands in."""
    lines = text.splitlines()
    replaced = [line for line in lines if line in BUILDS]
    run = "".join(f"{_IMAGES_ARE_THERE if line in BUILDS else line}\n" for line in lines)
    return run, f" (a stand-in for `{'`, `'.join(replaced)}`)" if replaced else ""


def install(shell: Shell, say: Say) -> str:
    """Run the page of installing; return the link for the first administrator. Raises TrialFailed."""
    said = ""
    for commands in installing():
        if commands.step != PACKAGES_STEP:
            said += perform(shell, commands, say, is_again=commands.step in PAGE.repeated)
    link = _LINK.search(said)
    if link is None:
        raise TrialFailed(f"add_person printed no link:\n{said[-600:]}")
    return link[0]


def perform(shell: Shell, commands: Commands, say: Say, *, is_again: bool = True) -> str:
    """Run one block, say how long it took, and return what it printed. Raises TrialFailed.

    Again, it must keep all settings and secrets; that time is not counted.
    """
    run, note = runnable(commands.text)
    began = time.monotonic()
    try:
        said = shell.perform(run)
        seconds = time.monotonic() - began
        if is_again:
            perform_again(shell, Path("/"), run)
            note += ", and again"
    except Failed as error:
        raise TrialFailed(f"step {commands.step}, {commands.title}: {error}") from None
    say(f"step {commands.step}", f"{commands.title}: {seconds:.1f} s{note}")
    return said


def installing_packages() -> Iterator[str]:
    """Yield the blocks that want the network."""
    return (each.text for each in installing() if each.step == PACKAGES_STEP)
