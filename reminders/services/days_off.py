"""What administrators do to the days off that the library does not know: add one, remove one, put it back."""

from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.regions import Place
from audit.acts import require
from audit.clock import local_date
from audit.errors import NotNow
from audit.services import record
from reminders.due.calendar import WorkCalendars
from reminders.models import DayOff
from reminders.permissions import may_edit_rules

#: Days off can be added so far ahead.
MAX_AHEAD = timedelta(days=3 * 366)

_LOCK = "SELECT pg_advisory_xact_lock(hashtext('jejak.days_off'))"


@transaction.atomic
def add_day_off(*, day: date, place: str, name: str, actor: User, now: datetime) -> DayOff:
    """Add a day on which nothing is sent, in one state or federal territory, or in all (`place` empty).

    Raises `NotNow` for a day that is over or too far ahead, no working day anyway, or a day off already.
    """
    require(may_edit_rules(actor))
    _lock()
    _require_working(day, place, today=local_date(now))
    day_off = DayOff.objects.create(day=day, place=place, name=name.strip(), added_by=actor, added_at=now)
    _record(day_off, "day_off.added", actor=actor, now=now)
    return day_off


@transaction.atomic
def remove_day_off(day_off: DayOff, *, actor: User, now: datetime) -> DayOff:
    """Remove a day off: it is a working day again. Nothing happens if it was removed. Raises `NotNow` for a past day."""
    require(may_edit_rules(actor))
    _lock()
    current = DayOff.objects.select_for_update(no_key=True).get(pk=day_off.pk)
    if current.removed_at is not None:
        return current
    if current.day < local_date(now):
        raise NotNow(_("That day has passed: its effect can no longer be changed."))
    current.removed_at, current.removed_by = now, actor
    current.save(update_fields=["removed_at", "removed_by"])
    _record(current, "day_off.removed", actor=actor, now=now)
    return current


def put_back_day_off(day_off: DayOff, *, actor: User, now: datetime) -> DayOff:
    """Add a removed day off again, as a new one with the same values. Raises as `add_day_off` does."""
    return add_day_off(day=day_off.day, place=day_off.place, name=day_off.name, actor=actor, now=now)


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)


def _require_working(day: date, place: str, *, today: date) -> None:
    if day < today:
        raise NotNow(_("That day has passed. Choose today or a later day."))
    if day > today + MAX_AHEAD:
        raise NotNow(_("That day is more than three years ahead. Choose a nearer one."))
    if DayOff.objects.in_force().filter(day=day, place__in=[place, ""]).exists():
        raise NotNow(_("That day is already a day off there."))
    calendars = WorkCalendars.load()
    meant = [calendars[place]] if place else list(calendars)
    if not any(calendar.is_working(day) for calendar in meant):
        if place:
            words = {"place": Place(place).label}
            raise NotNow(_("That day is already a weekend or public holiday in %(place)s.") % words)
        raise NotNow(_("That day is already a weekend or public holiday everywhere."))


def _record(day_off: DayOff, action: str, *, actor: User, now: datetime) -> None:
    values = {"day": day_off.day.isoformat(), "place": day_off.place, "name": day_off.name}
    before, after = (values, None) if action == "day_off.removed" else (None, values)
    record(action=action, actor=actor, obj=day_off, label=str(day_off), before=before, after=after, now=now)
