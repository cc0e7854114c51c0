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
from recommendations.queries.sql import fetch_rows

if TYPE_CHECKING:
    from recommendations.models import Cycle

#: Asks for the present: everything recorded is before it.
_NOW = "infinity"

#: Each check with the sums of its sides, for each period and giver of which every term has its figure. A term of a fixed
#: period takes the figure of its check's own source; one without takes every period: of that source, and of what agencies
#: reported within the cycle's window. The terms come packed (see `PackedTerms`), with whether the reader's agency answers for
#: all of them, and what MAPO says of it. Who said so, by the name that they had then, is MAPO's to know.
#: Terms and printed figures are few, and read once; reported ones are many: OFFSET 0 keeps to the index of each series.
_JUDGED = """
WITH term AS MATERIALIZED (
    SELECT term.*, rule.source_id, cycle.window_start, cycle.window_end, term.period_kind = '' AS is_open,
           count(*) OVER (PARTITION BY term.check_of_id) AS term_count,
           COALESCE(indicator.agency_id = %(agency)s::bigint, false) AS is_own
    FROM indicators_checkterm term
    JOIN indicators_check rule ON rule.id = term.check_of_id
    JOIN indicators_source source ON source.id = rule.source_id
    JOIN recommendations_cycle cycle ON cycle.id = source.cycle_id
    JOIN indicators_series series ON series.id = term.series_id
    JOIN indicators_indicator indicator ON indicator.id = series.indicator_id
    WHERE source.cycle_id = %(cycle)s
      AND (%(indicator)s::bigint IS NULL OR rule.id IN (
          SELECT own.check_of_id
          FROM indicators_checkterm own
          JOIN indicators_series of_own ON of_own.id = own.series_id
          WHERE of_own.indicator_id = %(indicator)s))),
printed AS MATERIALIZED (
    SELECT figure.*
    FROM indicators_source source
    JOIN indicators_figure figure ON figure.source_id = source.id
    WHERE source.cycle_id = %(cycle)s
      AND figure.recorded_at < %(before)s::timestamptz
      AND (figure.ended_at IS NULL OR figure.ended_at >= %(before)s::timestamptz)),
figure AS (
    SELECT term.id AS term_id, term.check_of_id, term.side, term.series_id, term.is_open, term.is_own, term.term_count,
           given.source_id, given.id, given.period_kind, given.begins_on, given.ends_on, given.value, given.text,
           given.counted_to
    FROM printed given
    JOIN term ON term.source_id = given.source_id AND term.series_id = given.series_id
     AND (term.is_open
          OR (given.period_kind = term.period_kind AND given.begins_on IS NOT DISTINCT FROM term.begins_on
              AND given.ends_on IS NOT DISTINCT FROM term.ends_on))
    UNION ALL
    SELECT term.id, term.check_of_id, term.side, term.series_id, term.is_open, term.is_own, term.term_count,
           given.source_id, given.id, given.period_kind, given.begins_on, given.ends_on, given.value, given.text,
           given.counted_to
    FROM term
    CROSS JOIN LATERAL (
        SELECT reported.*
        FROM indicators_figure reported
        WHERE term.is_open AND reported.series_id = term.series_id AND reported.source_id IS NULL
          AND reported.begins_on BETWEEN term.window_start AND term.window_end
          AND reported.ends_on <= term.window_end
          AND reported.recorded_at < %(before)s::timestamptz
          AND (reported.ended_at IS NULL OR reported.ended_at >= %(before)s::timestamptz)
        OFFSET 0) given)
SELECT rule.id, rule.code, rule.kind, rule.claim_id, rule.note_ms, rule.note_en, cell.id, cell.text, cell.change,
       found.source_id, found.is_open, found.period_kind, found.begins_on, found.ends_on,
       found.left_sum, found.right_sum, found.terms, found.is_own,
       given.id, given.text, given.explained_at,
       CASE WHEN %(sees_names)s THEN (
           SELECT event.actor_name FROM audit_event event
           WHERE event.object_type = 'indicators.CheckExplanation' AND event.object_id = given.id::text
           ORDER BY event.id LIMIT 1) ELSE '' END
FROM (
    SELECT check_of_id, source_id, is_open,
           CASE WHEN is_open THEN period_kind END AS period_kind,
           CASE WHEN is_open THEN begins_on END AS begins_on,
           CASE WHEN is_open THEN ends_on END AS ends_on,
           sum(value) FILTER (WHERE side = 'left') AS left_sum,
           sum(value) FILTER (WHERE side = 'right') AS right_sum,
           string_agg(concat(term_id, ' ', side, ' ', series_id, ' ', value, ' ', period_kind, ' ', begins_on, ' ', ends_on,
                             ' ', id, ' ', counted_to, ' ', translate(text, E'\\x1e', '')), E'\\x1e') AS terms,
           bool_and(is_own) AS is_own
    FROM figure
    GROUP BY 1, 2, 3, 4, 5, 6
    HAVING count(*) = max(term_count)) found
JOIN indicators_check rule ON rule.id = found.check_of_id
JOIN indicators_source source ON source.id = rule.source_id
LEFT JOIN indicators_publishedcell cell ON cell.id = rule.printed_id
LEFT JOIN indicators_checkexplanation given
  ON given.check_of_id = rule.id
 AND given.begins_on IS NOT DISTINCT FROM found.begins_on
 AND given.ends_on IS NOT DISTINCT FROM found.ends_on
 AND given.explained_at < %(before)s::timestamptz
 AND (given.ended_at IS NULL OR given.ended_at >= %(before)s::timestamptz)
ORDER BY source.published_on, source.id, rule.position, rule.id, found.source_id NULLS LAST,
         found.period_kind, found.begins_on, found.ends_on
"""

#: The terms of checks that name a series in any period, with what agencies reported of them in the periods in question.
_TERMS_BESIDE = """
SELECT rule.id, rule.code, rule.kind, figure.period_kind, figure.begins_on, figure.ends_on,
       term.side, term.series_id, figure.value, figure.id, figure.text, figure.counted_to
FROM indicators_source source
JOIN indicators_check rule ON rule.source_id = source.id
JOIN indicators_checkterm term ON term.check_of_id = rule.id
LEFT JOIN indicators_figure figure
  ON figure.series_id = term.series_id AND figure.source_id IS NULL AND figure.ended_at IS NULL
 AND figure.begins_on = ANY(%(begins)s)
WHERE source.cycle_id = %(cycle)s AND term.period_kind = '' AND EXISTS (
    SELECT 1 FROM indicators_checkterm own WHERE own.check_of_id = rule.id AND own.series_id = ANY(%(series)s))
ORDER BY source.published_on, source.id, rule.position, rule.id, term.id
"""

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

    def by_figure(self) -> Mapping[int, list[Judgement]]:
        """Return the judgements in which each figure takes part, by the figure's key."""
        found: defaultdict[int, list[Judgement]] = defaultdict(list)
        for row in self.rows:
            for figure_id in {term.figure_id for term in row.terms if term.figure_id is not None}:
                found[figure_id].append(row)
        return dict(found)

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
