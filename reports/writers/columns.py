"""The columns of a summary's records: one definition for the workbook, the CSV table and the JSON data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from operator import itemgetter
from typing import Any

from django.utils.translation import gettext_noop

from accounts.clearance import Clearance
from recommendations.states import Kind, Stage
from reports.languages import (
    item_name,
    label_in,
    languages_of,
    pillar_label,
    role_label,
    status_label,
    translate,
)
from reports.summary.content import SummaryContent
from reports.summary.rows import ReportedAgency, ReportedDocument, ReportedItem, ReportedUpdate

#: Between two languages in one cell.
BESIDE = " / "
_YES, _NO = gettext_noop("Yes"), gettext_noop("No")


class Type(Enum):
    """What a column holds, and so how each writer writes it."""

    CODE = auto()  # A word of the data: an agency's code, a hash.
    WORD = auto()  # A code that has a word in each language, found in a table of words.
    NAME = auto()  # Found in a table of words too, but in the language of the column alone.
    TEXT = auto()  # What people typed.
    NUMBER = auto()
    PERCENT = auto()  # 0 to 100.
    DAY = auto()
    INSTANT = auto()
    FLAG = auto()
    LIST = auto()  # Codes or numbers.


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `field` says where in the row its value stands, `name` how programs call it, `head` what people read.

    `width` is that on a sheet, in characters; 0: not on a sheet. Of a column with a `tongue` there is one for each
    language of a summary. `is_mark`: what an agency and MAPO alone know. `is_said`: for people, not for programs.
    """

    name: str
    field: str
    type: Type
    head: str
    width: int
    words: str = ""
    tongue: str = ""
    is_mark: bool = False
    is_said: bool = False

    def heading(self, spoken: tuple[str, ...]) -> str:
        """What stands above it in a summary in these languages."""
        return BESIDE.join(dict.fromkeys(translate(self.head, each) for each in self._tongues(spoken)))

    def _tongues(self, spoken: tuple[str, ...]) -> tuple[str, ...]:
        return (self.tongue,) if self.tongue else spoken


@dataclass(frozen=True, slots=True)
class Record:
    """One kind of row: its name for programs, its title for people, the fields of its rows, and its columns."""

    name: str
    title: str
    fields: tuple[str, ...]
    columns: tuple[Column, ...]

    def for_programs(self) -> tuple[Column, ...]:
        """Its columns in all languages."""
        return tuple(column for column in self.columns if not column.is_said)

    def for_people(self, spoken: tuple[str, ...], *, sees_marks: bool) -> tuple[Column, ...]:
        """Its columns on a sheet in these languages, without those that the reader finds empty everywhere."""
        return tuple(
            column
            for column in self.columns
            if column.width and column.tongue in ("", *spoken) and (sees_marks or not column.is_mark)
        )

    def picker(self, columns: Sequence[Column]) -> Callable[[Any], tuple[Any, ...]]:
        """What takes the values of these columns out of a row."""
        return itemgetter(*(self.fields.index(column.field) for column in columns))


def _item(*, width: int) -> Column:
    return Column("item", "item", Type.WORD, gettext_noop("Item"), width, words="item")


def _status(name: str = "status", head: str = gettext_noop("Status"), *, is_mark: bool = False) -> Column:
    return Column(name, name, Type.WORD, head, 18, words="status", is_mark=is_mark)


def _percent(name: str = "percent", head: str = gettext_noop("Progress"), *, is_mark: bool = False) -> Column:
    return Column(name, name, Type.PERCENT, head, 11, is_mark=is_mark)


def _claim() -> tuple[Column, ...]:
    """What an agency claimed, beside what MAPO decided."""
    return (
        _status("claim_status", gettext_noop("Claimed status"), is_mark=True),
        _percent("claim_percent", gettext_noop("Claimed progress"), is_mark=True),
    )


def _agency() -> tuple[Column, ...]:
    name = gettext_noop("Agency's name")
    return (
        Column("agency", "code", Type.CODE, gettext_noop("Agency"), 11),
        *(
            Column(f"agency_name_{tongue}", "code", Type.NAME, name, 34, words="agency", tongue=tongue)
            for tongue in ("ms", "en")
        ),
    )


def _day(name: str, head: str, *, is_mark: bool = False) -> Column:
    return Column(name, name, Type.DAY, head, 13, is_mark=is_mark)


def _class() -> Column:
    return Column(
        "classification",
        "classification",
        Type.WORD,
        gettext_noop("Classification"),
        14,
        words="classification",
    )


ITEM = Record(
    "item",
    gettext_noop("Items"),
    (
        "item", "kind", "number", "pillar", "text_ms", "text_en", "status", "percent", "lead", "supports", "held_by",
        "set_reason", "set_at", "decided_on",
    ),
    (
        _item(width=0),
        Column("kind", "kind", Type.WORD, gettext_noop("Kind"), 0, words="kind"),
        Column("number", "number", Type.NUMBER, gettext_noop("Number"), 9),
        Column("pillar", "pillar", Type.WORD, gettext_noop("Pillar"), 16, words="pillar"),
        *(
            Column(f"text_{tongue}", f"text_{tongue}", Type.TEXT, gettext_noop("Text"), 70, tongue=tongue)
            for tongue in ("ms", "en")
        ),
        _status(),
        _percent(),
        Column("lead", "lead", Type.CODE, gettext_noop("Lead agency"), 13),
        Column("supports", "supports", Type.LIST, gettext_noop("Supporting agencies"), 24),
        Column("held_by", "held_by", Type.LIST, gettext_noop("Held by"), 18),
        Column("set_reason", "set_reason", Type.TEXT, gettext_noop("Set by MAPO, because"), 36),
        Column("set_at", "set_at", Type.INSTANT, gettext_noop("Set by MAPO on"), 17),
        _day("decided_on", gettext_noop("Last decided on")),
    ),
)  # fmt: skip

AGENCY = Record(
    "agency",
    gettext_noop("Agencies"),
    ("item", *ReportedAgency._fields),
    (
        _item(width=16),
        *_agency(),
        Column("role", "role", Type.WORD, gettext_noop("Part"), 20, words="role"),
        Column("stage", "stage", Type.WORD, gettext_noop("Stage"), 14, words="stage"),
        _status(),
        _percent(),
        _day("decided_on", gettext_noop("Decided on")),
        *_claim(),
        _day("next_due_on", gettext_noop("Next update due"), is_mark=True),
        _day("due_on", gettext_noop("Due date"), is_mark=True),
        Column("late_days", "late_days", Type.NUMBER, gettext_noop("Days late"), 11, is_mark=True),
        _day("waiting_since", gettext_noop("Awaiting MAPO since"), is_mark=True),
        _day("returned_since", gettext_noop("Returned on"), is_mark=True),
    ),
)

UPDATE = Record(
    "update",
    gettext_noop("Updates"),
    (*ReportedUpdate._fields, "told"),
    (
        _item(width=16),
        *_agency(),
        Column("decision", "review_id", Type.NUMBER, gettext_noop("Decision number"), 0),
        Column("decided_at", "decided_at", Type.INSTANT, gettext_noop("Decided on"), 17),
        _status(),
        _percent(),
        *_claim(),
        Column("narrative", "narrative", Type.TEXT, gettext_noop("What was done"), 0),
        Column("told", "told", Type.TEXT, gettext_noop("What was done"), 90, is_said=True),
        Column("is_readable", "is_readable", Type.FLAG, gettext_noop("Text given"), 0),
        Column("is_nothing_new", "is_nothing_new", Type.FLAG, gettext_noop("Nothing new"), 0),
        _day("covers_from", gettext_noop("Covers from")),
        _day("covers_to", gettext_noop("Covers to")),
        _class(),
        Column("is_corrected", "corrected", Type.FLAG, gettext_noop("Corrected"), 12),
        Column("is_by_letter", "is_by_letter", Type.FLAG, gettext_noop("By letter"), 12, is_mark=True),
        _day("reported_on", gettext_noop("Reported on")),
        Column("documents", "documents", Type.LIST, gettext_noop("Documents"), 22),
    ),
)

DOCUMENT = Record(
    "document",
    gettext_noop("Evidence"),
    ReportedDocument._fields,
    (
        Column("document", "number", Type.NUMBER, gettext_noop("Document"), 12),
        _item(width=16),
        *_agency(),
        Column("decision", "review_id", Type.NUMBER, gettext_noop("Decision number"), 0),
        Column("name", "name", Type.TEXT, gettext_noop("File name"), 44),
        Column("reference_number", "reference_number", Type.TEXT, gettext_noop("Reference number"), 24),
        Column("media_type", "media_type", Type.TEXT, gettext_noop("Type of file"), 30),
        Column("size", "size", Type.NUMBER, gettext_noop("Size in bytes"), 15),
        Column("sha256", "sha256", Type.CODE, gettext_noop("SHA-256"), 68),
        _day("evidence_from", gettext_noop("Evidence from")),
        _day("evidence_to", gettext_noop("Evidence to")),
        _class(),
        Column("is_sealed", "is_sealed", Type.FLAG, gettext_noop("Sealed"), 10),
    ),
)

RECORDS = (ITEM, AGENCY, UPDATE, DOCUMENT)


def item_row(item: ReportedItem) -> tuple[Any, ...]:
    """An item in the fields of its record."""
    override, lead = item.state.override, item.lead
    supports = tuple(each.code for each in item.in_force if not each.is_lead)
    return (
        item.key, item.kind, item.number, item.pillar, item.text_ms, item.text_en, item.status, item.percent,
        lead.code if lead else "", supports, item.state.held_by, override.reason if override else "",
        override.set_at if override else None, item.decided_on,
    )  # fmt: skip


def agency_rows(item: ReportedItem) -> Iterator[tuple[Any, ...]]:
    """The agencies of an item in the fields of their record."""
    return ((item.key, *each) for each in item.agencies)


class Memo(dict[Any, Any]):
    """Remembers what a function makes of each of a small number of values; asked without leaving the interpreter's C."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, value: Any) -> Any:
        made = self[value] = self._make(value)
        return made


class Words:
    """The words of a content's codes in its languages."""

    def __init__(self, content: SummaryContent) -> None:
        self.tongues = languages_of(content.selection.language)
        self._names = content.names
        self._tables: dict[str, Callable[[Any, str], str]] = {
            "item": item_name,
            "kind": lambda code, tongue: label_in(Kind(code).label, tongue),
            "pillar": pillar_label,
            "status": status_label,
            "role": role_label,
            "stage": lambda code, tongue: label_in(Stage(code).label, tongue),
            "classification": lambda code, tongue: label_in(Clearance(code).label, tongue),
            "agency": self._agency_name,
        }

    def word(self, table: str, code: Any, tongue: str) -> str:
        """The word of a code in a language; empty where there is no code."""
        return "" if code in ("", None) else self._tables[table](code, tongue)

    def beside(self, table: str, code: Any) -> str:
        """The word of a code in each language of the summary, in one text."""
        return BESIDE.join(filter(None, (self.word(table, code, tongue) for tongue in self.tongues)))

    def yes_no(self, is_so: bool) -> str:
        """Yes or no, in each language of the summary."""
        return BESIDE.join(translate(_YES if is_so else _NO, tongue) for tongue in self.tongues)

    def of(self, column: Column) -> Callable[[Any], str]:
        """What makes the text of a `WORD` or a `NAME` from its code; remembered."""
        if column.tongue:
            return Memo(lambda code: self.word(column.words, code, column.tongue)).__getitem__
        return Memo(lambda code: self.beside(column.words, code)).__getitem__

    def _agency_name(self, code: str, tongue: str) -> str:
        version = self._names[code]
        return version.name_en if tongue == "en" else version.name_ms
