"""Packing: what is ready goes into mails, so that nobody gets more than one digest a day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from audit.clock import KUALA_LUMPUR, local_date
from reminders.calendars import Calendar, Calendars
from reminders.hours import USUAL_HOUR
from reminders.services.letters import site_host
from reminders.services.packing_news import pack_news
from reminders.services.planning import OUTBOX_LOCK

#: A digest waits no longer than this: it goes, or fails for good.
LONG_AGO = timedelta(days=60)

#: A digest that still waits from an earlier day (its place closed, or its server was away) takes along what is ready
#: now, so that nobody gets two on a day. Where it may have arrived already it gets another Message-ID: with the old
#: one a reader could drop it as a copy, and with it what is new.
_READY = """
WITH open(place, next_on) AS (SELECT * FROM unnest(%(places)s::text[], %(next)s::date[])),
ready AS MATERIALIZED (
    SELECT reminder.id, reminder.recipient, reminder.user_id, reminder.agency_id, former.waiting_id,
           coalesce(preference.hour, %(usual)s) <= %(hour)s AND former.has_gone IS NOT TRUE AS is_time,
           reminder.is_urgent
               OR (former.has_gone AND reminder.due_on >= %(today)s AND reminder.due_on < open.next_on)
               AS is_urgent
    FROM reminders_reminder reminder
    LEFT JOIN accounts_user person ON person.id = reminder.user_id
    JOIN accounts_agency agency ON agency.id = coalesce(person.agency_id, reminder.agency_id)
    JOIN open ON open.place = coalesce(nullif(person.place, ''), agency.place)
    LEFT JOIN reminders_preference preference ON preference.user_id = reminder.user_id
    CROSS JOIN LATERAL (
        SELECT bool_or(
                   digest.day = %(today)s
                   OR (digest.state = 'sent' AND digest.settled_at >= %(midnight)s)
                   OR (digest.state = 'waiting' AND digest.leased_until >= clock_timestamp())) AS has_gone,
               max(digest.id) FILTER (WHERE digest.state = 'waiting' AND digest.day < %(today)s) AS waiting_id
        FROM reminders_delivery digest
        WHERE digest.recipient = reminder.recipient AND digest.kind = 'digest' AND digest.day > %(long_ago)s) former
    WHERE reminder.delivery_id IS NULL AND reminder.sent_at IS NULL AND reminder.settled_at IS NULL
      AND NOT reminder.is_muted),
joined AS (
    UPDATE reminders_delivery delivery SET
        next_attempt_at = %(now)s,
        message_id = CASE WHEN EXISTS (SELECT FROM reminders_attempt attempt WHERE attempt.delivery_id = delivery.id)
            THEN gen_random_uuid() || '@' || %(host)s ELSE delivery.message_id END
    WHERE id IN (SELECT waiting_id FROM ready WHERE is_time) AND state = 'waiting'
      AND (leased_until IS NULL OR leased_until < clock_timestamp())
    RETURNING id, recipient, kind),
made AS (
    INSERT INTO reminders_delivery AS delivery (
        recipient, user_id, agency_id, kind, day, state, message_id, address, language, subject, made_at,
        next_attempt_at, attempts_count, server_words)
    SELECT recipient, min(user_id), min(agency_id), CASE WHEN bool_and(is_time) THEN 'digest' ELSE 'urgent' END,
           %(today)s, 'waiting', gen_random_uuid() || '@' || %(host)s, '', '', '', %(now)s, %(now)s, 0, ''
    FROM ready
    WHERE CASE WHEN is_time THEN waiting_id IS NULL ELSE is_urgent END
    GROUP BY recipient
    ON CONFLICT DO NOTHING
    RETURNING id, recipient, kind)
UPDATE reminders_reminder reminder SET delivery_id = mail.id
FROM (SELECT * FROM joined UNION ALL SELECT * FROM made) mail
JOIN ready USING (recipient)
WHERE reminder.id = ready.id AND (mail.kind = 'digest' OR ready.is_urgent)
"""


def pack(*, now: datetime) -> int:
    """Put what is ready into mails, and return how many reminders and notices went into one.

    A recipient gets one digest a day, at or after their hour, and with it what an earlier day left over; what is urgent, or would be late by the next working
    day because today's digest has gone, goes at once. Only in open hours of the recipient's place: what falls on a
    night or a day off waits for the next working morning. Notices go in mails of their own (`packing_news`).
    """
    open_now = Calendars.read().open_at(now)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(OUTBOX_LOCK)
        packed = pack_news(cursor, open_places=[calendar.place for calendar in open_now], now=now)
        if open_now:
            cursor.execute(_READY, _parameters(open_now, now=now))
            packed += cursor.rowcount
        return packed


def _parameters(open_now: list[Calendar], *, now: datetime) -> dict[str, Any]:
    today, hour = local_date(now), now.astimezone(KUALA_LUMPUR).hour
    return {
        "places": [calendar.place for calendar in open_now],
        "next": [calendar.next_working(today) for calendar in open_now],
        "today": today,
        "midnight": datetime.combine(today, datetime.min.time(), tzinfo=KUALA_LUMPUR),
        "long_ago": today - LONG_AGO,
        "hour": hour,
        "usual": USUAL_HOUR,
        "host": site_host(),
        "now": now,
    }
