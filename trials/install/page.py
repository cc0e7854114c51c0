"""The commands of pages for operators: fenced blocks whose first line is ```sh and a way (`debian`, `containers` or `both`)."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
#: What comes next, on the same day.
BACKUPS, ANCHORS, WATCHING = DOCS / "backups.md", DOCS / "anchors.md", DOCS / "watching.md"
UPGRADING = DOCS / "upgrading.md"
WAYS = ("debian", "containers")
#: Steps of the page of backups.
SET_UP, SAFE, RESTORE = frozenset({2}), frozenset({3}), frozenset({5})
_BOTH = "both"

_STEP = re.compile(r"## (\d+)\. (.+)")
#: A block within a list is indented.
_FENCE = re.compile(r"( *)```(\w*) ?(\w*) ?(\w*)")


@dataclass(frozen=True)
class InstallPage:
    """How one of the ways is installed: the page in both languages, and its steps."""

    english: Path
    malay: Path
    #: The step that starts Jejak.
    start: int
    #: Those by which a host gets back what its safe holds; the certificate is in it.
    from_safe: frozenset[int]
    #: Those that can be run again; the step after them adds a person, who is then there.
    repeated: frozenset[int]


INSTALL = {
    "debian": InstallPage(
        DOCS / "install.md", DOCS / "pasang.md", 8, frozenset({1, 2, 3, 4, 5, 7}), frozenset(range(1, 10))
    ),
    "containers": InstallPage(
        DOCS / "install-containers.md",
        DOCS / "pasang-kontena.md",
        7,
        frozenset(range(1, 6)),
        frozenset(range(1, 9)),
    ),
}


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
            indent, language, way, name = fence.groups()
            inner = iter(lambda: next(lines), f"{indent}```")
            block = "".join(f"{line.removeprefix(indent)}\n" for line in inner)
            if language != "sh":
                continue
            if way not in {*WAYS, _BOTH} or not step:
                raise ValueError(f"a block of commands says no way, or stands in no step: {block}")
            yield Commands(step, title, way, name, block)


def commands_for(page: str, way: str, *, steps: Container[int] | None = None) -> list[Commands]:
    """Return the blocks that belong to one of the ways, in their order; those of some steps, or all."""
    return [
        commands
        for commands in commands_of(page)
        if commands.way in {way, _BOTH} and (steps is None or commands.step in steps)
    ]
