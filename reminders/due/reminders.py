"""What would be said to whom on a day, read from what is recorded now."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from recommendations.queries.sql import fetch_rows
from reminders.due.calendar import WorkCalendars, day_parameters
from reminders.due.sql import planning_relations


class DueReminder(NamedTuple):
    """One reminder that a planning would add. The fields are those of `Reminder` of the same names."""

    recipient: str
    user_id: int | None
    agency_id: int | None
    matter: str
    what: str
    due_on: date
    level: int
    step: str
    is_escalation: bool
    is_urgent: bool
    is_muted: bool
    in_place_of_id: int | None
    cycle_id: int
    about_id: int | None
    assignment_id: int | None
    update_id: int | None
    action_id: int | None
    rule_id: int
    send_on: date


#: The columns of the table, and of the relation `highest`, in the order of `DueReminder`.
REMINDER_COLUMNS = ", ".join("rung" if name == "level" else name for name in DueReminder._fields)
DUE_COLUMNS = ", ".join("mailbox_id" if name == "agency_id" else name for name in DueReminder._fields)

_ON_THE_DAY = "highest.send_on = %(today)s::date"
_NOT_YET_SAID = """highest.level IS NOT NULL AND NOT EXISTS (
    SELECT FROM reminders_reminder reminder
    WHERE reminder.recipient = highest.recipient AND reminder.matter = highest.matter
      AND reminder.due_on = highest.due_on AND reminder.rung = highest.level
      AND (reminder.settled_at IS NULL OR reminder.sent_at IS NOT NULL))"""


def due_reminders(
    day: date, *, exactly: bool, rule_id: int | None = None, calendars: WorkCalendars | None = None
) -> Iterator[DueReminder]:
    """Yield what a planning on the day would say; nothing is written. Two queries.

    `exactly`: what falls on that very day, whether or not it was said. Otherwise what a planning would add: what was
    reached by then and is neither in the outbox nor was sent. `rule_id`: as if it were the only rule.
    """
    parameters = day_parameters(day, calendars=calendars or WorkCalendars.load()) | {"rule": rule_id}
    relations = planning_relations(rule_condition="AND rule.id = %(rule)s" if rule_id is not None else "")
    condition = _ON_THE_DAY if exactly else _NOT_YET_SAID
    statement = f"WITH {relations} SELECT {DUE_COLUMNS} FROM highest WHERE {condition} ORDER BY recipient, due_on, matter"  # noqa: S608 - the words are ours
    yield from map(DueReminder._make, fetch_rows(statement, parameters))
