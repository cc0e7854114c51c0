"""Packing: puts reminders and notices that are ready into mails, so that nobody gets more than one digest a day."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from audit.clock import KUALA_LUMPUR, local_date
from reminders.due.calendar import WorkCalendar, WorkCalendars
from reminders.due.outbox import hold_outbox
from reminders.mails.content import site_host
from reminders.messages.notices import anytime_kinds
from reminders.states import DEFAULT_HOUR

#: A digest waits no longer than this: it is sent, or fails for good.
LONGEST_WAIT = timedelta(days=60)

#: Where a waiting mail that takes along what is new may have arrived already, it gets another Message-ID: with the old
#: one a reader's program could drop it as a copy.
_JOIN = """
        next_attempt_at = %(now)s,
        message_id = CASE WHEN EXISTS (SELECT FROM reminders_attempt attempt WHERE attempt.delivery_id = delivery.id)
            THEN gen_random_uuid() || '@' || %(host)s ELSE delivery.message_id END
"""

#: A digest that still waits from an earlier day (its place was closed, or its server was away) takes along what is
#: ready now, so that nobody gets two on a day.
_PACK_REMINDERS = f"""
WITH open(place, next_on) AS (SELECT * FROM unnest(%(places)s::text[], %(next)s::date[])),
ready AS MATERIALIZED (
    SELECT reminder.id, reminder.recipient, reminder.user_id, reminder.agency_id, former.waiting_id,
           coalesce(preference.hour, %(default_hour)s) <= %(hour)s AND former.has_gone IS NOT TRUE AS is_time,
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
    UPDATE reminders_delivery delivery SET {_JOIN}
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
"""  # noqa: S608 - the words are ours

#: Whoever gets a mail now gets all notices that are ready in it, and a mail that still waits takes along what is new.
#: A notice that its reader is marking as read is left for the next run, so that readers wait for nobody. `mail_after`
#: is by the machine's real clock.
_PACK_NOTICES = f"""
WITH ready AS MATERIALIZED (
    SELECT notice.id, notice.user_id,
           notice.what = ANY(%(any_hour)s) OR coalesce(nullif(person.place, ''), agency.place) = ANY(%(places)s)
               AS is_time
    FROM reminders_notice notice
    JOIN accounts_user person ON person.id = notice.user_id AND person.is_active
    JOIN accounts_agency agency ON agency.id = person.agency_id
    WHERE notice.delivery_id IS NULL AND notice.read_at IS NULL AND notice.mail_after <= statement_timestamp()
    FOR NO KEY UPDATE OF notice SKIP LOCKED),
person AS (SELECT user_id FROM ready GROUP BY user_id HAVING bool_or(is_time)),
joined AS (
    UPDATE reminders_delivery delivery SET {_JOIN}
    WHERE id IN (
        SELECT max(id) FROM reminders_delivery
        WHERE user_id IN (SELECT user_id FROM person) AND kind = 'news' AND state = 'waiting'
        GROUP BY user_id)
      AND state = 'waiting' AND (leased_until IS NULL OR leased_until < clock_timestamp())
    RETURNING id, user_id),
made AS (
    INSERT INTO reminders_delivery (
        recipient, user_id, kind, day, state, message_id, address, language, subject, made_at, next_attempt_at,
        attempts_count, server_words)
    SELECT 'person:' || user_id, user_id, 'news', %(today)s, 'waiting', gen_random_uuid() || '@' || %(host)s,
           '', '', '', %(now)s, %(now)s, 0, ''
    FROM person
    WHERE user_id NOT IN (SELECT user_id FROM joined)
    RETURNING id, user_id)
UPDATE reminders_notice notice SET delivery_id = mail.id
FROM (SELECT * FROM joined UNION ALL SELECT * FROM made) mail
JOIN ready USING (user_id)
WHERE notice.id = ready.id
"""  # noqa: S608 - the words are ours


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
