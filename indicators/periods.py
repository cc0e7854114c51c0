"""Periods of figures in the reader's language."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from indicators.states import PeriodKind
from ui import dates


def period_words(
    kind: str, begins_on: date | None, ends_on: date | None, *, counted_to: date | None = None
) -> str:
    """Return a period as pages write it: 2022; 2022/2023; 1 – 31 August 2023; 15 June 2023.

    Of one that was counted in part, also the last day: 2023, counted to 31 May 2023.
    """
    if begins_on is None or ends_on is None:
        return _("period not stated")
    words = _whole_period(kind, begins_on, ends_on)
    if counted_to is None or counted_to == ends_on:
        return words
    return _("%(period)s, counted to %(day)s") % {"period": words, "day": dates.day(counted_to)}


def _whole_period(kind: str, begins_on: date, ends_on: date) -> str:
    if kind == PeriodKind.YEAR:
        return str(begins_on.year)
    if kind == PeriodKind.WINDOW and ends_on.year == begins_on.year + 1:
        return f"{begins_on.year}/{ends_on.year}"
    return dates.day_range(begins_on, ends_on, long=True)
