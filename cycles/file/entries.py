"""What a cycle file holds once it is read: typed entries, each with its line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol

from recommendations.states import AssignmentRole, ItemKind

if TYPE_CHECKING:
    from accounts.models import User
    from cycles.file.beside import FilesBeside
    from cycles.file.fields import FileSection
    from cycles.file.yaml_source import ProblemList
    from recommendations.models import Cycle

#: The key of each kind's list.
KIND_KEYS: dict[ItemKind, str] = {
    ItemKind.RECOMMENDATION: "recommendations",
    ItemKind.WEAKNESS: "weaknesses",
    ItemKind.ACHIEVEMENT: "achievements",
}

#: What the database holds: a small whole number.
MAX_NUMBER = 999


@dataclass(frozen=True)
class AgencyEntry:
    """An agency that the file suggests for an item; `names` are by column."""

    line: int
    code: str
    names: Mapping[str, str]


@dataclass(frozen=True)
class SuggestionEntry:
    """An agency suggested for an item; it is not assigned until MAPO confirms it."""

    line: int
    code: str
    role: AssignmentRole


@dataclass(frozen=True)
class NumberedEntry:
    """An item as the file names it, such as a recommendation that answers a weakness."""

    line: int
    kind: ItemKind
    number: int

    @property
    def key(self) -> tuple[str, int]:
        return (self.kind.value, self.number)


@dataclass(frozen=True)
class ItemEntry(NumberedEntry):
    """An item itself. `columns` are its texts, short titles, pillar and divergence note as `Item` has them, empty where the
    file gives none; `title_lines` are the lines of its short titles by column."""

    columns: Mapping[str, str]
    title_lines: Mapping[str, int] = field(default_factory=dict)
    suggestions: tuple[SuggestionEntry, ...] = ()
    answers: tuple[NumberedEntry, ...] = ()


@dataclass(frozen=True)
class FactEntry:
    """A fact of the cycle with the items that it concerns. `columns` are its texts as `CycleFact` has them."""

    line: int
    key: str
    kind: str
    happened_on: date | None
    columns: Mapping[str, str]
    items: tuple[NumberedEntry, ...] = ()


@dataclass(frozen=True)
class CycleFile:
    """A whole file that holds together: every number, code and link in it is known.

    `cycle` is not saved. `cycle_lines` are the lines of its days by field. `others` holds what other apps read of their
    sections, by key, without sections that the file lacks. `text` is the file itself, `sha256` the hash of its bytes; `beside` are the texts of the
    files beside it that belong to it, by name.
    """

    file_name: str
    cycle: Cycle
    cycle_lines: Mapping[str, int]
    agencies: tuple[AgencyEntry, ...]
    items: tuple[ItemEntry, ...]
    facts: tuple[FactEntry, ...] = ()
    others: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    sha256: str = ""
    beside: Mapping[str, str] = field(default_factory=dict)


@dataclass
class SectionLoad:
    """What loading a section did: counts by noun, and in words where the database differs from the file.

    `waiting` names what its app takes into use when the cycle is opened (`cycles.extensions.opening_steps`).
    """

    created: Counter[str] = field(default_factory=Counter)
    left_alone: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)


class AppSection(Protocol):
    """One optional section: at the top of the file, or alone in a file beside it whose name ends in its key."""

    @property
    def key(self) -> str:
        """The name of the section in the file."""

    @property
    def labels(self) -> Mapping[str, str]:
        """The names of its entries in a report, in the plural, by the nouns under which a load counts them."""

    def read(self, top: FileSection, beside: FilesBeside) -> Any:
        """Return the entries under the key; add a problem for each that is not well formed."""

    def check(self, value: Any, cycle_file: CycleFile, problems: ProblemList) -> None:
        """Add the problems that entries have with each other, once the whole file is well formed."""

    def load(self, value: Any, cycle: Cycle, *, actor: User | None, now: datetime) -> SectionLoad:
        """Create what is missing for an open cycle, and change nothing that exists."""


#: The sections of other apps by their keys; apps add theirs in `AppConfig.ready`.
app_sections: dict[str, AppSection] = {}
