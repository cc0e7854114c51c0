"""What a figure counts over: months, years and windows, in part or whole, and how they are called."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from indicators.states import PeriodKind
from ui import dates, months

#: So many periods of a kind are shown at most, the newest ones.
MOST_PERIODS = 24
#: So many stand in the chart of a card at most: a year of months, and the month that the first is compared with.
PERIODS_OF_A_CARD = 13
#: The months from the beginning of a period to the beginning of the next one of its kind.
_STEPS = {
    PeriodKind.MONTH.value: 1,
    PeriodKind.QUARTER.value: 3,
    PeriodKind.YEAR.value: 12,
    PeriodKind.WINDOW.value: 12,
}


class Period(NamedTuple):
    """A period of a kind. `counted_to` is the last day that was counted, where the giver says one."""

    kind: str
    begins_on: date | None
    ends_on: date | None
    is_partial: bool = False
    counted_to: date | None = None

    @property
    def last_day(self) -> date | None:
        """The last day that was counted; None where the giver states no period."""
        return self.counted_to or self.ends_on

    @property
    def label(self) -> str:
        """The period as pages call it: 2022; 2023, to 29 May; 1 Apr 2022 – 31 Mar 2023; March 2024."""
        if self.begins_on is None or self.ends_on is None:
            return str(PeriodKind.UNSTATED.label)
        whole = self._whole(self.begins_on, self.ends_on)
        return _("%(period)s, %(part)s") % {"period": whole, "part": self.part} if self.is_partial else whole

    @property
    def part(self) -> str:
        """How far a period was counted that was not counted whole: to 29 May; "" for a whole one."""
        if not self.is_partial:
            return ""
        last = self.counted_to
        if last is None:
            return _("in part")
        is_same_year = self.kind == PeriodKind.YEAR and self.ends_on and last.year == self.ends_on.year
        return _("to %(day)s") % {"day": dates.day_month(last) if is_same_year else dates.short_day(last)}

    @property
    def mark(self) -> str:
        """The period as an axis calls it: 2022; 2022/23; Mar 2024."""
        if self.begins_on is None or self.ends_on is None:
            return "–"
        if self.kind == PeriodKind.YEAR:
            return str(self.begins_on.year)
        if self.kind == PeriodKind.WINDOW:
            return f"{self.begins_on.year}/{self.ends_on.year % 100:02}"
        if self.kind == PeriodKind.DAY:
            return dates.short_day(self.ends_on)
        return f"{dates.short_month(self.begins_on)} {self.begins_on.year % 100:02}"

    def follows_by_a_year(self, other: Period) -> bool:
        """Whether the other period is of the same kind and began a year earlier."""
        mine, theirs = self.begins_on, other.begins_on
        if mine is None or theirs is None or self.kind != other.kind:
            return False
        return (mine.year - 1, mine.month, mine.day) == (theirs.year, theirs.month, theirs.day)

    def slot(self) -> int | None:
        """Return the place of the period in the row of all periods of its kind; None for a day or none."""
        step = _STEPS.get(self.kind)
        if step is None or self.begins_on is None:
            return None
        return (self.begins_on.year * 12 + self.begins_on.month - 1) // step

    def earlier_mark(self, count: int) -> str:
        """Return the mark of the period that lies so many of its kind before this one."""
        step = _STEPS.get(self.kind, 0)
        begins_on, ends_on = self.begins_on, self.ends_on
        if begins_on is None or ends_on is None:
            return ""
        first, last = (months.months_before(day, count * step) for day in (begins_on, ends_on))
        return Period(self.kind, first, last).mark

    def _whole(self, begins_on: date, ends_on: date) -> str:
        if self.kind == PeriodKind.YEAR:
            return str(begins_on.year)
        if self.kind == PeriodKind.MONTH:
            months = dates.MONTHS[dates.supported_language()]
            return f"{months[begins_on.month - 1]} {begins_on.year}"
        return dates.day_range(begins_on, ends_on)


def period_words(
    kind: str, begins_on: date | None, ends_on: date | None, *, counted_to: date | None = None
) -> str:
    """Return how pages call a period; `counted_to` is its last day that was counted, where the giver says one."""
    is_partial = counted_to is not None and counted_to != ends_on
    return Period(kind, begins_on, ends_on, is_partial, counted_to).label


def year_before(period: Period) -> Period | None:
    """Return the same months, whole, a year before; None where no period is stated."""
    if period.begins_on is None or period.ends_on is None:
        return None
    return Period(period.kind, months.year_before(period.begins_on), months.year_before(period.ends_on))
