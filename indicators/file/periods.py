"""Reads periods: a kind, its first and last day, and the last day that was counted."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from django.utils.translation import gettext as _

from cycles.file import FileSection
from indicators.file.entries import PeriodEntry
from indicators.states import PeriodKind


def read_period(section: FileSection) -> PeriodEntry | None:
    """Return the period under the key `period`; None if there is none. A problem is added for one that is not in order."""
    if "period" not in section.values:
        return None
    period = section.section("period", required={"kind"}, optional={"from", "to", "counted_to"})
    kind = period.choice("kind", PeriodKind.values)
    if kind not in PeriodKind.values:
        return PeriodEntry(period.line, "")
    has_days = {"from", "to"} & period.values.keys()
    if kind == PeriodKind.UNSTATED:
        if period.values.keys() != {"kind"}:
            period.problems.add(period.line, _("A period that is not stated has no days."))
        return PeriodEntry(period.line, kind, short_name=kind)
    if len(has_days) < 2:
        period.problems.add(period.line, _("A period of this kind has “from” and “to”."))
        return PeriodEntry(period.line, kind)
    counted_to = period.day("counted_to") if "counted_to" in period.values else None
    begins_on, ends_on = period.day("from"), period.day("to")
    name = _short_name(kind, begins_on, ends_on)
    found = PeriodEntry(period.line, kind, begins_on, ends_on, counted_to, name)
    reason = _why_not_in_order(found)
    if reason:
        period.problems.add(period.line, reason)
    return found


def _short_name(kind: str, begins_on: date, ends_on: date) -> str:
    """Return what checks call a period: 2022, 2021/2022, 2023-08, 2023-Q3, 2023-06-15."""
    names = {
        PeriodKind.YEAR: f"{begins_on.year}",
        PeriodKind.WINDOW: f"{begins_on.year}/{ends_on.year}",
        PeriodKind.MONTH: begins_on.isoformat()[:7],
        PeriodKind.QUARTER: f"{begins_on.year}-Q{(begins_on.month + 2) // 3}",
    }
    return names.get(PeriodKind(kind), begins_on.isoformat())


def _why_not_in_order(period: PeriodEntry) -> str:
    """Return why the days do not fit together or do not fit the kind; "" if they do, or if one could not be read."""
    begins_on, ends_on, counted_to = period.begins_on, period.ends_on, period.counted_to
    if begins_on is None or ends_on is None or date.min in (begins_on, ends_on, counted_to):
        return ""
    if ends_on < begins_on:
        return _("The period ends before it begins.")
    if counted_to and not begins_on <= counted_to <= ends_on:
        return _("The last day that was counted is outside the period.")
    if ends_on != _end_of(period.kind, begins_on, ends_on):
        words_ = {"kind": PeriodKind(period.kind).label}
        return _("These days are not a period of the kind “%(kind)s”.") % words_
    return ""


def _end_of(kind: str, begins_on: date, ends_on: date) -> date | None:
    """Return the day on which a period of this kind ends that begins on a day; None if it cannot begin on it."""
    months = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}.get(PeriodKind(kind))
    if kind == PeriodKind.DAY:
        return begins_on
    if months is None:
        return ends_on
    if begins_on.day != 1 or (begins_on.month - 1) % months:
        return None
    last_month = begins_on.month + months - 1
    return begins_on.replace(month=last_month) + timedelta(days=monthrange(begins_on.year, last_month)[1] - 1)
