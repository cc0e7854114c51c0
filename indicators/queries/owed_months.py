"""Which figures a month asks of an agency, which of them were sent, and which months are still owed.

A month asks every agency for the figures of its form: each indicator as a whole, and each value of its breakdowns. It is owed
until each indicator as a whole was sent, or is accepted already: parts may be unknown, a whole is 0 at least. Of a month
that came back, its report says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import NamedTuple

from django.utils.translation import ngettext

from accounts.models import Agency
from recommendations.models import Cycle
from recommendations.queries.sql import fetch_rows
from ui import dates

#: The newest version of each `report` of a month's figures, as `version`.
NEWEST_VERSION = """JOIN LATERAL (
        SELECT submission.id
        FROM indicators_figuresubmission submission
        WHERE submission.report_id = report.id
        ORDER BY submission.number DESC
        LIMIT 1) version ON true"""

#: `month_figures`: how many figures each whole month of an open cycle's window asks of each agency (`asked_count`), and how
#: many were sent or accepted (`sent_count`). `owed_months`: those of them that are owed, from the first day after each.
OWED_MONTHS = f"""
asked_figures AS (
    SELECT indicator.agency_id, indicator.id AS indicator_id, '' AS key
    FROM indicators_indicator indicator
    JOIN accounts_agency agency ON agency.id = indicator.agency_id AND agency.is_active
    WHERE indicator.is_active
    UNION ALL
    SELECT indicator.agency_id, indicator.id, dimension.code || '=' || value.code
    FROM indicators_indicator indicator
    JOIN accounts_agency agency ON agency.id = indicator.agency_id AND agency.is_active
    JOIN indicators_indicatordimension link ON link.indicator_id = indicator.id
    JOIN indicators_dimension dimension ON dimension.id = link.dimension_id
    JOIN indicators_dimensionvalue value ON value.dimension_id = dimension.id
    WHERE indicator.is_active),
sent_figures AS (
    SELECT series.indicator_id, series.key, figure.begins_on AS month
    FROM indicators_figure figure
    JOIN indicators_series series ON series.id = figure.series_id
    WHERE figure.source_id IS NULL AND figure.ended_at IS NULL AND figure.period_kind = 'month'
    UNION
    SELECT series.indicator_id, series.key, report.month
    FROM indicators_figurereport report
    {NEWEST_VERSION}
    JOIN indicators_sentfigure sent ON sent.submission_id = version.id
    JOIN indicators_series series ON series.id = sent.series_id
    WHERE report.state = 'submitted'),
month_figures AS (
    SELECT cycle.id AS cycle_id, asked.agency_id, month.first::date AS month,
           (month.first + interval '1 month')::date AS owed_on,
           count(*) AS asked_count, count(sent.month) AS sent_count,
           bool_or(asked.key = '' AND sent.month IS NULL) AS lacks_whole
    FROM recommendations_cycle cycle
    CROSS JOIN LATERAL generate_series(
        date_trunc('month', cycle.window_start + interval '1 month' - interval '1 day'),
        cycle.window_end + interval '1 day' - interval '1 month', interval '1 month') month(first)
    CROSS JOIN asked_figures asked
    LEFT JOIN sent_figures sent
      ON sent.indicator_id = asked.indicator_id AND sent.key = asked.key AND sent.month = month.first::date
    WHERE cycle.closed_at IS NULL
    GROUP BY cycle.id, asked.agency_id, month.first),
owed_months AS (
    SELECT cycle_id, agency_id, month, owed_on, asked_count, sent_count
    FROM month_figures
    WHERE lacks_whole AND NOT EXISTS (
        SELECT FROM indicators_figurereport report
        WHERE report.cycle_id = month_figures.cycle_id AND report.agency_id = month_figures.agency_id
          AND report.month = month_figures.month AND report.state = 'returned'))"""  # noqa: S608 - the words are ours


class OwedMonth(NamedTuple):
    """A month that an agency owes: how many figures it asks for, and how many were sent."""

    cycle_id: int
    agency_id: int
    month: date
    asked_count: int
    sent_count: int

    @property
    def words(self) -> str:
        """The month, and how much of it was sent where anything was: August 2023 (1 of 23 figures sent)."""
        name = dates.month_year(self.month)
        return f"{name} ({sent_words(self.sent_count, self.asked_count)})" if self.sent_count else name


@dataclass(frozen=True, slots=True)
class OwingAgency:
    """An agency and the months that it owes, the oldest first."""

    agency: Agency
    months: list[OwedMonth]

    @property
    def months_text(self) -> str:
        return ", ".join(each.words for each in self.months)


def sent_words(sent: int, asked: int) -> str:
    """Return how many figures of a month were sent: 1 of 23 figures sent."""
    words = ngettext("%(sent)s of %(count)s figure sent", "%(sent)s of %(count)s figures sent", asked)
    return words % {"sent": sent, "count": asked}


def read_owing(cycle: Cycle, *, today: date) -> list[OwingAgency]:
    """Return who owes figures of the cycle's months that are over: who owes most comes first (two queries).

    A closed cycle is owed nothing.
    """
    rows = _owed("cycle_id = %s AND owed_on <= %s ORDER BY agency_id, month", [cycle.pk, today])
    agencies = Agency.objects.in_bulk({row.agency_id for row in rows})
    by_agency = groupby(rows, key=lambda row: row.agency_id)
    lines = [OwingAgency(agencies[agency_id], list(months)) for agency_id, months in by_agency]
    return sorted(lines, key=lambda line: (-len(line.months), line.agency.code))


def read_owed_of(agency_ids: Iterable[int]) -> dict[tuple[int, int, date], OwedMonth]:
    """Return the months of open cycles that agencies owe or will owe, by agency, cycle and month (one query)."""
    rows = _owed("agency_id = ANY(%s)", [list(agency_ids)])
    return {(row.agency_id, row.cycle_id, row.month): row for row in rows}


def read_asked(agency: Agency, cycle: Cycle) -> dict[date, tuple[int, int]]:
    """Return how many figures of each month of an open cycle were sent, and how many it asks for (one query)."""
    statement = f"""WITH {OWED_MONTHS}
        SELECT month, sent_count, asked_count FROM month_figures WHERE agency_id = %s AND cycle_id = %s"""  # noqa: S608 - the words are ours
    return {month: (sent, asked) for month, sent, asked in fetch_rows(statement, [agency.pk, cycle.pk])}


def _owed(condition: str, values: list[object]) -> list[OwedMonth]:
    statement = f"""WITH {OWED_MONTHS}
        SELECT cycle_id, agency_id, month, asked_count, sent_count FROM owed_months WHERE {condition}"""  # noqa: S608 - the words are ours
    return [OwedMonth(*row) for row in fetch_rows(statement, values)]
