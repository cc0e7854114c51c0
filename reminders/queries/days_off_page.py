"""The days off as the administrators' page shows them: the coming ones first, then those that are over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from accounts.places import Place
from reminders.models import DayOff

#: As many days that are over as the page tells of.
PAST_SHOWN = 30


@dataclass(frozen=True)
class DayOffLine:
    """One day off, and where it is kept."""

    day_off: DayOff

    @property
    def where(self) -> str:
        if not self.day_off.place:
            return _("All states and federal territories")
        return str(Place(self.day_off.place).label)


@dataclass(frozen=True)
class DaysOff:
    """Days to come, the next first, and days that are over, the last first."""

    coming: list[DayOffLine]
    over: list[DayOffLine]

    @property
    def is_empty(self) -> bool:
        return not self.coming and not self.over


def read_days_off(*, today: date) -> DaysOff:
    """What stands; days taken back are in the audit trail. Two queries."""
    rows = DayOff.objects.standing().select_related("added_by")
    over = rows.filter(day__lt=today).order_by("-day", "place")[:PAST_SHOWN]
    return DaysOff(
        coming=[DayOffLine(row) for row in rows.filter(day__gte=today)],
        over=[DayOffLine(row) for row in over],
    )
