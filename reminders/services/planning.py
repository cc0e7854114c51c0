"""Planning: writes what is due today into the outbox, and settles what was done meanwhile. Safe to repeat."""

import logging
from datetime import datetime

from django.db import connection, transaction

from audit.clock import local_date
from recommendations.models import Cycle
from recommendations.queries.sql import read_statement
from reminders.due.calendar import WorkCalendars, day_parameters
from reminders.due.outbox import SETTLE_NUDGES, hold_outbox
from reminders.due.reminders import DUE_COLUMNS, REMINDER_COLUMNS
from reminders.due.sql import planning_relations
from reminders.models import PlanningRun, ReminderRule
from reminders.services.default_rules import give_default_rules

logger = logging.getLogger(__name__)

#: A planning sorts and hashes some hundred thousand rows at most; on disk that takes twice as long.
WORK_MEMORY = "64MB"

_STATEMENT = read_statement(__file__, "plan").format(into=REMINDER_COLUMNS, due=DUE_COLUMNS)
_PLAN = f"WITH {planning_relations()}, {_STATEMENT}"


def plan(*, now: datetime) -> PlanningRun:
    """Write what is due on the day of `now` into the outbox, and settle what no longer stands.

    One pass in the database, whatever the number of people. Planning again, or two plannings at once, add nothing
    twice: each (recipient, matter, due date, level) is one row. After a gap, the highest level reached is said once,
    and the run says since when it was due. Returns the run: a new one if something was done or the day is new,
    else the newest with a new `checked_at`.
    """
    give_missing_rules(now=now)
    today = local_date(now)
    with transaction.atomic(), connection.cursor() as cursor:
        hold_outbox()
        cursor.execute(f"SET LOCAL work_mem = '{WORK_MEMORY}'")
        newest = PlanningRun.objects.first()
        before = local_date(newest.checked_at) if newest else today
        parameters = day_parameters(today, calendars=WorkCalendars.load())
        cursor.execute(_PLAN, parameters | {"now": now, "before": before})
        planned, settled, late, late_since = cursor.fetchone()
        cursor.execute(SETTLE_NUDGES, {"now": now})
        settled += cursor.rowcount
        if late:
            logger.warning("%d reminders were due since %s: the planning is late", late, late_since)
        if newest is not None and newest.day == today and not (planned or settled):
            newest.checked_at = now
            newest.save(update_fields=["checked_at"])
            return newest
        return PlanningRun.objects.create(
            day=today,
            checked_at=now,
            planned_count=planned,
            settled_count=settled,
            late_count=late,
            late_since=late_since,
        )


def give_missing_rules(*, now: datetime) -> None:
    """Give every open cycle without rules its default ones."""
    for cycle in Cycle.objects.open().exclude(pk__in=ReminderRule.objects.values("cycle")):
        give_default_rules(cycle, now=now)
