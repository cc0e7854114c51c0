"""The commands of docs/install.md, docs/backups.md and docs/anchors.md for containers, as they are printed."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

from tracker.house.fresh.debian import Failed
from trials.install.page import ANCHORS, BACKUPS, PAGES, Commands, commands_for
from trials.install.shell import Shell
from trials.releases import TrialFailed

#: Lines that ask a registry of images or an index of packages, which the network of the trial does not reach. The images were built
#: from the same files before; here is seen that they are those that compose names.
BUILDS = ("docker compose build --pull", "docker compose build backup")
_IMAGES_ARE_THERE = "docker compose config --images | sort --unique | xargs docker image inspect --format '{{index .RepoTags 0}}'"
#: The block that installs an engine: it was run as it stands before, where the network is.
PACKAGES_STEP = 2
_LINK = re.compile(r"https://\S+/password/invitation/\S+")
Say = Callable[[str, str], None]


def installing() -> list[Commands]:
    """Return the blocks of the page of installing, in their order."""
    return commands_for(PAGES[0].read_text(encoding="utf-8"), "containers")


def backing_up() -> list[Commands]:
    """Return the blocks of the page of backups, in their order."""
    return commands_for(BACKUPS.read_text(encoding="utf-8"), "containers")


def anchoring() -> list[Commands]:
    """Return the blocks of the page of anchors, in their order."""
    return commands_for(ANCHORS.read_text(encoding="utf-8"), "containers")


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
            said = perform(shell, commands, say)
    link = _LINK.search(said)
    if link is None:
        raise TrialFailed(f"add_person printed no link:\n{said[-600:]}")
    return link[0]


def perform(shell: Shell, commands: Commands, say: Say) -> str:
    """Run one block, say how long it took, and return what it printed. Raises TrialFailed."""
    run, note = runnable(commands.text)
    began = time.monotonic()
    try:
        said = shell.perform(run)
    except Failed as error:
        raise TrialFailed(f"step {commands.step}, {commands.title}: {error}") from None
    say(f"step {commands.step}", f"{commands.title}: {time.monotonic() - began:.1f} s{note}")
    return said


def installing_packages() -> Iterator[str]:
    """Yield the blocks that want the network."""
    return (each.text for each in installing() if each.step == PACKAGES_STEP)
