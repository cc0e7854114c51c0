"""From the outbox to the mail server: at least once, never silently lost.

What is ready is packed into mails (`pack`); `send` hands them over. A mail in hand is leased to one worker, by the
database's real clock, and an `Attempt` is written before it begins: a worker that falls leaves an attempt without an
outcome and a lease that ends, and another goes on with the same Message-ID. Whoever accepted the mail in the meantime
gets it twice: that is the price of never losing one.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction

from audit.clock import KUALA_LUMPUR, local_date
from reminders import owed
from reminders.calendars import Calendars
from reminders.hours import USUAL_HOUR
from reminders.news import at_any_hour
from reminders.services.handing_over import Handed, hand_over
from reminders.services.letters import Letter, compose, read_letters
from reminders.services.packing import pack
from reminders.services.planning import OUTBOX_LOCK, SETTLE_NUDGES
from reminders.states import OF_THE_CYCLE, DeliveryState, Outcome

__all__ = ["Sent", "pack", "send", "settle_what_is_done"]

logger = logging.getLogger(__name__)

#: How long after an attempt that failed for now the next is made; then every last pause, until
#: `GIVE_UP_AFTER` (what MAPO sends again later is not given up at once).
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720))
GIVE_UP_AFTER = timedelta(days=5)
#: Mails that one worker takes in hand at a time.
BATCH = 100
#: What stands is looked up again for the rest of a batch when the last look is older than this.
LOOK_AGAIN_SECONDS = 2.0
#: The part of a lease in which a mail is begun: the rest is for a server that takes its time at each step of it.
BEGIN_WITHIN = 0.25
#: A turn begins no other batch after this time: the beat comes every minute, and a worker has other things to do.
TURN_SECONDS = 30.0

#: A mail that is being written.
Mail = Future[EmailMultiAlternatives]

_CLAIM = """
UPDATE reminders_delivery SET leased_until = statement_timestamp() + make_interval(secs => %(lease)s)
WHERE id IN (
    SELECT delivery.id
    FROM reminders_delivery delivery
    LEFT JOIN accounts_user person ON person.id = delivery.user_id
    JOIN accounts_agency agency ON agency.id = coalesce(person.agency_id, delivery.agency_id)
    LEFT JOIN reminders_preference preference ON preference.user_id = delivery.user_id
    WHERE delivery.state = 'waiting' AND delivery.next_attempt_at <= %(now)s
      AND (delivery.kind <> 'digest' OR delivery.day = %(today)s
           OR coalesce(preference.hour, %(usual)s) <= %(hour)s)
      AND (delivery.leased_until IS NULL OR delivery.leased_until < statement_timestamp())
      AND (coalesce(nullif(person.place, ''), agency.place) = ANY(%(places)s)
           OR (delivery.kind = 'news' AND EXISTS (
               SELECT FROM reminders_notice notice
               WHERE notice.delivery_id = delivery.id AND notice.what = ANY(%(any_hour)s))))
    ORDER BY delivery.next_attempt_at, delivery.id
    LIMIT %(limit)s
    FOR UPDATE OF delivery SKIP LOCKED)
RETURNING id, leased_until
"""

_SETTLE = f"""
WITH {owed.standing_parts()}
UPDATE reminders_reminder reminder SET settled_at = %(now)s
WHERE reminder.delivery_id = ANY(%(deliveries)s) AND reminder.settled_at IS NULL AND reminder.nudge_id IS NULL
  AND (reminder.recipient, reminder.matter, reminder.due_on) NOT IN (
    SELECT recipient, matter, due_on FROM allowed)
"""  # noqa: S608 - the words are ours

_OF_MAILS = """
SELECT coalesce(array_agg(DISTINCT assignment_id) FILTER (WHERE assignment_id IS NOT NULL), '{}'),
       coalesce(array_agg(DISTINCT about_id) FILTER (WHERE what = ANY(%(cycle_dates)s) AND about_id IS NOT NULL), '{}'),
       coalesce(bool_or(what = ANY(%(cycle_dates)s) AND about_id IS NULL), false)
FROM reminders_reminder
WHERE delivery_id = ANY(%(deliveries)s) AND settled_at IS NULL
"""


def settle_what_is_done(delivery_ids: list[int], *, now: datetime) -> None:
    """Settle those reminders of the mails that no longer stand: the look at the moment of sending. Four queries."""
    found: dict[str, Any] = {
        "deliveries": delivery_ids,
        "cycle_dates": sorted(OF_THE_CYCLE),
        "now": now,
        "today": local_date(now),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(OUTBOX_LOCK)
        cursor.execute(_OF_MAILS, found)
        assignments, agencies, whole_cycle = cursor.fetchone()
        more: dict[str, Any] = {"assignments": assignments, "agencies": agencies, "whole_cycle": whole_cycle}
        cursor.execute(_SETTLE, found | more)
        cursor.execute(f"{SETTLE_NUDGES} AND reminder.delivery_id = ANY(%(deliveries)s)", found)


@dataclass
class Sent:
    """What one turn of sending did."""

    sent: int = 0
    postponed: int = 0
    failed: int = 0
    empty: int = 0

    def note(self, state: str, outcome: str) -> None:
        """Count one mail by what became of it."""
        name = {DeliveryState.SENT: "sent", DeliveryState.FAILED: "failed"}.get(
            DeliveryState(state), "postponed"
        )
        setattr(self, name, getattr(self, name) + 1)


def send(*, now: datetime) -> Sent:
    """Hand over the mails that are due, until none is left or the turn is over.

    Several workers may run this at once: each mail is in one pair of hands. A server that cannot be reached ends the
    turn; whatever was not tried stays as it was.
    """
    return _Turn(now).run()


@dataclass
class _Turn:
    now: datetime
    done: Sent = field(default_factory=Sent)
    began: float = field(default_factory=time.monotonic)
    server: BaseEmailBackend | None = None
    #: The end of the lease on the batch in hand: what another worker has taken over since has another.
    lease: datetime | None = None
    writer: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))

    def run(self) -> Sent:
        try:
            while time.monotonic() - self.began < TURN_SECONDS:
                claimed = self._claim()
                if not claimed or not self._batch(claimed):
                    break
        finally:
            self._hang_up()
            self.writer.shutdown(cancel_futures=True)
        return self.done

    def instant(self) -> datetime:
        """The present instant: that of the turn's beginning, gone on."""
        return self.now + timedelta(seconds=time.monotonic() - self.began)

    def _claim(self) -> list[int]:
        parameters: dict[str, Any] = {
            "places": [calendar.place for calendar in Calendars.read().open_at(self.now)],
            "lease": settings.REMINDERS_LEASE_SECONDS,
            "limit": BATCH,
            "now": self.instant(),
            "today": local_date(self.now),
            "hour": self.now.astimezone(KUALA_LUMPUR).hour,
            "usual": USUAL_HOUR,
            "any_hour": at_any_hour(),
        }
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, parameters)
            claimed = cursor.fetchall()
        self.lease = claimed[0][1] if claimed else None
        return sorted(delivery_id for delivery_id, _lease in claimed)

    def _batch(self, delivery_ids: list[int]) -> bool:
        """Try the mails one after another; False when it makes no sense to go on in this turn."""
        claimed_at = time.monotonic()
        untried = list(delivery_ids)
        notes = _Notes(self)
        try:
            for letter, mail in self._letters(untried, notes):
                if time.monotonic() - claimed_at > settings.REMINDERS_LEASE_SECONDS * BEGIN_WITHIN:
                    return False
                untried.remove(letter.delivery_id)
                notes.begin(letter)
                handed = self._hand_over(letter, mail)
                notes.end(handed)
                if handed.is_server_gone:
                    return False
        finally:
            notes.write()
            _release(untried, lease=self.lease)
        return True

    def _letters(self, untried: list[int], notes: _Notes) -> Iterator[tuple[Letter, Mail]]:
        """The letters, each made from what stands a moment before it goes; a mail with nothing left is closed."""
        while untried:
            notes.write()
            settle_what_is_done(untried, now=self.instant())
            letters = read_letters(untried, today=local_date(self.now))
            looked_at = time.monotonic()
            for delivery_id in [each for each in untried if each not in letters]:
                self.done.empty += _close_empty(delivery_id, lease=self.lease, now=self.instant())
                untried.remove(delivery_id)
            for letter, mail in self._written(list(letters.values())):
                if time.monotonic() - looked_at > LOOK_AGAIN_SECONDS:
                    break
                yield letter, mail

    def _written(self, letters: list[Letter]) -> Iterator[tuple[Letter, Mail]]:
        """Each letter with its mail, which is written while the one before it goes: writing reads nothing."""
        coming = self.writer.submit(compose, letters[0]) if letters else None
        for letter, following in zip_longest(letters, letters[1:]):
            mail, coming = coming, self.writer.submit(compose, following) if following else None
            assert mail is not None
            yield letter, mail

    def _hand_over(self, letter: Letter, mail: Mail) -> Handed:
        try:
            message = mail.result()
        except Exception as error:
            logger.exception("Mail %s could not be written", letter.delivery_id)
            return Handed(Outcome.TEMPORARY, f"{type(error).__name__}: {error}")
        self.server = self.server or get_connection()
        handed = hand_over(message, letter.address, server=self.server)
        if handed.is_line_broken:
            self._hang_up()
        return handed

    def _hang_up(self) -> None:
        if self.server is not None:
            with suppress(Exception):
                self.server.close()
            self.server = None


_BEGIN = """
INSERT INTO reminders_attempt (delivery_id, message_id, began_at, outcome, server_words)
VALUES (%(delivery)s, %(message_id)s, %(began)s, '', '');
"""
_END = """
WITH ended AS (
    UPDATE reminders_attempt SET outcome = %(outcome)s, server_words = %(words)s, ended_at = %(ended)s
    WHERE delivery_id = %(delivery)s AND outcome = '' AND began_at = %(began)s),
said AS (
    UPDATE reminders_reminder SET sent_at = %(ended)s
    WHERE %(state)s = 'sent' AND id = ANY(%(reminders)s))
UPDATE reminders_delivery SET
    state = %(state)s, settled_at = CASE WHEN %(state)s <> 'waiting' THEN %(ended)s END, address = %(address)s,
    language = %(language)s, subject = %(subject)s, server_words = %(words)s, leased_until = NULL,
    attempts_count = attempts_count + 1, next_attempt_at = %(next)s
WHERE id = %(delivery)s AND (leased_until = %(lease)s OR %(state)s = 'sent');
"""


class _Notes:
    """Writes down each attempt: how one ended and that the next began go in one transaction, one commit a mail."""

    def __init__(self, turn: _Turn) -> None:
        self._turn = turn
        self._pending: tuple[str, dict[str, Any]] | None = None
        self._current: tuple[Letter, datetime] | None = None

    def begin(self, letter: Letter) -> None:
        """Write that the attempt begins, before anything is sent."""
        began = self._turn.instant()
        self._current = (letter, began)
        begin = {
            "delivery": letter.delivery_id,
            "message_id": letter.message_id,
            "began": began,
        }
        self._write(_BEGIN, begin)

    def end(self, handed: Handed) -> None:
        """Keep how it ended, to be written with the beginning of the next."""
        assert self._current is not None
        letter, began = self._current
        ended = self._turn.instant()
        state, next_attempt_at = _fate(handed, letter, now=ended)
        parameters: dict[str, Any] = {
            "delivery": letter.delivery_id,
            "outcome": handed.outcome.value,
            "words": handed.words[:2000],
            "state": state.value,
            "address": letter.address[:254],
            "language": letter.language,
            "subject": handed.subject[:200],
            "lease": self._turn.lease,
            "began": began,
            "ended": ended,
            "next": next_attempt_at,
            "reminders": letter.reminder_ids,
        }
        self._pending = (_END, parameters)
        self._turn.done.note(state, handed.outcome)

    def write(self) -> None:
        """Write what is still kept."""
        self._write("", {})

    def _write(self, statement: str, parameters: dict[str, Any]) -> None:
        pending, self._pending = self._pending, None
        with connection.cursor() as cursor:
            text = cursor.mogrify(pending[0], pending[1]) if pending else b""
            text += cursor.mogrify(statement, parameters) if statement else b""
            if text:
                # Several statements in one go are one transaction, and one way to the server.
                cursor.execute(text.decode())


def _fate(handed: Handed, letter: Letter, *, now: datetime) -> tuple[DeliveryState, datetime]:
    """What becomes of a mail after an attempt, and when it is tried again if it is."""
    if handed.outcome == Outcome.SENT:
        return DeliveryState.SENT, now
    is_old = now - letter.made_at > GIVE_UP_AFTER and letter.attempts_count >= len(PAUSES)
    if handed.outcome == Outcome.PERMANENT or is_old:
        return DeliveryState.FAILED, now
    return DeliveryState.WAITING, now + PAUSES[min(letter.attempts_count, len(PAUSES) - 1)]


def _release(delivery_ids: list[int], *, lease: datetime | None) -> None:
    """Give back what was taken in hand and not tried, unless another worker has it by now."""
    if delivery_ids:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE reminders_delivery SET leased_until = NULL WHERE id = ANY(%s) AND leased_until = %s",
                [delivery_ids, lease],
            )


def _close_empty(delivery_id: int, *, lease: datetime | None, now: datetime) -> int:
    """Close a mail in which nothing stands any more: nothing was sent."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE reminders_delivery SET state = 'empty', settled_at = %s, leased_until = NULL
               WHERE id = %s AND state = 'waiting' AND leased_until = %s""",
            [now, delivery_id, lease],
        )
        return cursor.rowcount
