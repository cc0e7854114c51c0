"""From the outbox to the mail server: at least once, never silently lost.

`packing.pack` puts what is ready into mails; `send` sends them. One worker at a time holds the lease on a mail (by the
database's real clock), and an `Attempt` is written before it begins. A worker that dies leaves an attempt without an
outcome and a lease that expires; another worker then sends the mail with the same Message-ID. A server that had
accepted it already gets it twice: the price of never losing one.
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
from audit.seals import VOUCH, vouching
from backups.queries import is_mail_held
from recommendations.queries.sql import read_statement
from reminders.due.calendar import WorkCalendars
from reminders.due.outbox import SETTLE_NUDGES, hold_outbox
from reminders.due.sql import standing_relations
from reminders.kinds import CYCLE_KINDS
from reminders.mails.content import MailContent
from reminders.mails.loading import load_mails
from reminders.mails.rendering import render_mail
from reminders.messages.notices import anytime_kinds
from reminders.models import Delivery, Reminder
from reminders.services.smtp import SendResult, send_mail
from reminders.states import DEFAULT_HOUR, AttemptOutcome, DeliveryState

logger = logging.getLogger(__name__)

#: The pauses after attempts that failed for now; the last one is repeated until `GIVE_UP_AFTER`. A mail that MAPO
#: resends later is not given up at once.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720))
GIVE_UP_AFTER = timedelta(days=5)
#: How many mails a worker claims at a time.
BATCH_SIZE = 100
#: What stands is checked again for the rest of a batch when the last check is older than this.
CHECK_AGAIN_SECONDS = 2.0
#: The part of a lease within which a mail may be begun; the rest is for a slow server.
BEGIN_WITHIN = 0.25
#: A run claims no other batch after this time: beat comes every minute, and a worker has other tasks.
RUN_SECONDS = 30.0

_CLAIM = read_statement(__file__, "claim_mails")
_SETTLE = f"WITH {standing_relations()} {read_statement(__file__, 'settle_done')}"


def settle_done(delivery_ids: list[int], *, now: datetime) -> None:
    """Settle the reminders of these mails that no longer stand, at the moment of sending. Four queries."""
    with transaction.atomic(), connection.cursor() as cursor:
        hold_outbox()
        unsettled = Reminder.objects.filter(delivery__in=delivery_ids, settled_at=None).order_by()
        about = list(unsettled.values_list("assignment_id", "about_id", "what").distinct())
        of_cycles = {agency for _assignment, agency, what in about if what in CYCLE_KINDS}
        parameters: dict[str, Any] = {
            "deliveries": delivery_ids,
            "assignments": [assignment for assignment, _agency, _what in about if assignment],
            "agencies": list(of_cycles - {None}),
            "whole_cycle": None in of_cycles,
            "now": now,
            "today": local_date(now),
        }
        cursor.execute(_SETTLE, parameters)
        cursor.execute(f"{SETTLE_NUDGES} AND reminder.delivery_id = ANY(%(deliveries)s)", parameters)


@dataclass
class SendingSummary:
    """What one run of sending did."""

    sent: int = 0
    postponed: int = 0
    failed: int = 0
    empty: int = 0

    def count(self, state: DeliveryState) -> None:
        """Count one mail by its state after an attempt."""
        self.sent += state == DeliveryState.SENT
        self.failed += state == DeliveryState.FAILED
        self.postponed += state == DeliveryState.WAITING


def send(*, now: datetime) -> SendingSummary:
    """Send the mails that are due, until none is left or the time of the run is over.

    Several workers may do this at once: each mail is with one of them. A server that cannot be reached ends the run;
    what was not tried stays as it was. Nothing is sent while mail is held back after a restore.
    """
    if is_mail_held():
        return SendingSummary()
    return _Run(now).send()


@dataclass
class _Run:
    now: datetime
    summary: SendingSummary = field(default_factory=SendingSummary)
    began: float = field(default_factory=time.monotonic)
    server: BaseEmailBackend | None = None
    #: The end of the lease on the present batch. If another worker has taken a mail over since, it has another lease.
    lease: datetime | None = None
    renderer: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))

    def send(self) -> SendingSummary:
        try:
            while time.monotonic() - self.began < RUN_SECONDS:
                claimed = self._claim()
                if not claimed or not self._send_batch(claimed):
                    break
        finally:
            self._disconnect()
            self.renderer.shutdown(cancel_futures=True)
        return self.summary

    def instant(self) -> datetime:
        """Return the present instant: `now` plus the time since the run began."""
        return self.now + timedelta(seconds=time.monotonic() - self.began)

    def _claim(self) -> list[int]:
        """Take the lease on the next mails that are due, and return their ids."""
        parameters: dict[str, Any] = {
            "places": [calendar.place for calendar in WorkCalendars.load().open_at(self.now)],
            "lease": settings.REMINDERS_LEASE_SECONDS,
            "limit": BATCH_SIZE,
            "now": self.instant(),
            "today": local_date(self.now),
            "hour": self.now.astimezone(KUALA_LUMPUR).hour,
            "default_hour": DEFAULT_HOUR,
            "any_hour": anytime_kinds(),
        }
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, parameters)
            claimed = cursor.fetchall()
        self.lease = claimed[0][1] if claimed else None
        return sorted(delivery_id for delivery_id, _lease in claimed)

    def _send_batch(self, delivery_ids: list[int]) -> bool:
        """Try the mails one after another; return whether it makes sense to go on with another batch."""
        claimed_at = time.monotonic()
        untried = list(delivery_ids)
        attempts = _AttemptLog(self)
        try:
            for content, mail in self._mails(untried, attempts):
                if time.monotonic() - claimed_at > settings.REMINDERS_LEASE_SECONDS * BEGIN_WITHIN:
                    return False
                untried.remove(content.delivery_id)
                if not attempts.begin(content):
                    continue
                result, subject = self._try(content, mail)
                attempts.end(result, subject=subject)
                if result.is_server_gone:
                    return False
        finally:
            attempts.flush()
            _release(untried, lease=self.lease)
        return True

    def _mails(
        self, untried: list[int], attempts: _AttemptLog
    ) -> Iterator[tuple[MailContent, Future[EmailMultiAlternatives]]]:
        """Yield the mails, each made from what stands shortly before it is sent; close those with nothing left."""
        while untried:
            attempts.flush()
            settle_done(untried, now=self.instant())
            contents = load_mails(untried, today=local_date(self.now))
            checked_at = time.monotonic()
            for delivery_id in [each for each in untried if each not in contents]:
                self.summary.empty += _close_empty(delivery_id, lease=self.lease, now=self.instant())
                untried.remove(delivery_id)
            for content, mail in self._rendered(list(contents.values())):
                if time.monotonic() - checked_at > CHECK_AGAIN_SECONDS:
                    break
                yield content, mail

    def _rendered(
        self, contents: list[MailContent]
    ) -> Iterator[tuple[MailContent, Future[EmailMultiAlternatives]]]:
        """Yield each content with its mail, which is rendered while the one before it is sent."""
        coming = self.renderer.submit(render_mail, contents[0]) if contents else None
        for content, following in zip_longest(contents, contents[1:]):
            mail, coming = coming, self.renderer.submit(render_mail, following) if following else None
            assert mail is not None
            yield content, mail

    def _try(self, content: MailContent, mail: Future[EmailMultiAlternatives]) -> tuple[SendResult, str]:
        """Send one mail; return how that ended, and the subject that it went with."""
        try:
            message = mail.result()
        except Exception as error:
            logger.exception("Mail %s could not be rendered", content.delivery_id)
            return SendResult(AttemptOutcome.TEMPORARY, f"{type(error).__name__}: {error}"), ""
        self.server = self.server or get_connection()
        result = send_mail(message, content.address, server=self.server)
        if result.is_connection_broken:
            self._disconnect()
        return result, str(message.subject)

    def _disconnect(self) -> None:
        if self.server is not None:
            with suppress(Exception):
                self.server.close()
            self.server = None


_BEGIN = read_statement(__file__, "begin_attempt")
_END = read_statement(__file__, "end_attempt")


class _AttemptLog:
    """Writes the attempts down. The end of one and the beginning of the next are one transaction: one commit a mail."""

    def __init__(self, run: _Run) -> None:
        self._run = run
        self._ended: dict[str, Any] | None = None
        self._current: tuple[MailContent, datetime] | None = None

    def begin(self, content: MailContent) -> bool:
        """Write that an attempt begins, before anything is sent. Return False where another worker has the lease by now.

        A lease ends early when the database's clock jumps.
        """
        began = self._run.instant()
        self._current = (content, began)
        about = {"delivery": content.delivery_id, "message_id": content.message_id}
        return self._write({**about, "began": began, "lease": self._run.lease})

    def end(self, result: SendResult, *, subject: str) -> None:
        """Keep how the attempt ended, to be written with the beginning of the next."""
        assert self._current is not None
        content, began = self._current
        ended = self._run.instant()
        state, next_attempt_at = _next_state(result, content, now=ended)
        self._ended = {
            "delivery": content.delivery_id,
            "outcome": result.outcome.value,
            "words": result.words[:2000],
            "state": state.value,
            "address": content.address[:254],
            "language": content.language,
            "subject": subject[:200],
            "lease": self._run.lease,
            "began": began,
            "ended": ended,
            "next": next_attempt_at,
            "reminders": content.reminder_ids,
        }
        self._run.summary.count(state)

    def flush(self) -> None:
        """Write what is still kept."""
        self._write(None)

    def _write(self, begin: dict[str, Any] | None) -> bool:
        """Write what is kept, and the beginning of an attempt; return whether that was written."""
        ended, self._ended = self._ended, None
        with connection.cursor() as cursor:
            text = cursor.mogrify(_END, ended) if ended else b""
            text += cursor.mogrify(_BEGIN, begin) if begin else b""
            if text:
                # Several statements in one go are one transaction and one round trip.
                vouched = cursor.mogrify(f"{VOUCH};", vouching("mail.attempted"))
                cursor.execute((vouched + text).decode())
            return begin is not None and cursor.rowcount == 1


def _next_state(result: SendResult, content: MailContent, *, now: datetime) -> tuple[DeliveryState, datetime]:
    """Return the state of a mail after an attempt, and when the next attempt is if it waits."""
    if result.outcome == AttemptOutcome.SENT:
        return DeliveryState.SENT, now
    is_old = now - content.made_at > GIVE_UP_AFTER and content.attempts_count >= len(PAUSES)
    if result.outcome == AttemptOutcome.PERMANENT or is_old:
        return DeliveryState.FAILED, now
    return DeliveryState.WAITING, now + PAUSES[min(content.attempts_count, len(PAUSES) - 1)]


def _release(delivery_ids: list[int], *, lease: datetime | None) -> None:
    """Give back the lease on mails that were not tried, unless another worker holds it by now."""
    if delivery_ids:
        Delivery.objects.filter(pk__in=delivery_ids, leased_until=lease).update(leased_until=None)


@transaction.atomic
def _close_empty(delivery_id: int, *, lease: datetime | None, now: datetime) -> int:
    """Close a mail that has nothing left to say; return 1, or 0 if another worker holds its lease."""
    with connection.cursor() as cursor:
        cursor.execute(VOUCH, vouching("mail.emptied"))
    waiting = Delivery.objects.filter(pk=delivery_id, state=DeliveryState.WAITING, leased_until=lease)
    return waiting.update(state=DeliveryState.EMPTY, settled_at=now, leased_until=None)
