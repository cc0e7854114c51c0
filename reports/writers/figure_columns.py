"""The columns of the records about figures, achievements and links, and how their rows become rows of these records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from indicators.periods import Period
from indicators.states import UNITS_WITH_PARTS
from reports.languages import item_words
from reports.summary.figure_rows import (
    ReportedCheck,
    ReportedFigure,
    ReportedIndicator,
    ReportedTarget,
    json_number,
)
from reports.summary.rows import ReportedAchievement, ReportedLink
from reports.writers.columns import (
    AGENCY_COLUMNS,
    BESIDE,
    ITEM_COLUMN,
    LANGUAGES,
    RECORDS,
    ColumnType,
    RecordType,
    TableColumn,
    day_column,
)

if TYPE_CHECKING:
    from reports.summary.content import SummaryContent

_PILLAR = TableColumn("pillar", ColumnType.LABELLED, _("Pillar"), 16, labels="pillar")
_UNIT = TableColumn("unit", ColumnType.LABELLED, _("Unit"), 14, labels="unit")
_INDICATOR = TableColumn("indicator", ColumnType.CODE, _("Code"), 26)
_INDICATOR_NAMES = tuple(
    TableColumn(
        f"indicator_name_{each}", ColumnType.LABEL, _("Indicator"), 44, "indicator", labels="indicator", language=each
    )
    for each in LANGUAGES
)  # fmt: skip
_PERIOD = (
    TableColumn("period_kind", ColumnType.LABELLED, _("Kind of period"), 18, labels="period_kind"),
    TableColumn("period", ColumnType.TEXT, _("Period"), 26, is_for_people=True),
    day_column("begins_on", pgettext_lazy("period", "From")),
    day_column("ends_on", pgettext_lazy("period", "To")),
)
_SOURCE = (
    TableColumn("source", ColumnType.CODE, _("Source"), 0),
    *(
        TableColumn(
            f"source_title_{each}",
            ColumnType.LABEL,
            _("Source"),
            40,
            "source",
            labels="source",
            language=each,
        )
        for each in LANGUAGES
    ),
    TableColumn("table", ColumnType.CODE, _("Table"), 8),
)


def _texts(name: str, head: Any, width: int) -> tuple[TableColumn, ...]:
    """Return a text in each language."""
    return tuple(
        TableColumn(f"{name}_{each}", ColumnType.TEXT, head, width, language=each) for each in LANGUAGES
    )


ACHIEVEMENT = RecordType(
    "achievement",
    pgettext_lazy("items", "Achievements"),
    (*ReportedAchievement._fields, "answers"),
    (
        replace(ITEM_COLUMN, width=0),
        TableColumn("number", ColumnType.NUMBER, _("Number"), 9),
        _PILLAR,
        *_texts("title", _("Short title"), 34),
        *_texts("text", _("Text"), 70),
        *_texts("divergence", _("Divergence note"), 50),
        TableColumn("weaknesses", ColumnType.LIST, _("Weaknesses that it answers"), 0),
        TableColumn("answers", ColumnType.TEXT, _("Weaknesses that it answers"), 30, is_for_people=True),
    ),
)

LINK = RecordType(
    "link",
    pgettext_lazy("items", "Links"),
    ReportedLink._fields,
    (
        TableColumn("weakness", ColumnType.LABELLED, pgettext_lazy("item", "Weakness"), 18, labels="item"),
        TableColumn(
            "recommendation", ColumnType.LABELLED, pgettext_lazy("item", "Recommendation"), 18, labels="item"
        ),
    ),
)

INDICATOR = RecordType(
    "indicator",
    _("Indicators"),
    (*ReportedIndicator._fields, "speaks_to"),
    (
        replace(_INDICATOR, source="code"),
        *(
            TableColumn(f"indicator_name_{each}", ColumnType.TEXT, _("Indicator"), 44, f"name_{each}", language=each)
            for each in LANGUAGES
        ),
        *(
            TableColumn(
                f"is_own_name_{each}", ColumnType.FLAG, _("Name of MAPO’s own"), 12, language=each
            )
            for each in LANGUAGES
        ),
        _UNIT,
        *_texts("basis", _("Counting basis"), 60),
        _PILLAR,
        replace(AGENCY_COLUMNS[0], source="agency"),
        *(replace(each, source="agency") for each in AGENCY_COLUMNS[1:]),
        TableColumn("is_stock", ColumnType.FLAG, _("Stock on a day"), 12),
        TableColumn("counts_victims", ColumnType.FLAG, _("Counts victims"), 12),
        TableColumn("items", ColumnType.LIST, _("Items"), 0),
        TableColumn("speaks_to", ColumnType.TEXT, _("Items"), 30, is_for_people=True),
    ),
)  # fmt: skip

TARGET = RecordType(
    "target",
    pgettext_lazy("figures", "Targets"),
    (
        "indicator", "unit", "target_number", "due_on", "target_reason", "reached", "newest_on", "working_days_left",
        "months_left", "missing_count", "average", "recent_count", "pace_ms", "pace_en",
    ),
    (
        _INDICATOR,
        *_INDICATOR_NAMES,
        _UNIT,
        TableColumn("target_number", ColumnType.AMOUNT, pgettext_lazy("figures", "Target"), 14),
        day_column("due_on", _("Due date")),
        TableColumn("target_reason", ColumnType.TEXT, _("Reason"), 50, is_mark=True),
        TableColumn("reached", ColumnType.AMOUNT, pgettext_lazy("figures", "Reached"), 14, is_mark=True),
        day_column("newest_on", _("Newest month ends on"), is_mark=True),
        TableColumn("working_days_left", ColumnType.NUMBER, _("Working days left"), 12, is_mark=True),
        TableColumn("months_left", ColumnType.NUMBER, _("Months left"), 12, is_mark=True),
        TableColumn("missing_count", ColumnType.NUMBER, _("Months not reported in full"), 14, is_mark=True),
        TableColumn("average", ColumnType.TENTHS, _("A month, of late"), 12, is_mark=True),
        TableColumn("recent_count", ColumnType.NUMBER, _("Months of that"), 12, is_mark=True),
        *(
            TableColumn(f"pace_{each}", ColumnType.TEXT, pgettext_lazy("figures", "Pace"), 60, language=each, is_mark=True)
            for each in LANGUAGES
        ),
    ),
)  # fmt: skip

CHECK = RecordType(
    "check",
    _("Contradictions"),
    (
        "check", "check_kind", "outcome", "period_kind", "period", "begins_on", "ends_on", "source", "table", "note_ms",
        "note_en", "sentence_ms", "sentence_en", "claim", "left", "right", "printed", "indicators", "figures", "marked",
        "explanation", "explained_at", "explained_by",
    ),
    (
        TableColumn("check", ColumnType.CODE, _("Code"), 26),
        TableColumn("check_kind", ColumnType.LABELLED, _("Kind"), 18, labels="check_kind"),
        TableColumn("outcome", ColumnType.LABELLED, pgettext_lazy("check", "Outcome"), 18, labels="outcome"),
        *_PERIOD,
        *_SOURCE,
        *_texts("note", _("What is compared"), 50),
        *_texts("sentence", _("In numbers"), 50),
        TableColumn("claim", ColumnType.LABELLED, _("Item whose sentence is tested"), 18, labels="item"),
        TableColumn("left", ColumnType.LIST, _("Numbers on the left"), 0),
        TableColumn("right", ColumnType.LIST, _("Numbers on the right"), 0),
        TableColumn("printed", ColumnType.TEXT, _("Printed change"), 0),
        TableColumn("indicators", ColumnType.LIST, _("Indicators"), 30),
        TableColumn("figures", ColumnType.LIST, _("Figures"), 0),
        TableColumn("marked", ColumnType.LIST, _("Figures that carry its mark"), 0),
        TableColumn("explanation", ColumnType.TEXT, _("Explanation"), 60),
        TableColumn("explained_at", ColumnType.INSTANT, _("Explained on"), 17),
        TableColumn("explained_by", ColumnType.TEXT, _("Explained by"), 24, is_of_mapo=True),
    ),
)  # fmt: skip

FIGURE = RecordType(
    "figure",
    pgettext_lazy("sheet", "Figures"),
    (*ReportedFigure._fields, "unit", "period", "shown", "news"),
    (
        TableColumn("figure", ColumnType.NUMBER, _("Number"), 0, source="number"),
        _INDICATOR,
        *_INDICATOR_NAMES,
        TableColumn("series", ColumnType.CODE, _("Codes of the breakdown"), 0),
        *(
            TableColumn(f"breakdown_{each}", ColumnType.LABEL, _("Breakdown"), 26, "series", labels="series", language=each)
            for each in LANGUAGES
        ),
        *_PERIOD,
        TableColumn("is_partial", ColumnType.FLAG, _("In part"), 11),
        day_column("counted_to", _("Counted to")),
        TableColumn("shown", ColumnType.AMOUNT, pgettext_lazy("sheet", "Figure"), 16, is_for_people=True),
        _UNIT,
        TableColumn("given", ColumnType.TEXT, _("As it was given"), 16, source="text"),
        TableColumn("value", ColumnType.NUMBER, pgettext_lazy("sheet", "Figure"), 0),
        TableColumn("hiding", ColumnType.LABELLED, _("Not shown"), 0, labels="hiding"),
        *_SOURCE,
        TableColumn("line", ColumnType.NUMBER, _("Line of the source"), 10),
        replace(AGENCY_COLUMNS[0], source="agency", head=_("Reported by")),
        *(replace(each, source="agency", width=0) for each in AGENCY_COLUMNS[1:]),
        TableColumn("recorded_at", ColumnType.INSTANT, _("Recorded on"), 17),
        TableColumn("news", ColumnType.LABELLED, pgettext_lazy("figures", "New or revised"), 12, labels="news"),
    ),
)  # fmt: skip

FIGURE_RECORDS = (ACHIEVEMENT, LINK, INDICATOR, TARGET, CHECK, FIGURE)
ALL_RECORDS = (*RECORDS, *FIGURE_RECORDS)


class FigureRows:
    """Makes the rows of these records from a content, with their words in the languages of the summary."""

    def __init__(self, content: SummaryContent) -> None:
        self._content = content
        self._languages = content.selection.language.codes
        #: There are few periods, and many figures.
        self._period = cache(self._period_words)

    def parts(self) -> Iterator[tuple[RecordType, Callable[[], Iterable[Any]]]]:
        """Yield each record with what makes its rows, in the order in which they are read."""
        figures = self._content.figures
        yield ACHIEVEMENT, lambda: map(self._achievement, self._content.achievements)
        yield LINK, lambda: self._content.links
        yield INDICATOR, lambda: map(self._indicator, figures.indicators)
        yield TARGET, lambda: map(self._target, figures.targets)
        yield CHECK, lambda: map(self._check, figures.checks)
        yield FIGURE, lambda: map(self._figure, self._content.figure_rows())

    def _achievement(self, row: ReportedAchievement) -> tuple[Any, ...]:
        return (*row, self._items(row.weaknesses))

    def _indicator(self, row: ReportedIndicator) -> tuple[Any, ...]:
        return (*row, self._items(row.items))

    def _target(self, row: ReportedTarget) -> tuple[Any, ...]:
        pace = row.pace
        facts: tuple[Any, ...] = (None,) * 7
        if pace is not None:
            done, average = (
                None if each is None else json_number(each) for each in (pace.done, pace.average)
            )
            days = (pace.newest_on, pace.working_days_left, pace.months_left, pace.missing_count)
            facts = (done, *days, average, pace.recent_count)
        about = (row.indicator, row.unit, json_number(row.number), row.due_on, row.reason)
        return (*about, *facts, *map(row.pace_words, LANGUAGES))

    def _check(self, row: ReportedCheck) -> tuple[Any, ...]:
        period, found = row.period, row.found
        days = (period.begins_on, period.ends_on) if period else (None, None)
        return (
            row.code, found.kind, row.outcome, period.kind if period else "", self._period(period), *days, row.source,
            row.table, found.note_ms, found.note_en, *map(row.sentence, LANGUAGES), row.claim, row.left, row.right,
            row.printed, row.indicators, row.figures, row.marked, row.explanation, row.explained_at, row.explained_by,
        )  # fmt: skip

    def _figure(self, row: ReportedFigure) -> tuple[Any, ...]:
        unit = self._content.figures.by_code[row.indicator].unit
        shown: float | str | None = row.value
        if row.is_hidden:
            shown = self._each(lambda language: row.words(language, unit))
        elif row.value is not None and unit in UNITS_WITH_PARTS:
            shown = float(row.value)
        return (*row, unit, self._period(row.period), shown, self._content.figures.news_of(row) or "")

    def _period_words(self, period: Period | None) -> str:
        return self._each(lambda _language: period.label) if period else ""

    def _items(self, keys: Iterable[str]) -> str:
        """Return "Recommendation 1, Weakness 2" in each language."""
        return self._each(lambda _language: ", ".join(map(item_words, keys)))

    def _each(self, words: Callable[[str], str]) -> str:
        """Return what a function says in each language; what is alike once."""
        said: dict[str, None] = {}
        for language in self._languages:
            with override(language):
                said[words(language)] = None
        return BESIDE.join(said)
