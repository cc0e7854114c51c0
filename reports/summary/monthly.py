"""The selection of a monthly summary: stored without its day, and completed for each month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl, urlencode

from reports.months import end_of_month_before
from reports.states import ExportFormat
from reports.summary.selection import Selection, stored_selection

#: Stands for the last day of the month before: nothing that was accepted until then is told again.
_MONTH = "month"


@dataclass(frozen=True, slots=True)
class MonthlyPlan:
    """What to make every month: a selection, whose day is not stored, as a format, on a day of the month.

    `is_month_alone`: it holds only what was accepted in the month that it is about.
    """

    selection: Selection
    export_format: ExportFormat
    day_of_month: int
    is_month_alone: bool = False

    @property
    def query(self) -> str:
        """The selection as it is stored: without its day, and without a fixed day to begin from."""
        values = self.selection.as_deep_as(self.export_format).as_query()
        stored = {name: value for name, value in values.items() if name not in ("day", "since")}
        return urlencode(stored | ({"since": _MONTH} if self.is_month_alone else {}))


def monthly_selection(query: str, *, day: date) -> Selection:
    """Return a schedule's stored selection as at a day; for each reader it is lowered to their clearance."""
    values = dict(parse_qsl(query))
    if is_month_alone(query):
        values["since"] = end_of_month_before(day).isoformat()
    return stored_selection(urlencode({**values, "day": day.isoformat()}))


def is_month_alone(query: str) -> bool:
    """Return whether a stored selection holds only what was accepted in the month that it is about."""
    return dict(parse_qsl(query)).get("since") == _MONTH
