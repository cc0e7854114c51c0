"""Leases: one worker at a time makes a report or a comparison, for as long as it renews its lease.

A lease runs by the database's real clock. Each lease is one more attempt, and the number of the attempt
proves who holds it: what an earlier attempt still does, after its lease ran out, changes nothing.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Any

from django.conf import settings
from django.db import Error, connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from reports.models.comparison import Comparison
from reports.models.report import Report
from reports.states import ReportState

logger = logging.getLogger(__name__)

#: Seconds between two renewals, and so between two looks at whether the making may go on.
RENEWAL_SECONDS = 1.0
#: The task that makes whatever waits, the oldest first.
MAKE_TASK = "reports.tasks.make_waiting"
#: How often a making is begun; when a worker is killed in the middle, another begins again.
MOST_ATTEMPTS = 3
_LEASED_MODELS: tuple[type[Report] | type[Comparison], ...] = (Report, Comparison)


class MakingStopped(Exception):
    """Somebody cancelled the making, or another worker holds the row by now."""


@dataclass(frozen=True, slots=True)
class Lease:
    """One attempt at one row of `model`; the first is number 1."""

    row_id: int
    attempt: int
    model: type[Report] | type[Comparison] = Report

    def renew(self, *, done: int) -> bool:
        """Store the number of rows done and extend the lease. Return False when it is no longer this attempt's."""
        return self._update(done_count=done, leased_until=_lease_end())

    def give_back(self) -> None:
        """Let another worker begin at once."""
        self._update(state=ReportState.WAITING, leased_until=None)

    def _update(self, **values: Any) -> bool:
        """Update the row, if it is still this attempt's. Return whether it is."""
        mine = {"pk": self.row_id, "attempts_count": self.attempt, "state": ReportState.MAKING}
        return bool(self.model._default_manager.filter(**mine).update(**values))


@transaction.atomic
def take_lease(
    row_id: int | None = None,
    *,
    model: type[Report] | type[Comparison] = Report,
    most_leases: int | None = None,
) -> Lease | None:
    """Lease a row of `model`, or the oldest one that is free. Return None when there is none, or another worker holds it.

    `most_leases`: no more than so many are held at a time, of all models, give or take those that are taken in the
    same instant.
    """
    if most_leases is not None and _held_count() >= most_leases:
        return None
    unsettled = model._default_manager.filter(settled_at=None)
    free = unsettled.filter(Q(leased_until=None) | ~_is_held())
    if row_id is not None:
        free = free.filter(pk=row_id)
    row = free.select_for_update(skip_locked=True).order_by("asked_at", "pk").first()
    if row is None:
        return None
    model._default_manager.filter(pk=row.pk).update(
        state=ReportState.MAKING,
        attempts_count=F("attempts_count") + 1,
        done_count=0,
        leased_until=_lease_end(),
    )
    return Lease(row.pk, row.attempts_count + 1, model)


def _held_count() -> int:
    """Return how many leases are held, of all models."""
    held = _is_held() & Q(settled_at=None)
    return sum(model._default_manager.filter(held).count() for model in _LEASED_MODELS)


def _is_held() -> Q:
    """Return the condition of a lease that runs. One that lasts too long stems from before the clock was set back.

    Who still holds such a one renews it within a second.
    """
    longest = timedelta(seconds=2 * settings.REPORTS_LEASE_SECONDS)
    return Q(leased_until__gte=Now(), leased_until__lte=Now() + longest)


def _lease_end() -> Any:
    """Return the expression for the end of a lease that begins now, by the database's clock."""
    return Now() + timedelta(seconds=settings.REPORTS_LEASE_SECONDS)


class LeaseKeeper:
    """Renews a lease, stores progress and notices a cancelling, in a thread with its own connection.

    The maker itself reads in one long transaction, in which nobody would see a renewal. A making that is shorter than
    one renewal opens no second connection. Inside a transaction of the caller nobody else knows of the row: there
    it does nothing.
    """

    def __init__(self, lease: Lease) -> None:
        self._lease = lease
        self._done = 0
        self._is_over = threading.Event()
        self._is_stopped = False
        self._thread = threading.Thread(target=self._keep, name=f"lease-{lease.row_id}", daemon=True)

    def __enter__(self) -> LeaseKeeper:
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
        """Receive the number of rows done. Raises MakingStopped when the work is for nothing."""
        self._done = rows
        self.require_lease()

    def require_lease(self) -> None:
        """Raise MakingStopped when the row is no longer this attempt's."""
        if self._is_stopped:
            raise MakingStopped

    def _keep(self) -> None:
        try:
            while not self._is_stopped and not self._is_over.wait(RENEWAL_SECONDS):
                self._is_stopped = not self._renewed()
        finally:
            connection.close()

    def _renewed(self) -> bool:
        """Return False only when the row is no longer this attempt's."""
        try:
            return self._lease.renew(done=self._done)
        except Error as error:
            # The lease outlasts many renewals: the next one tries again, on a new connection.
            logger.warning("%s could not renew its lease: %s", self._lease, error)
            connection.close()
            return True
