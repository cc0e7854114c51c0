"""What was really said on a past day, beside what was due then."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from audit.clock import end_of_day, local_date
from reminders.models import Reminder
from ui import dates

if TYPE_CHECKING:
    from reminders.due.reminders import DueReminder, ReminderKey


def said_on(day: date, *, rule_id: int | None = None) -> dict[ReminderKey, Reminder]:
    """Return the reminders of rules that belong to a day, or were given on it, by their key. One query."""
    start, end = end_of_day(day - timedelta(days=1)), end_of_day(day)
    of_day = Q(send_on=day) | Q(planned_at__gte=start, planned_at__lt=end)
    rows = Reminder.objects.filter(of_day, nudge=None).order_by("recipient", "due_on", "matter")
    if rule_id is not None:
        rows = rows.filter(rule=rule_id)
    return {(row.recipient, row.matter, row.due_on, row.level): row for row in rows}


def beside_each_other(due: Iterable[DueReminder], said: dict[ReminderKey, Reminder]) -> list[Any]:
    """Return what was due, and after it what was said without being due at the end of the day."""
    rows = list(due)
    keys = {row.key for row in rows}
    return [*rows, *(row for key, row in said.items() if key not in keys)]


def outcome_of(row: Any, said: dict[ReminderKey, Reminder]) -> tuple[str, str]:
    """Return what became of a reminder on a past day in words, with a tone: quiet where all went as the rules say."""
    reminder = said.get((row.recipient, row.matter, row.due_on, row.level))
    if reminder is None:
        return _("Due, but no reminder was given"), "warning"
    if reminder.is_muted:
        return _("In the list only: muted"), "quiet"
    if row is reminder:
        return _no_longer_due(reminder), "warning"
    if reminder.sent_at is not None:
        return _("E-mail sent %(at)s") % {"at": _moment(reminder.sent_at, reminder.send_on)}, "success"
    if reminder.settled_at is not None:
        at = _moment(reminder.settled_at, reminder.send_on)
        return _("In the list; done %(at)s, before an e-mail was sent") % {"at": at}, "quiet"
    return _("In the list; no e-mail sent"), "info"


def _no_longer_due(reminder: Reminder) -> str:
    """Return why something was said that was not due by what was recorded at the end of the day."""
    if local_date(reminder.planned_at) != reminder.send_on:
        return _("Given late: it was due on %(day)s") % {"day": dates.day(reminder.send_on)}
    if reminder.settled_at is not None:
        words = {"at": _moment(reminder.settled_at, reminder.send_on)}
        return _("Given; done or changed %(at)s, so no longer due at the end of the day") % words
    return _("Given, but not due at the end of the day")


def _moment(at: datetime, day: date) -> str:
    """Return an instant in words: only the time on the day itself."""
    return dates.time_of_day(at) if local_date(at) == day else dates.day_time(at)
