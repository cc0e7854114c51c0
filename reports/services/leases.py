"""Having a report in hand: one worker at a time, for as long as it shows that it lives.

A lease is by the database's real clock. Each taking counts one more attempt, and that number is the proof of whoever
works: what an earlier attempt still does, after its lease ran out and another took the report, changes nothing.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from types import TracebackType

from django.conf import settings
from django.db import Error, connection

logger = logging.getLogger(__name__)

#: Seconds between two looks of a maker at whether it may go on.
LOOK_SECONDS = 1.0

_TAKE = """
UPDATE reports_report SET state = 'making', attempts_count = attempts_count + 1, done_count = 0,
       leased_until = statement_timestamp() + make_interval(secs => %(lease)s)
WHERE id = (
    SELECT id FROM reports_report
    WHERE settled_at IS NULL AND (leased_until IS NULL OR leased_until < statement_timestamp())
      AND (%(id)s::bigint IS NULL OR id = %(id)s)
      AND (%(places)s::int IS NULL OR %(places)s > (
          SELECT count(*) FROM reports_report
          WHERE settled_at IS NULL AND leased_until >= statement_timestamp()))
    ORDER BY asked_at, id LIMIT 1
    FOR UPDATE SKIP LOCKED)
RETURNING id, attempts_count
"""
_RENEW = """
UPDATE reports_report
SET done_count = %(done)s, leased_until = statement_timestamp() + make_interval(secs => %(lease)s)
WHERE id = %(id)s AND attempts_count = %(attempt)s AND state = 'making'
"""
_GIVE_BACK = """
UPDATE reports_report SET state = 'waiting', leased_until = NULL
WHERE id = %(id)s AND attempts_count = %(attempt)s AND state = 'making'
"""


class Stopped(Exception):
    """Somebody cancelled the making, or another worker has taken it over."""


@dataclass(frozen=True, slots=True)
class Lease:
    """One attempt at one report; the first is number 1."""

    report_id: int
    attempt: int

    def renew(self, *, done: int) -> bool:
        """Shows how far it is, and that it lives; False when the report is no longer this attempt's."""
        return bool(_run(_RENEW, self, done=done))

    def give_back(self) -> None:
        """Lets another worker begin at once."""
        _run(_GIVE_BACK, self)


def take(report_id: int | None = None, *, places: int | None = None) -> Lease | None:
    """Take a report in hand, or the oldest that is free; None when there is none, or another has it.

    `places`: no more than so many are in hands at a time, give or take those that are taken in the same instant.
    """
    parameters = {"id": report_id, "places": places, "lease": settings.REPORTS_LEASE_SECONDS}
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, parameters)
        row = cursor.fetchone()
    return Lease(*row) if row else None


class Watch:
    """Beside a making, on a connection of its own: renews the lease, shows progress, hears of a cancelling.

    What is read in the meantime stands in one long transaction, in which a sign of life would be seen by nobody. A
    making that is shorter than one look opens no second connection. Inside a transaction of the caller nobody else
    could know of the report: there it does nothing.
    """

    def __init__(self, lease: Lease) -> None:
        self._lease = lease
        self._done = 0
        self._is_over = threading.Event()
        self._is_stopped = False
        self._thread = threading.Thread(target=self._look, name=f"report-{lease.report_id}", daemon=True)

    def __enter__(self) -> Watch:
        if not connection.in_atomic_block:
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over.set()
        if self._thread.is_alive():
            self._thread.join()

    def progress(self, rows: int) -> None:
        """What writers call: so many rows are done. Raises Stopped when the work is for nothing."""
        self._done = rows
        self.demand()

    def demand(self) -> None:
        """Raises Stopped when the report is no longer this attempt's."""
        if self._is_stopped:
            raise Stopped

    def _look(self) -> None:
        try:
            while not self._is_over.wait(LOOK_SECONDS):
                self._is_stopped = not self._renewed()
                if self._is_stopped:
                    break
        finally:
            connection.close()

    def _renewed(self) -> bool:
        try:
            return self._lease.renew(done=self._done)
        except Error as error:
            # The lease lasts for many looks: the next one tries again, on a new connection.
            logger.warning("Report %s gave no sign of life: %s", self._lease.report_id, error)
            connection.close()
            return True


def _run(statement: str, lease: Lease, **more: int) -> int:
    parameters = {
        "id": lease.report_id,
        "attempt": lease.attempt,
        "lease": settings.REPORTS_LEASE_SECONDS,
        **more,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.rowcount
