"""Planning: what is owed today is written into the outbox, and what was done meanwhile is settled. Safe to repeat."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import connection, transaction

from audit.clock import local_date
from recommendations.models import Cycle
from reminders import owed
from reminders.calendars import Calendars
from reminders.models import ReminderRule, Round
from reminders.services.usual_rules import give_usual_rules

logger = logging.getLogger(__name__)

#: Planners wait for each other, and so does the packing: one thing is done to the outbox at a time.
OUTBOX_LOCK = "SELECT pg_advisory_xact_lock(hashtext('jejak.reminders'))"

#: One planning at a time sorts and hashes some hundred thousand rows at most; on the disk that takes twice as long.
WORK_MEMORY = "64MB"

#: Settled rows are those that nobody owes to this recipient any more; a row that is owed again stands again, and goes
#: into a new mail unless the one that it lies in has gone or still waits. (NOT IN, of columns that are never NULL, is
#: looked up in a hash whatever the planner thinks of the size of `owed`; NOT EXISTS was a loop in a loop. What stands
#: already is left out of the INSERT, which would lock each of its rows in vain, every minute.)
_PLAN = f"""
WITH {owed.parts()},
settled AS (
    UPDATE reminders_reminder reminder SET settled_at = %(now)s
    WHERE reminder.settled_at IS NULL AND reminder.nudge_id IS NULL
      AND (reminder.recipient, reminder.matter, reminder.due_on) NOT IN (
        SELECT recipient, matter, due_on FROM owed)
    RETURNING reminder.id),
planned AS (
    INSERT INTO reminders_reminder AS reminder (
        recipient, user_id, agency_id, matter, what, due_on, rung, step, is_escalation, is_urgent, is_muted,
        in_place_of_id, cycle_id, about_id, assignment_id, update_id, action_id, rule_id, send_on, planned_at)
    SELECT {owed.COLUMNS}, %(now)s
    FROM owed
    WHERE rung IS NOT NULL AND (recipient, matter, due_on, rung) NOT IN (
        SELECT recipient, matter, due_on, rung FROM reminders_reminder WHERE settled_at IS NULL)
    ON CONFLICT (recipient, matter, due_on, rung) DO UPDATE SET
        settled_at = NULL,
        is_muted = excluded.is_muted,
        delivery_id = CASE WHEN reminder.sent_at IS NOT NULL OR EXISTS (
            SELECT FROM reminders_delivery delivery
            WHERE delivery.id = reminder.delivery_id AND delivery.state = 'waiting')
            THEN reminder.delivery_id END
        WHERE reminder.settled_at IS NOT NULL
    RETURNING reminder.planned_at = %(now)s AS is_new, reminder.send_on)
SELECT count(*) FILTER (WHERE is_new),
       (SELECT count(*) FROM settled),
       count(*) FILTER (WHERE is_new AND send_on > %(before)s AND send_on < %(today)s),
       min(send_on) FILTER (WHERE is_new AND send_on > %(before)s AND send_on < %(today)s)
FROM planned
"""  # noqa: S608 - the words are ours

#: A nudge is answered by an update that was sent after it; it ends with the assignment, or when the person leaves.
SETTLE_NUDGES = """
UPDATE reminders_reminder reminder SET settled_at = %(now)s
FROM reminders_nudge nudge
JOIN recommendations_assignment assignment ON assignment.id = nudge.assignment_id
JOIN recommendations_item item ON item.id = assignment.item_id
JOIN recommendations_cycle cycle ON cycle.id = item.cycle_id
WHERE nudge.id = reminder.nudge_id AND reminder.settled_at IS NULL AND (
    assignment.stage <> 'confirmed' OR cycle.closed_at IS NOT NULL
    OR EXISTS (
        SELECT FROM recommendations_submission submission
        JOIN recommendations_update sent ON sent.id = submission.update_id
        WHERE sent.assignment_id = assignment.id AND submission.submitted_at > nudge.sent_at)
    OR (reminder.user_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM accounts_user person
        WHERE person.id = reminder.user_id AND person.is_active AND person.joined_at IS NOT NULL
          AND CASE WHEN person.role IN ('officer', 'coordinator') THEN person.agency_id = reminder.about_id
              ELSE reminder.step = 'mapo' AND person.role IN ('reviewer', 'administrator') END))
    OR (reminder.agency_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM accounts_agency agency
        WHERE agency.id = reminder.agency_id AND agency.shared_mailbox <> '')))
"""


def plan(*, now: datetime) -> Round:
    """Write what is owed on the day of `now` into the outbox, and settle what no longer stands.

    One pass in the database, whatever the number of people. Planning again, or two planners at once, owe nothing
    twice: each (recipient, matter, day, rung) is one row. After a gap, the highest rung reached is said once, and the
    round says since when it was owed. Returns the round: a new one when there was something to do or the day is new,
    else the newest, touched.
    """
    give_missing_rules(now=now)
    today = local_date(now)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(OUTBOX_LOCK)
        cursor.execute(f"SET LOCAL work_mem = '{WORK_MEMORY}'")
        newest = Round.objects.first()
        before = local_date(newest.checked_at) if newest else today
        parameters = owed.day_parameters(today, calendars=Calendars.read())
        cursor.execute(_PLAN, parameters | {"now": now, "before": before})
        planned, settled, late, late_since = cursor.fetchone()
        cursor.execute(SETTLE_NUDGES, {"now": now})
        settled += cursor.rowcount
        if late:
            logger.warning("%d reminders were owed since %s: the planning comes late", late, late_since)
        if newest is not None and newest.day == today and not (planned or settled):
            newest.checked_at = now
            newest.save(update_fields=["checked_at"])
            return newest
        return Round.objects.create(
            day=today,
            checked_at=now,
            planned_count=planned,
            settled_count=settled,
            late_count=late,
            late_since=late_since,
        )


def give_missing_rules(*, now: datetime) -> None:
    """Every open cycle without a rule gets the usual ones."""
    for cycle in Cycle.objects.open().exclude(pk__in=ReminderRule.objects.values("cycle")):
        give_usual_rules(cycle, now=now)
