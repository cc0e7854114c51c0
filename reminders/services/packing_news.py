"""Packing news: what a person has not read when its hour has come goes into one mail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from audit.clock import local_date
from reminders.news import at_any_hour
from reminders.services.letters import site_host

#: Whoever gets a mail now gets all that is ready in it. A mail that still waits takes along what is new; where it may
#: have arrived already it gets another Message-ID, as a digest does. What its reader has in hand is left for the next
#: turn: whoever reads waits for nobody. `mail_after` is by the machine's real clock.
_READY = """
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
    UPDATE reminders_delivery delivery SET
        next_attempt_at = %(now)s,
        message_id = CASE WHEN EXISTS (SELECT FROM reminders_attempt attempt WHERE attempt.delivery_id = delivery.id)
            THEN gen_random_uuid() || '@' || %(host)s ELSE delivery.message_id END
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
"""


def pack_news(cursor: Any, *, open_places: list[str], now: datetime) -> int:
    """Put the notices whose hour has come into mails, and return how many went into one.

    In open hours of the recipient's place; what is urgent, or was asked for and is waited for, at any hour. The
    caller holds the outbox.
    """
    parameters = {
        "any_hour": at_any_hour(),
        "places": open_places,
        "today": local_date(now),
        "host": site_host(),
        "now": now,
    }
    cursor.execute(_READY, parameters)
    packed: int = cursor.rowcount
    return packed
