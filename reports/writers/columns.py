"""The columns of a summary's records: one definition for the workbook, the CSV table and the JSON data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from django.db.models import Choices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from accounts.clearance import Clearance
from audit.clock import KUALA_LUMPUR
from indicators.queries.figures import hidden_words
from indicators.states import CheckKind, CheckOutcome, PeriodKind, Unit
from indicators.suppression import Hiding
from recommendations.rollup import ItemState
from recommendations.states import AssignmentRole, ItemKind, Pillar, Stage, Status
from reports.languages import item_words, label_in
from reports.summary.figure_rows import FigureNews, ReportedIndicator, SeriesName
from reports.summary.rows import ReportedAgency, ReportedDocument, ReportedItem, ReportedStep, ReportedUpdate

if TYPE_CHECKING:
    from accounts.models import AgencyVersion
    from reports.summary.content import SummaryContent

#: Between two languages in one cell.
BESIDE = " / "
_YES, _NO = _("Yes"), _("No")
#: The codes whose labels are those of choices, by the name of their table.
_CHOICES: dict[str, type[Choices]] = {
    "kind": ItemKind,
    "pillar": Pillar,
    "status": Status,
    "role": AssignmentRole,
    "stage": Stage,
    "classification": Clearance,
    "unit": Unit,
    "period_kind": PeriodKind,
    "check_kind": CheckKind,
    "outcome": CheckOutcome,
    "news": FigureNews,
}


class ColumnType(Enum):
    """What a column holds, and so how each writer writes it."""

    CODE = auto()  # A code that has no label: an agency's code, a hash.
    LABELLED = auto()  # A code that has a label in each language.
    LABEL = auto()  # The label alone, in the language of the column.
    TEXT = auto()  # What people typed.
    NUMBER = auto()
    AMOUNT = (
        auto()
    )  # A number that may have parts; for people also the words in place of one that is not shown.
    TENTHS = auto()  # A number with one digit after the point, such as an average.
    PERCENT = auto()  # 0 to 100.
    DAY = auto()
    INSTANT = auto()
    FLAG = auto()
    LIST = auto()  # Codes or numbers.


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column. `name` is its name for programs, `head` that for people, `source` the field of the row if named otherwise.

    `width` is that on a sheet, in characters; 0: not on a sheet. A column with a `language` stands only in summaries of
    that language. `labels` names its table in `CodeLabels`. `is_mark`: only the agency and MAPO know the value,
    `is_of_mapo`: only MAPO. `is_for_people`: it is left out of the formats for programs.
    """

    name: str
    type: ColumnType
    head: Promise
    width: int
    source: str = ""
    labels: str = ""
    language: str = ""
    is_mark: bool = False
    is_of_mapo: bool = False
    is_for_people: bool = False

    def heading(self, languages: tuple[str, ...]) -> str:
        """Return the head of the column in a summary in these languages."""
        languages = (self.language,) if self.language else languages
        return in_each_language(self.head, languages)


@dataclass(frozen=True, slots=True)
class RecordType:
    """A kind of row: its name for programs, its title for people, the fields of its rows, and its columns."""

    name: str
    title: Promise
    fields: tuple[str, ...]
    columns: tuple[TableColumn, ...]

    def for_programs(self) -> tuple[TableColumn, ...]:
        """Return its columns in all languages."""
        return tuple(column for column in self.columns if not column.is_for_people)

    def for_people(
        self, languages: tuple[str, ...], *, sees_marks: bool, is_mapo: bool
    ) -> tuple[TableColumn, ...]:
        """Return its columns on a sheet in these languages, without those that are empty for the reader."""
        return tuple(
            column
            for column in self.columns
            if column.width
            and column.language in ("", *languages)
            and (sees_marks or not column.is_mark)
            and (is_mapo or not column.is_of_mapo)
        )

    def values_getter(self, columns: Sequence[TableColumn]) -> Callable[[Any], tuple[Any, ...]]:
        """Return a function that takes the values of these columns out of a row."""
        return itemgetter(*(self.fields.index(column.source or column.name) for column in columns))


LANGUAGES = ("ms", "en")
ITEM_COLUMN = TableColumn("item", ColumnType.LABELLED, _("Item"), 16, labels="item")
AGENCY_COLUMNS = (
    TableColumn("agency", ColumnType.CODE, _("Agency"), 11, source="code"),
    *(
        TableColumn(
            f"agency_name_{each}", ColumnType.LABEL, _("Agency's name"), 34, "code", labels="agency", language=each
        )
        for each in LANGUAGES
    ),
)  # fmt: skip
_STATUS = TableColumn("status", ColumnType.LABELLED, _("Status"), 18, labels="status")
_PERCENT = TableColumn("percent", ColumnType.PERCENT, _("Progress"), 11)
_CLAIM = (
    replace(_STATUS, name="claim_status", head=_("Claimed status"), is_mark=True),
    replace(_PERCENT, name="claim_percent", head=_("Claimed progress"), is_mark=True),
)
_DECISION = TableColumn("decision", ColumnType.NUMBER, _("Decision number"), 0, source="review_id")
_CLASS = TableColumn("classification", ColumnType.LABELLED, _("Classification"), 14, labels="classification")


def day_column(name: str, head: Promise, *, is_mark: bool = False) -> TableColumn:
    return TableColumn(name, ColumnType.DAY, head, 13, is_mark=is_mark)


ITEM = RecordType(
    "item",
    _("Items"),
    (
        "item", "kind", "number", "pillar", "title_ms", "title_en", "text_ms", "text_en", "divergence_ms", "divergence_en",
        "status", "percent", "lead", "supports", "held_by",
        "set_reason", "set_at", "set_by", "verdicts_status", "verdicts_percent", "verdicts_held_by", "decided_on",
    ),
    (
        replace(ITEM_COLUMN, width=0),
        TableColumn("kind", ColumnType.LABELLED, _("Kind"), 0, labels="kind"),
        TableColumn("number", ColumnType.NUMBER, _("Number"), 9),
        TableColumn("pillar", ColumnType.LABELLED, _("Pillar"), 16, labels="pillar"),
        *(
            TableColumn(f"title_{each}", ColumnType.TEXT, _("Short title"), 34, language=each)
            for each in LANGUAGES
        ),
        *(TableColumn(f"text_{each}", ColumnType.TEXT, _("Text"), 70, language=each) for each in LANGUAGES),
        *(
            TableColumn(f"divergence_{each}", ColumnType.TEXT, _("Divergence note"), 50, language=each)
            for each in LANGUAGES
        ),
        _STATUS,
        _PERCENT,
        TableColumn("lead", ColumnType.CODE, _("Lead agency"), 13),
        TableColumn("supports", ColumnType.LIST, _("Supporting agencies"), 24),
        TableColumn("held_by", ColumnType.LIST, _("Held by"), 18),
        TableColumn("set_reason", ColumnType.TEXT, _("Set by MAPO, because"), 36),
        TableColumn("set_at", ColumnType.INSTANT, _("Set by MAPO on"), 17),
        TableColumn("set_by", ColumnType.TEXT, _("Set at MAPO by"), 24, is_of_mapo=True),
        replace(_STATUS, name="verdicts_status", head=_("Verdicts alone: status")),
        replace(_PERCENT, name="verdicts_percent", head=_("Verdicts alone: progress")),
        TableColumn("verdicts_held_by", ColumnType.LIST, _("Verdicts alone: held by"), 18),
        day_column("decided_on", _("Last decided on")),
    ),
)  # fmt: skip

AGENCY = RecordType(
    "agency",
    _("Agencies"),
    ("item", *ReportedAgency._fields),
    (
        ITEM_COLUMN,
        *AGENCY_COLUMNS,
        TableColumn("role", ColumnType.LABELLED, _("Part"), 20, labels="role"),
        TableColumn("stage", ColumnType.LABELLED, _("Stage"), 14, labels="stage"),
        _STATUS,
        _PERCENT,
        day_column("decided_on", _("Decided on")),
        *_CLAIM,
        day_column("next_due_on", _("Next update due"), is_mark=True),
        day_column("due_on", _("Due date"), is_mark=True),
        TableColumn("late_days", ColumnType.NUMBER, _("Days late"), 11, is_mark=True),
        day_column("waiting_since", _("Awaiting MAPO since"), is_mark=True),
        day_column("returned_since", _("Returned on"), is_mark=True),
    ),
)

UPDATE = RecordType(
    "update",
    _("Updates"),
    (*ReportedUpdate._fields, "text"),
    (
        ITEM_COLUMN,
        *AGENCY_COLUMNS,
        _DECISION,
        TableColumn("decided_at", ColumnType.INSTANT, _("Decided on"), 17),
        _STATUS,
        _PERCENT,
        *_CLAIM,
        TableColumn("narrative", ColumnType.TEXT, _("What was done"), 0),
        TableColumn("text", ColumnType.TEXT, _("What was done"), 90, is_for_people=True),
        TableColumn("is_readable", ColumnType.FLAG, _("Text given"), 0),
        TableColumn("is_nothing_new", ColumnType.FLAG, _("Nothing new"), 0),
        day_column("covers_from", _("Covers from")),
        day_column("covers_to", _("Covers to")),
        _CLASS,
        TableColumn("is_corrected", ColumnType.FLAG, _("Corrected"), 12, source="corrected"),
        TableColumn("is_by_letter", ColumnType.FLAG, _("By letter"), 12, is_mark=True),
        day_column("reported_on", _("Reported on")),
        TableColumn("documents", ColumnType.LIST, _("Documents"), 22),
        day_column("ended_on", _("Assignment ended on")),
    ),
)

DOCUMENT = RecordType(
    "document",
    _("Evidence"),
    ReportedDocument._fields,
    (
        TableColumn("document", ColumnType.NUMBER, _("Document"), 12, source="number"),
        ITEM_COLUMN,
        *AGENCY_COLUMNS,
        _DECISION,
        TableColumn("name", ColumnType.TEXT, _("File name"), 44),
        TableColumn("reference_number", ColumnType.TEXT, _("Reference number"), 24),
        TableColumn("media_type", ColumnType.TEXT, _("Type of file"), 30),
        TableColumn("size", ColumnType.NUMBER, _("Size in bytes"), 15),
        TableColumn("sha256", ColumnType.CODE, _("SHA-256"), 68),
        day_column("evidence_from", _("Evidence from")),
        day_column("evidence_to", _("Evidence to")),
        _CLASS,
        TableColumn("is_sealed", ColumnType.FLAG, _("Sealed"), 10),
    ),
)

STEP = RecordType(
    "step",
    pgettext_lazy("planned", "Steps"),
    (*ReportedStep._fields, "due_on"),
    (
        TableColumn("step", ColumnType.NUMBER, _("Number"), 0, source="number"),
        ITEM_COLUMN,
        *AGENCY_COLUMNS,
        TableColumn("is_mapo", ColumnType.FLAG, _("Step of MAPO"), 12, is_of_mapo=True),
        TableColumn("is_decision", ColumnType.FLAG, _("Decision of the council"), 14),
        TableColumn("step_text", ColumnType.TEXT, pgettext_lazy("planned", "Step"), 60, source="text"),
        day_column("planned_on", _("Planned on")),
        day_column("due_on", _("Due date")),
        TableColumn("due_days", ColumnType.LIST, _("Due dates so far"), 24),
        TableColumn("late_days", ColumnType.NUMBER, _("Days late"), 11),
        day_column("done_on", _("Done on")),
        day_column("cancelled_on", _("Cancelled on")),
        TableColumn("cancelled_reason", ColumnType.TEXT, _("Cancelled, because"), 36),
        TableColumn("changed_reason", ColumnType.TEXT, _("Changed, because"), 36),
    ),
)

RECORDS = (ITEM, AGENCY, UPDATE, DOCUMENT, STEP)


def item_row(item: ReportedItem) -> tuple[Any, ...]:
    """Return an item as a row of `ITEM`."""
    override, lead = item.state.override, item.lead
    supports = tuple(each.code for each in item.in_force if not each.is_lead)
    return (
        item.key, item.kind, item.number, item.pillar, item.title_ms, item.title_en, item.text_ms, item.text_en,
        item.divergence_ms, item.divergence_en, item.status, item.percent, lead.code if lead else "", supports, item.state.held_by, override.reason if override else "",
        *_override_values(item.state), item.decided_on,
    )  # fmt: skip


def _override_values(state: ItemState) -> tuple[Any, ...]:
    """Return when MAPO set the state and who, and what the verdicts alone give; without an override nothing."""
    override, beneath = state.override, state.beneath
    if override is None or beneath is None:
        return None, "", None, None, ()
    return override.set_at, override.set_by, beneath.status, beneath.percent, beneath.held_by


def agency_rows(item: ReportedItem) -> Iterator[tuple[Any, ...]]:
    """Yield the agencies of an item as rows of `AGENCY`."""
    return ((item.key, *each) for each in item.agencies)


def step_row(step: ReportedStep) -> tuple[Any, ...]:
    """Return a step as a row of `STEP`."""
    days = tuple(day.isoformat() for day in step.due_days)
    return (*step._replace(due_days=days), step.due_on)  # type: ignore[arg-type]  # days as text from here on


def iso_instant(moment: datetime) -> str:
    """Return "2023-08-01T10:00:00.123456+08:00": the instant as it is stored, in the time of Kuala Lumpur."""
    return moment.astimezone(KUALA_LUMPUR).isoformat()


def in_each_language(lazy: Promise, languages: tuple[str, ...]) -> str:
    """Return a lazily translated text in each language, "Syor / Recommendation"; what is alike once."""
    return BESIDE.join(dict.fromkeys(label_in(lazy, language) for language in languages))


class CodeLabels:
    """The labels of a content's codes in the languages of its summary."""

    def __init__(self, content: SummaryContent) -> None:
        self.languages = content.selection.language.codes
        self._names, self._figures = content.names, content.figures

    def label(self, table: str, code: Any, language: str) -> str:
        """Return the label of a code in a language; empty without a code."""
        if code in ("", None):
            return ""
        if table == "source":
            source = self._figures.source_by_code[code]
            return source.title_en if language == "en" else source.title_ms
        if table in ("agency", "indicator", "series"):
            named = self._named(table, code)
            return named.name_en if language == "en" else named.name_ms
        with override(language):
            if table == "hiding":
                return hidden_words(Hiding(code))
            return item_words(code) if table == "item" else str(_CHOICES[table](code).label)

    def _named(self, table: str, code: str) -> AgencyVersion | ReportedIndicator | SeriesName:
        """Return what has a name in each language: an agency, an indicator, or the values of a series."""
        if table == "agency":
            return self._names[code]
        return self._figures.by_code[code] if table == "indicator" else self._figures.series_names[code]

    def yes_no(self, is_so: bool) -> str:
        """Return "Ya / Yes" or "Tidak / No"."""
        return in_each_language(_YES if is_so else _NO, self.languages)

    def labeller(self, column: TableColumn) -> Callable[[Any], str]:
        """Return a cached function from a code to its label: in the column's language, or in all of the summary."""
        languages = (column.language,) if column.language else self.languages

        @cache
        def labels_of(code: Any) -> str:
            labels = (self.label(column.labels, code, language) for language in languages)
            return BESIDE.join(filter(None, labels))

        return labels_of
