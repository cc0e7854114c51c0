"""Verifying: whether Jejak made a file, of which selection, and whether that selection has the same content today.

What has many rows is compared by a worker.
"""

from __future__ import annotations

import logging
import re
import time
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.clearance import Clearance
from accounts.models import User
from audit.errors import NotNow
from audit.models import Event, audit_type_of
from audit.services import record
from audit.snapshot import database_snapshot
from evidence.queue import enqueue
from reports.errors import EmptySelection
from reports.models.comparison import Comparison
from reports.models.download import Download
from reports.models.report import Report
from reports.permissions import keeps_rights
from reports.services.changes import ChangeReason, find_reasons
from reports.services.leases import MAKE_TASK, MOST_ATTEMPTS, Lease, LeaseKeeper, MakingStopped, take_lease
from reports.states import FORM, DownloadOutcome, NotCompared, ReportState, VerificationOutcome
from reports.summary.content import Progress, content_of, ignore_progress
from reports.summary.hiding import reading_of
from reports.summary.selection import selection_of
from reports.summary.statement import Maker, Statement

logger = logging.getLogger(__name__)

#: A report with more rows is read again by a worker: some 15,000 rows a second would hold a thread of the web.
AT_ONCE_ROWS = 20_000
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('jejak.verify'), %s::integer)"


@dataclass(frozen=True, slots=True)
class VerificationResult:
    """What is known of a file by its SHA-256, as far as whoever asks may know it.

    `download`: where the file was streamed, the download in which it left whole. `reasons` say why today's content
    `differs`. Without a `statement` no more may be told than format, cycle, day and language.
    """

    sha256: str
    report: Report | None = None
    download: Download | None = None
    statement: Statement | None = None
    differs: bool = False
    reasons: tuple[ChangeReason, ...] = ()
    not_compared: NotCompared | None = None
    #: Whether this person may know why, where it differs.
    knows_why: bool = False

    @property
    def outcome(self) -> VerificationOutcome:
        if self.report is None:
            return VerificationOutcome.UNKNOWN
        if self.not_compared:
            return VerificationOutcome.MADE
        return VerificationOutcome.DIFFERS if self.differs else VerificationOutcome.SAME


def verify_file(
    sha256: str,
    *,
    actor: User | None = None,
    has_bytes: bool = False,
    most_rows: int | None = None,
    now: datetime,
) -> VerificationResult:
    """Look a file up by its SHA-256 (64 hexadecimal digits), and record who asked and what came of it.

    `actor` None: a command of the installation. What Jejak made is read again, with the rights for which it was made,
    unless it has more than `most_rows`. Raises NotNow for a person's second verification at the same time.

    A command learns everything, and so do MAPO within its clearance, and whoever it was made for with rights no lower
    than then. Others learn whether the content is the same only of a day that was over when the file was made, never
    why it is not, and only where they have the file itself (`has_bytes`).
    """
    result = look_up(sha256, actor=actor, has_bytes=has_bytes, most_rows=most_rows)
    with transaction.atomic():
        report = result.report
        record(
            action="report.verified",
            actor=actor,
            obj=report,
            label=str(report) if report else "",
            after={"sha256": result.sha256, "result": result.outcome.value},
            now=now,
        )
    return result


def look_up(
    sha256: str, *, actor: User | None = None, has_bytes: bool = False, most_rows: int | None = None
) -> VerificationResult:
    """Return what `verify_file` returns, without a record. A stream that broke off never counts: its end is missing."""
    sha256 = sha256.lower()
    if not _SHA256.fullmatch(sha256):
        raise ValueError("not a SHA-256: 64 hexadecimal digits")
    with database_snapshot():
        report, download = _find_report(sha256)
        if report is None:
            return VerificationResult(sha256)
        # To whoever asked for it, and to MAPO, the hash alone tells who made the file, and of what.
        if not (has_bytes or actor is None or actor.is_mapo or actor.pk == report.asked_by_id):
            return VerificationResult(sha256, report, download, not_compared=NotCompared.RIGHTS)
        statement, knows_why = statement_of(report), _may_know_why(actor, report)
        not_compared = _not_compared(report, most_rows, may_compare=knows_why or statement.is_closed)
        known = VerificationResult(
            sha256, report, download, statement, not_compared=not_compared, knows_why=knows_why
        )
        if not_compared:
            return known
        if actor is not None:
            _lock_for(actor)
        reasons = differences(report)
        return replace(known, differs=bool(reasons), reasons=reasons if knows_why else ())


def statement_of(report: Report) -> Statement:
    """Return what a report states of itself: the name and agency of its requester are those of then."""
    asked = Event.objects.about(audit_type_of(report), report.pk).filter(
        action="report.asked", actor_id=report.asked_by_id
    )
    name, agency = asked.values_list("actor_name", "actor_agency_code").first() or (
        report.asked_by.name,
        report.reader_agency.code,
    )
    return Statement(
        selection_of(report),
        Maker(name, agency, report.asked_at),
        report.rows_count or 0,
        Clearance(report.classification or 0),
        report.fingerprint,
        report.form,
    )


def _find_report(sha256: str) -> tuple[Report | None, Download | None]:
    """Return the report whose file has this hash, or whose stream left whole with it, and then that download.

    Of several with the same bytes it is the first: the others repeat it.
    """
    people = ("cycle", "asked_by", "reader_agency", "laid_agenda__meeting")
    stored = Report.objects.filter(sha256=sha256, state=ReportState.READY).select_related(*people)
    if report := stored.order_by("asked_at", "pk").first():
        return report, None
    whole = Download.objects.filter(
        sha256=sha256, outcome=DownloadOutcome.WHOLE, report__state=ReportState.READY
    )
    rows = whole.select_related(*(f"report__{name}" for name in people))
    download = rows.order_by("began_at", "pk").first()
    return (download.report, download) if download else (None, None)


def _lock_for(actor: User) -> None:
    """Take the person's lock until the reading ends: reading everything again costs the web seconds. Raises NotNow."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [actor.pk])
        (is_mine,) = cursor.fetchone()
    if not is_mine:
        raise NotNow(_("Another of your files is being verified. Wait until it is done, then continue."))


def _may_know_why(actor: User | None, report: Report) -> bool:
    """Return whether this person may know what happened since: it may concern what they may not read."""
    if actor is None:
        return True
    if actor.pk == report.asked_by_id:
        return keeps_rights(actor, report)
    return actor.is_active and actor.is_mapo and actor.clearance >= report.ceiling


def _not_compared(report: Report, most_rows: int | None, *, may_compare: bool) -> NotCompared | None:
    """Return why the content is not read again and compared; None where it is."""
    if not may_compare:
        return NotCompared.RIGHTS
    if report.form != FORM:
        return NotCompared.FORM
    return NotCompared.LATER if most_rows is not None and (report.rows_count or 0) > most_rows else None


def differences(report: Report, *, progress: Progress = ignore_progress) -> tuple[ChangeReason, ...]:
    """Read the content again. Return why it is another one today; empty where it is the same.

    Read it inside `database_snapshot()`.
    """
    clearance = min(report.reader_clearance, report.ceiling)
    try:
        with reading_of(report):
            content = content_of(report, progress=progress)
    except EmptySelection:
        return find_reasons(report, item_ids=(), clearance=clearance)
    with closing(content), reading_of(report):
        is_same = content.finish().fingerprint == report.fingerprint
    if is_same:
        return ()
    return find_reasons(report, item_ids=content.item_keys, clearance=clearance)


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
    lease = take_lease(model=Comparison, most_leases=most_leases)
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
