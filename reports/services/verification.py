"""Verifying: whether Jejak made a file, of which selection, and whether that selection has the same content today."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.clearance import Clearance
from accounts.models import User
from audit.errors import NotNow
from audit.models import Event, audit_type_of
from audit.services import record
from reports.errors import EmptySelection
from reports.models.download import Download
from reports.models.report import Report
from reports.permissions import keeps_rights
from reports.services.changes import ChangeReason, find_reasons
from reports.states import READABLE_FORMS, DownloadOutcome, NotCompared, ReportState, VerificationOutcome
from reports.summary.content import Progress, content_of, database_snapshot, ignore_progress
from reports.summary.selection import selection_of
from reports.summary.statement import Maker, Statement

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
    if report.form not in READABLE_FORMS:
        return NotCompared.FORM
    return NotCompared.LATER if most_rows is not None and (report.rows_count or 0) > most_rows else None


def differences(report: Report, *, progress: Progress = ignore_progress) -> tuple[ChangeReason, ...]:
    """Read the content again. Return why it is another one today; empty where it is the same.

    Read it inside `database_snapshot()`.
    """
    clearance = min(report.reader_clearance, report.ceiling)
    try:
        content = content_of(report, progress=progress)
    except EmptySelection:
        return find_reasons(report, item_ids=(), clearance=clearance)
    with closing(content):
        is_same = content.finish().fingerprint == report.fingerprint
    if is_same:
        return ()
    return find_reasons(report, item_ids=content.item_keys, clearance=clearance)
