"""Sections of a cycle file that other rooms keep: each room reads and loads its own, and this one knows none of them.

A room enters its section in `AppConfig.ready` (`register_section`). It is read, checked and loaded with the rest of the
file: its problems are told with theirs, and what it loads stands or falls with the cycle.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from accounts.models import User
    from cycles.file.entries import CycleEntry
    from cycles.file.fields import FileSection
    from cycles.file.problems import ProblemList
    from recommendations.models import Cycle


class AppSection(Protocol):
    """One optional section at the top of the file."""

    @property
    def key(self) -> str:
        """What the section is called in the file, and in the counts of a load."""

    @property
    def label(self) -> str:
        """What its entries are called in a report, in the plural."""

    def read(self, top: FileSection) -> Any:
        """What stands under the key, each entry well formed; what is not, is noted."""

    def check(self, value: Any, cycle: CycleEntry, problems: ProblemList) -> None:
        """Note what does not hold together, once the whole file is well formed."""

    def load(self, value: Any, cycle: Cycle, *, actor: User | None, now: datetime) -> tuple[int, int]:
        """Keep for an open cycle what is missing; return how many entries were created, and how many left alone."""


_kept: dict[str, AppSection] = {}


def register_section(section: AppSection) -> None:
    """Let cycle files hold a section of another room. Raises ValueError when a second room claims the same key."""
    if section.key in _kept and type(_kept[section.key]) is not type(section):
        raise ValueError(f"{section.key} is kept by another room already")
    _kept[section.key] = section


def app_sections() -> Sequence[AppSection]:
    """The sections of other rooms, in the order of their keys."""
    return [_kept[key] for key in sorted(_kept)]
