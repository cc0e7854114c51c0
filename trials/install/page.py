"""The commands of docs/install.md: its fenced blocks whose first line is ```sh and a way: `debian`, `containers` or `both`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
#: The page in both languages.
PAGES = (DOCS / "install.md", DOCS / "pasang.md")
WAYS = ("debian", "containers")
_BOTH = "both"

_STEP = re.compile(r"## (\d+)\. (.+)")
_FENCE = re.compile(r"```(\w*) ?(\w*) ?(\w*)")


@dataclass(frozen=True)
class Commands:
    """One block: the number and title of its step, its way, a name where a trial may need a stand-in, and its text."""

    step: int
    title: str
    way: str
    name: str
    text: str


def commands_of(page: str) -> Iterator[Commands]:
    """Yield the blocks of commands of a page in their order. Raises ValueError for a block without its way or its step."""
    step, title = 0, ""
    lines = iter(page.splitlines())
    for line in lines:
        if heading := _STEP.fullmatch(line):
            step, title = int(heading[1]), heading[2]
        elif fence := _FENCE.fullmatch(line):
            block = "".join(f"{inner}\n" for inner in iter(lambda: next(lines), "```"))
            if fence[1] != "sh":
                continue
            if fence[2] not in {*WAYS, _BOTH} or not step:
                raise ValueError(f"a block of commands says no way, or stands in no step: {block}")
            yield Commands(step, title, fence[2], fence[3], block)


def commands_for(page: str, way: str) -> list[Commands]:
    """Return the blocks that belong to one of the ways, in their order."""
    return [commands for commands in commands_of(page) if commands.way in {way, _BOTH}]
