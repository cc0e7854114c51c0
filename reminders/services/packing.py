"""Packing: puts reminders and notices that are ready into mails, so that nobody gets more than one digest a day."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from audit.clock import KUALA_LUMPUR, local_date
from recommendations.queries.sql import read_statement
from reminders.due.calendar import WorkCalendar, WorkCalendars
from reminders.due.outbox import hold_outbox
from reminders.mails.content import site_host
from reminders.messages.notices import anytime_kinds
from reminders.states import DEFAULT_HOUR

#: A digest waits no longer than this: it is sent, or fails for good.
LONGEST_WAIT = timedelta(days=60)
_PACK_REMINDERS = read_statement(__file__, "pack_reminders")
_PACK_NOTICES = read_statement(__file__, "pack_notices")


def pack(*, now: datetime) -> int:
    """Put what is ready into mails, and return how many reminders and notices that were.

    A recipient gets one digest a day, at or after their hour, with what an earlier day left over. What is urgent, or
    would be late by the next working day because today's digest has gone, is sent at once. All of it in sending hours
    of the recipient's place: what falls on a night or a day off waits for the next working morning. Notices go in
    mails of their own, those that are urgent or awaited at any hour.
    """
    open_now = WorkCalendars.load().open_at(now)
    parameters = _parameters(open_now, now=now)
    with transaction.atomic(), connection.cursor() as cursor:
        hold_outbox()
        cursor.execute(_PACK_NOTICES, parameters)
        packed: int = cursor.rowcount
        if open_now:
            cursor.execute(_PACK_REMINDERS, parameters)
            packed += cursor.rowcount
        return packed


def _parameters(open_now: list[WorkCalendar], *, now: datetime) -> dict[str, Any]:
    today = local_date(now)
    return {
        "places": [calendar.place for calendar in open_now],
        "next": [calendar.next_working(today) for calendar in open_now],
        "today": today,
        "midnight": datetime.combine(today, datetime.min.time(), tzinfo=KUALA_LUMPUR),
        "long_ago": today - LONGEST_WAIT,
        "hour": now.astimezone(KUALA_LUMPUR).hour,
        "default_hour": DEFAULT_HOUR,
        "any_hour": anytime_kinds(),
        "host": site_host(),
        "now": now,
    }
