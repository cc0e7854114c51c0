"""How long processors worked for the parts of an installation, as the kernel counts it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def seconds_of(**roots: int) -> dict[str, float]:
    """Return the seconds of processor of each process tree, those of children that have ended too."""
    return {name: sum(_seconds(pid) for pid in _tree(root)) for name, root in roots.items()}


def _tree(root: int) -> Iterator[int]:
    yield root
    try:
        children = Path(f"/proc/{root}/task/{root}/children").read_text(encoding="ascii").split()
    except OSError:
        return
    for child in children:
        yield from _tree(int(child))


def _seconds(pid: int) -> float:
    """Return user and system time of a process and of its children that have been waited for; 0 for one that is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    # Fields 14 to 17; the name in the second one may hold spaces.
    return sum(map(int, stat.rpartition(")")[2].split()[11:15])) / _TICKS


@dataclass(frozen=True)
class Spent:
    """Seconds of processor by part, within so many seconds."""

    by_part: dict[str, float]
    seconds: float

    @classmethod
    def between(cls, before: dict[str, float], after: dict[str, float], *, seconds: float) -> Spent:
        """Return what was spent from one reading to the next."""
        return cls(dict(Counter(after) - Counter(before)), seconds)

    def share(self, part: str) -> float:
        """Return how much of one core a part was busy."""
        return self.by_part.get(part, 0.0) / self.seconds
