"""Where a day lies in a cycle's window, in words and in shares of a line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from math import ceil
from typing import Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.windows import Window
from recommendations.working_days import count_working_days, is_working_day
from ui import dates
from ui.months import parts_of_months

#: So many months are named below the line; of a longer window every second, third, … is.
_MONTHS_NAMED = 13


class CycleWindowDates(Window, Protocol):
    """What a cycle, or a version of one, says about its days."""

    @property
    def interim_on(self) -> date: ...
    @property
    def submission_on(self) -> date: ...


@dataclass(frozen=True, slots=True)
class WindowDate:
    """A date that counts, as the big clock tells it: the name of its mark on the line, what and when, and how far off."""

    mark: str
    label: str
    words: str
    is_over: bool


@dataclass(frozen=True)
class WindowClock:
    """A window and the day that it is read on. Shares run from 0 at the start to 100 at the end of the last day.

    `days_off` are days on which the secretariat does not work besides weekends and public holidays (`extensions`).
    """

    cycle: CycleWindowDates
    today: date
    days_off: frozenset[date] = frozenset()

    @property
    def day_count(self) -> int:
        return (self.cycle.window_end - self.cycle.window_start).days + 1

    @property
    def day_number(self) -> int:
        """Below 1 before the window, above `day_count` after it."""
        return (self.today - self.cycle.window_start).days + 1

    @property
    def is_before(self) -> bool:
        return self.today < self.cycle.window_start

    @property
    def is_after(self) -> bool:
        return self.today > self.cycle.window_end

    @property
    def percent(self) -> float:
        return self.share_of(self.today)

    @property
    def interim_percent(self) -> float | None:
        """None where the interim date lies outside the window."""
        return self._share_within(self.cycle.interim_on)

    @property
    def submission_percent(self) -> float | None:
        """None where the information is due outside the window."""
        return self._share_within(self.cycle.submission_on)

    def _share_within(self, day: date) -> float | None:
        return self.share_of(day) if self.cycle.window_start <= day <= self.cycle.window_end else None

    def share_of(self, day: date) -> float:
        """Return the share of the window, from 0 to 100, that is over at the end of a day."""
        gone = (day - self.cycle.window_start).days + 1
        return max(0.0, min(100.0, 100 * gone / self.day_count))

    @property
    def day_text(self) -> str:
        if self.is_before:
            return _("The window opens in %(days)s") % {"days": self._days_to(self.cycle.window_start)}
        if self.is_after:
            return _("The window closed %(days)s ago") % {"days": self._days_to(self.cycle.window_end)}
        return _("Day %(number)s of %(count)s") % {"number": self.day_number, "count": self.day_count}

    @property
    def window_text(self) -> str:
        window = dates.day_range(self.cycle.window_start, self.cycle.window_end, long=True)
        return _("Assessment window %(window)s") % {"window": window}

    @property
    def next_text(self) -> str:
        """The next date that counts: interim assessment, end of the window, information due. Empty after all."""
        interim, end, due = self.cycle.interim_on, self.cycle.window_end, self.cycle.submission_on
        coming = [(interim, self.interim_text), (due, self.submission_text), (end, self.close_text)]
        ahead = sorted((day, text) for day, text in coming if day >= self.today)
        return ahead[0][1] if ahead else ""

    @property
    def interim_text(self) -> str:
        if self.cycle.interim_on == self.today:
            return _("Interim assessment today")
        if self.cycle.interim_on < self.today:
            return _("Interim assessment was %(days)s ago") % {"days": self._days_to(self.cycle.interim_on)}
        return _("Interim assessment in %(days)s") % {"days": self._days_to(self.cycle.interim_on)}

    @property
    def submission_text(self) -> str:
        if self.cycle.submission_on == self.today:
            return _("Information is due today")
        if self.cycle.submission_on < self.today:
            return _("Information was due %(days)s ago") % {"days": self._days_to(self.cycle.submission_on)}
        return _("Information is due in %(days)s") % {"days": self._days_to(self.cycle.submission_on)}

    @property
    def close_text(self) -> str:
        if self.cycle.window_end == self.today:
            return _("Last day of the window")
        return _("The window closes in %(days)s") % {"days": self._days_to(self.cycle.window_end)}

    def _days_to(self, day: date) -> str:
        return dates.days(abs((day - self.today).days))

    @cached_property
    def months(self) -> list[dict[str, Any]]:
        """Each month of the window with the shares of its first and last day."""
        return [
            {
                "label": dates.short_month(first),
                "percent_from": self.share_of(first - timedelta(days=1)),
                "percent_to": self.share_of(last),
            }
            for first, last in parts_of_months(self.cycle.window_start, self.cycle.window_end)
        ]

    def strip(self, *, label: str) -> dict[str, Any]:
        """Return what the thin line under the head of every page shows."""
        return {
            "label": label,
            "window_text": self.window_text,
            "day_text": self.day_text,
            "percent": self.percent,
            "interim_percent": self.interim_percent,
            "next_text": self.next_text,
        }

    def dial(self, *, is_past: bool = False) -> dict[str, Any]:
        """Return what the big clock of the overview shows; a past day is named, not called today."""
        is_within = not (self.is_before or self.is_after)
        step = ceil(len(self.months) / _MONTHS_NAMED)
        return {
            "percent": self.percent,
            "interim_percent": self.interim_percent,
            "due_percent": self.submission_percent,
            "day_text": _("Day %(number)s") % {"number": self.day_number} if is_within else self.day_text,
            "of_text": _("of %(count)s") % {"count": self.day_count} if is_within else "",
            "left_text": self._left_words() if is_within else "",
            "today_label": self._marker_text(is_past) if is_within else "",
            "window_text": dates.day_range(self.cycle.window_start, self.cycle.window_end, long=True),
            "months": [
                month | ({} if number % step == 0 else {"label": ""})
                for number, month in enumerate(self.months)
            ],
            "dates": self._dates(),
        }

    def _left_words(self) -> str:
        if self.today == self.cycle.window_end:
            return self.close_text
        return _("%(days)s left") % {"days": self._days_to(self.cycle.window_end)}

    def _marker_text(self, is_past: bool) -> str:
        return dates.day_month(self.today) if is_past else _("Today")

    def _dates(self) -> list[WindowDate]:
        """Return the dates that count, in their order; those that are over stay."""
        labels = [
            (self.cycle.interim_on, "interim", _("Interim, %(day)s")),
            (self.cycle.submission_on, "due", _("Information due, %(day)s")),
            (self.cycle.window_end, "end", _("End of the window, %(day)s")),
        ]
        return [
            WindowDate(mark, label % {"day": dates.day_month(day)}, self._distance(day), day < self.today)
            for day, mark, label in sorted(labels)
        ]

    def _distance(self, day: date) -> str:
        """Return how far a day is: in 16 days (10 working days), today, 3 days ago."""
        if day == self.today:
            return dates.elapsed(0)
        if day < self.today:
            return _("%(days)s ago") % {"days": self._days_to(day)}
        words = {"days": self._days_to(day), "working_days": working_days(self.working_days_to(day))}
        return _("in %(days)s (%(working_days)s)") % words

    def working_days_to(self, day: date) -> int:
        """Return the working days after today, up to and including a day."""
        off = sum(self.today < each <= day and is_working_day(each) for each in self.days_off)
        return count_working_days(self.today, day) - off

    @property
    def left_text(self) -> str:
        """199 days (133 working days); empty outside the window and on its last day."""
        if self.is_before or self.today >= self.cycle.window_end:
            return ""
        left = working_days(self.working_days_to(self.cycle.window_end))
        return f"{self._days_to(self.cycle.window_end)} ({left})"


def working_days(count: int) -> str:
    """133 working days."""
    return ngettext("%(count)s working day", "%(count)s working days", count) % {"count": count}
