"""All checks of a cycle, judged in one pass of SQL, now or as at a past instant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from accounts.models import User
from indicators.judging import (
    CheckedPeriod,
    GivenExplanation,
    JudgedTerm,
    Judgement,
    PackedTerms,
    PrintedChange,
)
from recommendations.queries.sql import fetch_rows, read_statement

if TYPE_CHECKING:
    from recommendations.models import Cycle

#: Asks for the present: everything recorded is before it.
_NOW = "infinity"

_JUDGED = read_statement(__file__, "judged_checks")
_TERMS_BESIDE = read_statement(__file__, "terms_beside")
#: A number that is not kept yet belongs to a series and a period.
FigureKey = tuple[int, CheckedPeriod]


class _JudgedValues(NamedTuple):
    """A row of `_JUDGED`."""

    check_id: int
    code: str
    kind: str
    claim_id: int | None
    note_ms: str
    note_en: str
    cell_id: int | None
    printed_text: str | None
    printed_change: Decimal | None
    source_id: int | None
    is_open: bool
    period_kind: str
    begins_on: date | None
    ends_on: date | None
    left: Decimal
    right: Decimal
    terms: str
    is_own: bool
    given_id: int | None
    given_text: str
    given_at: datetime
    given_by: str


class _TermRow(NamedTuple):
    """A row of `_TERMS_BESIDE`; without a figure, the values of one are None."""

    check_id: int
    code: str
    kind: str
    period_kind: str
    begins_on: date | None
    ends_on: date | None
    side: str
    series_id: int
    value: Decimal
    figure_id: int | None
    text: str
    counted_to: date | None

    @property
    def period(self) -> CheckedPeriod:
        return CheckedPeriod(self.period_kind, self.begins_on, self.ends_on)

    @property
    def term(self) -> JudgedTerm:
        return JudgedTerm(
            side=self.side,
            series_id=self.series_id,
            value=self.value,
            period=self.period,
            figure_id=self.figure_id,
            text=self.text,
            counted_to=self.counted_to,
        )


@dataclass(frozen=True)
class Judgements:
    """What the checks of a cycle found, in the order in which they are declared."""

    rows: Sequence[Judgement]

    @property
    def failing(self) -> list[Judgement]:
        return [row for row in self.rows if row.fails]

    @property
    def unjudged(self) -> list[Judgement]:
        return [row for row in self.rows if not row.fails and not row.holds]

    @property
    def holding(self) -> list[Judgement]:
        return [row for row in self.rows if row.holds]

    def of_check(self, check_id: int) -> list[Judgement]:
        return [row for row in self.rows if row.check_id == check_id]

    def by_cell(self, cells: Iterable[tuple[int, int | None]]) -> Mapping[int, list[Judgement]]:
        """Return the judgements whose mark each printed cell carries, by the cell's key; the others are left out.

        `cells` are keys of cells, each with that of its figure. A printed change carries its own, a total that of its sum,
        and every figure those of its bounds and bases.
        """
        marked: defaultdict[int, list[Judgement]] = defaultdict(list)
        printed: defaultdict[int, list[Judgement]] = defaultdict(list)
        for row in self.rows:
            for figure_id in row.marked_figure_ids:
                marked[figure_id].append(row)
            if row.printed:
                printed[row.printed.cell_id].append(row)
        found = {
            cell_id: [*printed.get(cell_id, ()), *marked.get(figure_id or 0, ())]
            for cell_id, figure_id in cells
        }
        return {cell_id: rows for cell_id, rows in found.items() if rows}


def judge_cycle(
    cycle: Cycle, *, user: User, before: datetime | None = None, indicator_id: int | None = None
) -> Judgements:
    """Return what all checks of a cycle find in the figures recorded `before` an instant (exclusive), or by now.

    With `indicator_id`, only the checks that speak of this indicator are judged.

    What agencies reported shows in a judgement only to MAPO, and to an agency that answers for all of its terms: the
    numbers of a sum would give away small cells. For a day, pass `clock.end_of_day(day)`. One query.
    """
    asked = {
        "cycle": cycle.pk,
        "before": before or _NOW,
        "indicator": indicator_id,
        "sees_names": user.is_mapo,
        "agency": user.agency_id if user.is_agency_actor else None,
    }
    rows = [_JudgedValues(*row) for row in fetch_rows(_JUDGED, asked)]
    return Judgements(
        [_judged(row) for row in rows if user.is_mapo or row.source_id is not None or row.is_own]
    )


def failing_for(cycle: Cycle, given: Mapping[FigureKey, Decimal]) -> list[Judgement]:
    """Return the judgements that would fail if an agency's figures were these, beside what else agencies have reported.

    `given` holds the new numbers by series and period; each stands in place of the figure that is kept. Writes nothing.
    One query.
    """
    rows = _beside(cycle, given)
    kept = {(row.series_id, row.period): row.term for row in rows if row.figure_id is not None}
    periods = dict.fromkeys(period for _series_id, period in given)
    by_check = (list(of_check) for _check_id, of_check in groupby(rows, key=lambda row: row.check_id))
    judged = (
        _judged_with(terms, period, given, kept)
        for terms in map(_each_term_once, by_check)
        for period in periods
    )
    return [row for row in judged if row is not None and row.fails]


def _beside(cycle: Cycle, given: Iterable[FigureKey]) -> list[_TermRow]:
    """Return the terms of the checks that new figures touch (one query)."""
    asked = {
        "cycle": cycle.pk,
        "series": list({series_id for series_id, _period in given}),
        "begins": list({period.begins_on for _series_id, period in given if period.begins_on}),
    }
    return [_TermRow(*row) for row in fetch_rows(_TERMS_BESIDE, asked)]


def _each_term_once(rows: Iterable[_TermRow]) -> list[_TermRow]:
    """Return a row of each term: one has as many as there are kept figures of it."""
    return list({(row.side, row.series_id): row for row in rows}.values())


def _judged_with(
    terms: Sequence[_TermRow],
    period: CheckedPeriod,
    given: Mapping[FigureKey, Decimal],
    kept: Mapping[FigureKey, JudgedTerm],
) -> Judgement | None:
    """Return the judgement of a check for a period, or None where a term has no number or none of them is new."""
    found: list[JudgedTerm] = []
    for row in terms:
        key = (row.series_id, period)
        if key in given:
            found.append(JudgedTerm(row.side, row.series_id, given[key], period))
        elif key in kept:
            found.append(kept[key]._replace(side=row.side))
        else:
            return None
    if all(term.figure_id is not None for term in found):
        return None
    first = terms[0]
    return Judgement(
        check_id=first.check_id, code=first.code, kind=first.kind, terms=tuple(found), period=period
    )


def _judged(row: _JudgedValues) -> Judgement:
    """Return a row of `_JUDGED` as a judgement, with what MAPO says of it."""
    printed = None
    if row.cell_id is not None and row.printed_change is not None:
        printed = PrintedChange(row.cell_id, row.printed_text or "", row.printed_change)
    given = None
    if row.given_id is not None:
        given = GivenExplanation(row.given_id, row.given_text, row.given_at, row.given_by)
    return Judgement(
        check_id=row.check_id,
        code=row.code,
        kind=row.kind,
        terms=PackedTerms(row.terms),
        sums=(row.left, row.right),
        period=CheckedPeriod(row.period_kind, row.begins_on, row.ends_on) if row.is_open else None,
        source_id=row.source_id,
        printed=printed,
        claim_id=row.claim_id,
        note_ms=row.note_ms,
        note_en=row.note_en,
        explanation=given,
    )
