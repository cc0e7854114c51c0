"""Verifying a report with many rows: made known at once, and compared with today's content by a worker."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.errors import NotNow
from audit.services import record
from evidence.queue import enqueue
from reports.models.comparison import Comparison
from reports.models.report import Report
from reports.services.changes import ChangeReason
from reports.services.leases import Lease, LeaseKeeper, MakingStopped, take_lease
from reports.services.making import MOST_ATTEMPTS
from reports.services.requests import MAKE_TASK
from reports.services.verification import VerificationResult, differences, look_up, verify_file
from reports.states import NotCompared, ReportState
from reports.summary.content import database_snapshot

logger = logging.getLogger(__name__)

#: A report with more rows is read again by a worker: some 15,000 rows a second would hold a thread of the web.
AT_ONCE_ROWS = 20_000


def verify_or_begin(
    sha256: str, *, has_bytes: bool, actor: User, now: datetime
) -> VerificationResult | Comparison:
    """Verify a file for a person (see `verify_file`). Of a report with many rows, return the comparison that was begun.

    Asking again for what is not finished returns that comparison, so two clicks begin one. Raises NotNow while
    another file of the person is being compared.
    """
    result = verify_file(sha256, actor=actor, has_bytes=has_bytes, most_rows=AT_ONCE_ROWS, now=now)
    if result.report is None or result.not_compared != NotCompared.LATER:
        return result
    return _request(result.report, result.sha256, has_bytes=has_bytes, actor=actor, now=now)


@transaction.atomic
def _request(report: Report, sha256: str, *, has_bytes: bool, actor: User, now: datetime) -> Comparison:
    """Return the person's unfinished comparison of this file, or a new one, to be made by a worker."""
    User.objects.select_for_update(no_key=True, of=("self",)).get(pk=actor.pk)
    unfinished = Comparison.objects.of(actor).filter(settled_at=None).first()
    if unfinished is None:
        total = report.rows_count or 0
        about = {"report": report, "sha256": sha256, "has_bytes": has_bytes, "total_count": total}
        begun = Comparison.objects.create(**about, asked_by=actor, asked_at=now)
        transaction.on_commit(partial(enqueue, MAKE_TASK), robust=True)
        return begun
    if unfinished.sha256 != sha256:
        raise NotNow(_("Another of your files is being verified. Wait until it is done, then continue."))
    return unfinished


def compare_next(*, most_leases: int, now: datetime) -> int | None:
    """Make the oldest comparison that is free. Return its id; None when there is none, or enough is being made."""
    lease = take_lease(work=Comparison, most_leases=most_leases)
    if lease is None:
        return None
    comparison = Comparison.objects.select_related(
        "report__cycle", "report__laid_agenda__meeting", "asked_by"
    ).get(pk=lease.row_id)
    began = time.monotonic()
    try:
        reasons = _compare(comparison, lease)
        took = timedelta(seconds=time.monotonic() - began)
        _settle(comparison, lease, state=ReportState.READY, reasons=reasons, now=now + took)
    except MakingStopped:
        logger.info("Comparison %s is no longer to be made by attempt %s", comparison.pk, lease.attempt)
    except Exception:
        logger.exception("Report %s could not be compared with today's content", comparison.report_id)
        _fail(comparison, lease, now=now + timedelta(seconds=time.monotonic() - began))
    except BaseException:
        # The process is told to end: another begins at once.
        lease.give_back()
        raise
    return lease.row_id


def result_of(comparison: Comparison, *, actor: User) -> VerificationResult:
    """Return what came of a comparison, as far as this person may know it with the rights of now."""
    known = look_up(comparison.sha256, actor=actor, has_bytes=comparison.has_bytes, most_rows=0)
    if known.not_compared != NotCompared.LATER or not comparison.is_settled:
        return known
    if comparison.state == ReportState.FAILED:
        return replace(known, not_compared=NotCompared.FAILED)
    reasons = tuple(ChangeReason(value) for value in comparison.reasons) if known.knows_why else ()
    return replace(known, not_compared=None, differs=comparison.differs, reasons=reasons)


def _compare(comparison: Comparison, lease: Lease) -> tuple[ChangeReason, ...]:
    """Read the report again. Return why it is another one today. Raises MakingStopped when another worker holds it."""
    if lease.attempt > MOST_ATTEMPTS:
        raise RuntimeError(f"begun {MOST_ATTEMPTS} times and never finished")
    with LeaseKeeper(lease) as keeper, database_snapshot():
        return differences(comparison.report, progress=keeper.progress)


def _fail(comparison: Comparison, lease: Lease, *, now: datetime) -> None:
    """Settle a comparison as failed, unless another worker holds it by now."""
    try:
        _settle(comparison, lease, state=ReportState.FAILED, reasons=(), now=now)
    except MakingStopped:
        logger.info("Comparison %s is made by another worker", comparison.pk)


@transaction.atomic
def _settle(
    comparison: Comparison,
    lease: Lease,
    *,
    state: ReportState,
    reasons: tuple[ChangeReason, ...],
    now: datetime,
) -> None:
    """Settle a comparison, with an Event of what came of it. Raises MakingStopped when it is not this attempt's."""
    row = Comparison.objects.select_for_update(no_key=True, of=("self",)).get(pk=comparison.pk)
    if row.state != ReportState.MAKING or row.attempts_count != lease.attempt:
        raise MakingStopped
    row.state, row.settled_at, row.leased_until = state, now, None
    row.done_count, row.differs, row.reasons = row.total_count, bool(reasons), [str(why) for why in reasons]
    row.save()
    if state == ReportState.READY:
        report = comparison.report
        result = VerificationResult(row.sha256, report, differs=row.differs)
        record(
            action="report.verified",
            actor=comparison.asked_by,
            obj=report,
            label=str(report),
            after={"sha256": row.sha256, "result": result.outcome.value},
            now=now,
        )
