"""Sections of a cycle file that belong to other apps, which read and load them.

A section is read, checked and loaded with the rest of the file: its problems are listed with the others, and what it
loads is committed or rolled back with the cycle.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from ui.registry import Registry

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


#: The sections of other apps by their keys; apps add theirs in `AppConfig.ready`.
app_sections: Registry[AppSection] = Registry()
