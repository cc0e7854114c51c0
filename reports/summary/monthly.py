"""The selection of a monthly summary: stored without its day, and completed for each month."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from urllib.parse import parse_qsl, urlencode

from reports.months import end_of_month_before
from reports.states import ExportFormat
from reports.summary.selection import Selection, stored_selection
from reports.summary.statement import selection_words

#: Stands for the last day of the month before: nothing that was accepted until then is told again.
_MONTH = "month"
#: A schedule's selection has no day of its own, and the words tell none.
_ANY_DAY = date(2000, 1, 31)


def monthly_query(selection: Selection, export_format: ExportFormat, *, is_month_alone: bool = False) -> str:
    """Return a selection as a schedule stores it: without its day, and without a fixed day to begin from.

    `is_month_alone`: it holds only what was accepted in the month that it is about.
    """
    values = selection.as_deep_as(export_format).as_query()
    stored = {name: value for name, value in values.items() if name not in ("day", "since")}
    return urlencode(stored | ({"since": _MONTH} if is_month_alone else {}))


def monthly_selection(query: str, *, day: date) -> Selection:
    """Return a schedule's stored selection as at a day; for each reader it is lowered to their clearance."""
    values = dict(parse_qsl(query))
    if is_month_alone(query):
        values["since"] = end_of_month_before(day).isoformat()
    return stored_selection(urlencode({**values, "day": day.isoformat()}))


def is_month_alone(query: str) -> bool:
    """Return whether a stored selection holds only what was accepted in the month that it is about."""
    return dict(parse_qsl(query)).get("since") == _MONTH


def stored_words(query: str) -> str:
    """Return a stored selection in words, without its days; one that cannot be read stays as it is."""
    try:
        selection = monthly_selection(query, day=_ANY_DAY)
    except (KeyError, ValueError):
        return query
    return selection_words(replace(selection, since=None) if is_month_alone(query) else selection)
