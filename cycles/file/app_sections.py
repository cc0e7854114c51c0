"""Sections of a cycle file that belong to other apps, which read and load them.

An app registers its section in `AppConfig.ready` (`register_section`). It is read, checked and loaded with the rest of
the file: its problems are listed with the others, and what it loads is committed or rolled back with the cycle.
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
        """The name of the section in the file, and in the counts of a load."""

    @property
    def label(self) -> str:
        """The name of its entries in a report, in the plural."""

    def read(self, top: FileSection) -> Any:
        """Return the entries under the key; add a problem for each that is not well formed."""

    def check(self, value: Any, cycle: CycleEntry, problems: ProblemList) -> None:
        """Add the problems that entries have with each other, once the whole file is well formed."""

    def load(self, value: Any, cycle: Cycle, *, actor: User | None, now: datetime) -> tuple[int, int]:
        """Create what is missing for an open cycle; return the numbers of entries created and left alone."""


_registered: dict[str, AppSection] = {}


def register_section(section: AppSection) -> None:
    """Let cycle files hold a section of another app. Raises ValueError when another section has the same key."""
    if section.key in _registered and type(_registered[section.key]) is not type(section):
        raise ValueError(f"{section.key} belongs to another section already")
    _registered[section.key] = section


def app_sections() -> Sequence[AppSection]:
    """Return the sections of other apps, in the order of their keys."""
    return [_registered[key] for key in sorted(_registered)]
