"""Rules, stand-ins, days off and choices, written directly as the services would leave them."""

from __future__ import annotations

from datetime import date, datetime

from accounts.models import StandIn, User
from recommendations.models import Cycle
from reminders.models import DayOff, Preference, ReminderRule
from reminders.states import Audience


def make_rule(
    cycle: Cycle, what: str, *, audience: str = Audience.RESPONSIBLE, first_days: int = 0, **values: object
) -> ReminderRule:
    """A rule that is on: once, on the day itself, for those who are responsible, unless said otherwise."""
    return ReminderRule.objects.create(
        cycle=cycle,
        what=what,
        audience=audience,
        first_days=first_days,
        added_at=cycle_began(cycle),
        **values,
    )


def cycle_began(cycle: Cycle) -> datetime:
    """An instant at which a rule of the cycle may have been added."""
    from audit import clock

    return clock.end_of_day(cycle.window_start)


def make_stand_in(absent: User, colleague: User, *, from_on: date, until_on: date, now: datetime) -> StandIn:
    """A colleague who also gets what is sent to somebody, between two days."""
    return StandIn.objects.create(
        absent=absent, colleague=colleague, from_on=from_on, until_on=until_on, named_by=absent, named_at=now
    )


def make_day_off(day: date, *, actor: User, now: datetime, place: str = "") -> DayOff:
    """A day off that no library knows, everywhere unless a place is named."""
    return DayOff.objects.create(day=day, place=place, name="Cuti peristiwa", added_by=actor, added_at=now)


def prefer(person: User, **choices: object) -> Preference:
    """Choose the hour of the digest (`hour`), or what to mute (`muted`)."""
    return Preference.objects.update_or_create(user=person, defaults=choices)[0]
