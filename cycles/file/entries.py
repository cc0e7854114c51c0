"""What a cycle file holds once it is read: typed entries, each with its line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from recommendations.states import AssignmentRole, ItemKind


@dataclass(frozen=True)
class BothLanguages:
    """One text in Malay and in English."""

    ms: str = ""
    en: str = ""


@dataclass(frozen=True)
class CycleEntry:
    """The report and its window.

    `submission_source` says where the date for information comes from. `lines` are the lines of its days by field.
    """

    line: int
    lines: Mapping[str, int]
    year: int
    published_on: date
    window_start: date
    window_end: date
    interim_on: date
    submission_on: date
    submission_source: BothLanguages
    tier_before: BothLanguages
    tier_after: BothLanguages
    source: BothLanguages
    source_on: date
    cadence_days: int
    due_soon_days: int
    stale_after_days: int


@dataclass(frozen=True)
class AgencyEntry:
    """An agency that the file suggests for an item."""

    line: int
    code: str
    name: BothLanguages


@dataclass(frozen=True)
class SuggestionEntry:
    """An agency suggested for an item; it is not assigned until MAPO confirms it."""

    line: int
    code: str
    role: AssignmentRole


@dataclass(frozen=True)
class AnswerEntry:
    """A recommendation or an achievement that answers a weakness."""

    line: int
    kind: ItemKind
    number: int


@dataclass(frozen=True)
class ItemEntry:
    """A numbered item; `pillar` is empty if none is given."""

    line: int
    kind: ItemKind
    number: int
    text: BothLanguages
    pillar: str = ""
    divergence: BothLanguages = BothLanguages()
    suggestions: tuple[SuggestionEntry, ...] = ()
    answers: tuple[AnswerEntry, ...] = ()


@dataclass(frozen=True)
class CycleFile:
    """A whole file that holds together: every number, code and link in it is known.

    `others` holds what other apps read of their sections, by key, without sections that the file lacks.
    """

    file_name: str
    cycle: CycleEntry
    agencies: tuple[AgencyEntry, ...]
    items: tuple[ItemEntry, ...]
    others: Mapping[str, Any] = field(default_factory=dict)


def columns_of(entry: CycleEntry | ItemEntry, names: Iterable[str]) -> dict[str, Any]:
    """Return the values of an entry by column; a text in both languages has two columns."""
    found: dict[str, Any] = {}
    for name in names:
        value = getattr(entry, name)
        if isinstance(value, BothLanguages):
            found |= {f"{name}_ms": value.ms, f"{name}_en": value.en}
        else:
            found[name] = value
    return found
