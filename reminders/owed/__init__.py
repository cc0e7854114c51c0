"""What is owed to whom on a day, in one statement: the heart of the reminders, read by planning, sending and preview.

Written by hand because it is one relation with one shape, derived in a single pass whatever the number of people.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import NamedTuple

from django.db import connection

from reminders.calendars import Calendars
from reminders.owed.days import day_parameters
from reminders.owed.statement import audience_parts, parts, standing_parts

__all__ = ["COLUMNS", "Listener", "Owed", "audience", "day_parameters", "parts", "rows", "standing_parts"]


class Owed(NamedTuple):
    """One row: what would be owed to one recipient, and why. As the columns of a Reminder of the same names."""

    recipient: str
    user_id: int | None
    agency_id: int | None
    matter: str
    what: str
    due_on: date
    rung: int
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


#: The columns of `owed` in the order of `Owed`; the mailbox's agency is called as in the model.
COLUMNS = ", ".join("mailbox_id" if name == "agency_id" else name for name in Owed._fields)


def rows(
    day: date, *, exactly: bool, rule_id: int | None = None, calendars: Calendars | None = None
) -> Iterator[Owed]:
    """What a planning on the day would say, by what is recorded now; nothing is written. Two queries.

    `exactly`: what falls on that very day, whether or not it has been said. Otherwise what a planning would add: what
    has been reached by then and neither stands in the outbox nor went out. `rule_id`: as if it were the only rule.
    """
    parameters = day_parameters(day, calendars=calendars or Calendars.read()) | {"rule": rule_id}
    chosen = (
        "owed.send_on = %(today)s::date"
        if exactly
        else """owed.rung IS NOT NULL AND NOT EXISTS (
            SELECT FROM reminders_reminder reminder
            WHERE reminder.recipient = owed.recipient AND reminder.matter = owed.matter
              AND reminder.due_on = owed.due_on AND reminder.rung = owed.rung
              AND (reminder.settled_at IS NULL OR reminder.sent_at IS NOT NULL))"""
    )
    only_rule = "AND rule.id = %(rule)s" if rule_id is not None else ""
    statement = f"WITH {parts(only_rule=only_rule)} SELECT {COLUMNS} FROM owed WHERE {chosen} ORDER BY recipient, due_on, matter"  # noqa: S608 - the words are ours
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        yield from map(Owed._make, cursor.fetchall())


class Listener(NamedTuple):
    """Somebody who answers for an assignment on a day, by the ladder; `agency_id` is set for a shared mailbox."""

    assignment_id: int
    recipient: str
    user_id: int | None
    agency_id: int | None
    step: str
    in_place_of_id: int | None


def audience(assignment_ids: Collection[int], *, today: date) -> list[Listener]:
    """Who is told of something about each of these assignments: the first step of the ladder that has anybody.

    With stand-ins and shared mailboxes. An agency in which nobody can act gives MAPO's own people (step mapo).
    Assignments that are not in force, or of a closed cycle, give nobody. One query.
    """
    columns = "assignment_id, recipient, user_id, mailbox_id, step, in_place_of_id"
    statement = f"WITH {audience_parts()} SELECT DISTINCT ON (assignment_id, recipient) {columns} FROM allowed ORDER BY assignment_id, recipient, in_place_of_id NULLS FIRST"  # noqa: S608 - the words are ours
    with connection.cursor() as cursor:
        cursor.execute(statement, {"assignments": list(assignment_ids), "today": today})
        return [Listener._make(row) for row in cursor.fetchall()]
