"""What contradicts in a cycle's figures, for the pages that list it and that show one check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.utils.translation import pgettext_lazy

from accounts.models import User
from indicators.check_words import sentence
from indicators.judging import CheckedPeriod, JudgedTerm, Judgement
from indicators.models import Check, CheckExplanation, PublishedCell, PublishedTable
from indicators.periods import period_words
from indicators.queries.checks import Judgements, judge_cycle
from indicators.queries.series_titles import read_series_titles
from indicators.states import CheckOutcome
from indicators.titles import Titles
from recommendations.models import Cycle
from ui.query_state import AddressFilters

#: The outcomes that the list shows unless it is asked for others.
_TO_EXPLAIN = (CheckOutcome.FAILS, CheckOutcome.UNJUDGED)

EXPLAINED = (
    ("yes", pgettext_lazy("check", "Explained")),
    ("no", pgettext_lazy("check", "Not explained yet")),
)


@dataclass(frozen=True, kw_only=True)
class ContradictionFilters(AddressFilters):
    """The filters of the list: the table's key, what the check found, and whether MAPO has explained it."""

    table: str = ""
    outcome: str = ""
    explained: str = ""

    choices = {"outcome": CheckOutcome.values, "explained": ("yes", "no")}

    def keeps(self, row: JudgedRow) -> bool:
        """Return whether a row fits; without an outcome, those that hold do not."""
        return self.may_keep(row.found) and self.table in ("", row.table_key)

    def may_keep(self, found: Judgement) -> bool:
        """Return whether a judgement fits, whatever its table."""
        outcome = found.outcome
        return (outcome == self.outcome if self.outcome else outcome in _TO_EXPLAIN) and (
            self.explained in ("", "yes" if found.is_explained else "no")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedTerm:
    """A number of a judgement with its name, its period and the cell in which a source printed it."""

    term: JudgedTerm
    name: str
    period: str
    cell: PublishedCell | None

    @property
    def shown(self) -> str:
        """The number as it was given."""
        return self.term.text


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedRow:
    """A judgement as pages show it: its sentence, what is compared, and where its numbers stand."""

    found: Judgement
    check: Check
    sentence: str
    period: str
    terms: Sequence[CheckedTerm]

    @property
    def table(self) -> PublishedTable | None:
        """The table under which it is listed: that of the printed change, or of the first number."""
        cells = [self.check.printed, *(term.cell for term in self.terms)]
        return next((cell.table for cell in cells if cell is not None), None)

    @property
    def table_key(self) -> str:
        return self.table.key if self.table else ""

    @property
    def anchor(self) -> str:
        """Its place on the page of its check."""
        begins_on, ends_on = self.found.days
        return f"from-{begins_on}-to-{ends_on}" if begins_on else "found"

    @property
    def query(self) -> str:
        """The query string by which an address names its period."""
        begins_on, ends_on = self.found.days
        return f"?begins={begins_on}&ends={ends_on}" if begins_on else ""

    @property
    def outcome_label(self) -> str:
        return str(self.found.outcome.label)

    @property
    def is_reported(self) -> bool:
        """Whether agencies gave the numbers, and not a source."""
        return self.found.source_id is None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableOfRows:
    """The judgements about one table; without a table, those about what agencies reported."""

    table: PublishedTable | None
    rows: Sequence[JudgedRow]

    @property
    def anchor(self) -> str:
        """Its place on the page."""
        return f"table-{self.table.key}" if self.table else "reported"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContradictionsPage:
    """The list: the rows that fit by table, the tables to choose from, and how many there are of each outcome."""

    tables: Sequence[TableOfRows]
    choices: Sequence[tuple[str, str]]
    shown_count: int
    failing_count: int
    unjudged_count: int
    holding_count: int
    explained_count: int

    @property
    def to_explain_count(self) -> int:
        return self.failing_count + self.unjudged_count

    @property
    def all_count(self) -> int:
        return self.to_explain_count + self.holding_count


@dataclass(frozen=True, slots=True, kw_only=True)
class PastExplanation:
    """Words that stand or stood beside a check, with the period that they were about."""

    given: CheckExplanation
    period: str
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPage:
    """One check: what it found for each period, and all that MAPO has said of it, the newest first."""

    check: Check
    rows: Sequence[JudgedRow]
    past: Sequence[PastExplanation]


def read_contradictions(found: Judgements, *, filters: ContradictionFilters) -> ContradictionsPage:
    """Return the list of what the checks of a cycle found. Five queries at most."""
    # Of what agencies report there is a judgement for each month; nearly all hold, and only what a source gave has a table.
    rows = _rows([row for row in found.rows if row.source_id or row.printed or filters.may_keep(row)])
    shown = sorted((row for row in rows if filters.keeps(row)), key=_place)
    known = {row.table.key: row.table.title for row in sorted(rows, key=_place) if row.table}
    by_table = [
        TableOfRows(table=group[0].table, rows=group)
        for group in (list(each) for _key, each in groupby(shown, key=lambda row: row.table_key))
    ]
    return ContradictionsPage(
        tables=by_table,
        choices=[(key, f"{key}: {title}") for key, title in known.items()],
        shown_count=len(shown),
        **_counts(found),
    )


def read_check(check: Check, *, user: User, before: datetime | None = None) -> CheckPage:
    """Return the page of a check as recorded `before` an instant, or as it is now."""
    found = judge_cycle(check.source.cycle, user=user, before=before).of_check(check.pk)
    rows = _rows(found, before)
    seen = {row.found.days: row.period for row in rows}
    given = check.explanations.with_giver().order_by("-explained_at", "-pk")
    if before is not None:
        given = given.filter(explained_at__lt=before)
    past = [
        PastExplanation(
            given=each,
            period=seen[each.begins_on, each.ends_on],
            ended_at=each.ended_at if before is None or (each.ended_at and each.ended_at < before) else None,
        )
        for each in given
        if (each.begins_on, each.ends_on) in seen
    ]
    return CheckPage(check=check, rows=rows, past=past)


def failing_rows(cycle: Cycle, *, user: User, before: datetime) -> list[JudgedRow]:
    """Return what contradicts in a cycle's figures, as recorded before an instant. Seven queries at most."""
    return _rows(judge_cycle(cycle, user=user, before=before).failing, before)


def _counts(found: Judgements) -> dict[str, int]:
    return {
        "failing_count": len(found.failing),
        "unjudged_count": len(found.unjudged),
        "holding_count": len(found.holding),
        "explained_count": sum(row.is_explained for row in found.rows),
    }


def _place(row: JudgedRow) -> tuple[int, str]:
    """Return the order of tables; what agencies reported comes last."""
    return (row.table.position, row.table.key) if row.table else (10_000, "")


def _rows(found: Sequence[Judgement], before: datetime | None = None) -> list[JudgedRow]:
    """Return judgements as pages show them, with names of now or just before an instant. Four queries at most."""
    checks = (
        Check.objects.with_source().select_related("printed__table").in_bulk({row.check_id for row in found})
    )
    titles = read_series_titles(found, before)
    cells = _cells({term.figure_id for row in found for term in row.terms if term.figure_id})
    return [
        JudgedRow(
            found=row,
            check=checks[row.check_id],
            sentence=sentence(row, titles),
            period=period_of(row),
            terms=[_term(term, titles, cells) for term in row.terms],
        )
        for row in found
    ]


def _term(term: JudgedTerm, titles: Titles, cells: Mapping[int, PublishedCell]) -> CheckedTerm:
    return CheckedTerm(
        term=term,
        name=titles[term.series_id].name,
        period=period_words(*term.period, counted_to=term.counted_to),
        cell=cells.get(term.figure_id or 0),
    )


def period_of(row: Judgement) -> str:
    """Return the period that a judgement is about, where its terms share one; empty where they do not."""
    periods: set[CheckedPeriod] = {term.period for term in row.terms}
    if len(periods) != 1:
        return ""
    counted_to = min((term.counted_to for term in row.terms if term.counted_to), default=None)
    return period_words(*periods.pop(), counted_to=counted_to)


def _cells(figure_ids: Iterable[int]) -> dict[int, PublishedCell]:
    """Return the printed cell of each figure that has one (one query)."""
    cells = PublishedCell.objects.filter(figure_id__in=figure_ids).select_related("table")
    return {cell.figure_id: cell for cell in cells.order_by("-pk") if cell.figure_id}
