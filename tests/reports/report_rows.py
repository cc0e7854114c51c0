"""Reports as their making leaves them, without the making: for what reads them afterwards."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from audit.clock import now as clock_now
from audit.services import record
from audit.snapshot import database_snapshot
from meetings.models import LaidAgenda
from reports.models import Download, Report
from reports.states import FORM, FORMATS, DownloadOutcome, ExportFormat, ReportState
from reports.summary.selection import stored_selection
from reports.summary.statement import file_name
from tests.reports.conftest import Told
from tests.vouching import acting


def make_record(
    told: Told,
    by: str = "reviewer",
    *,
    export_format: ExportFormat = ExportFormat.CSV,
    content: bytes = b"bytes",
    fingerprint: str = "",
    form: int = FORM,
    laid_agenda: LaidAgenda | None = None,
    **asked: str,
) -> Report:
    """A report of a selection for a person that is ready, with `content` as its bytes (none where it is streamed).

    `fingerprint` stands in the place of its true one, `form` in that of the canonical form.
    """
    person, selection = told.people[by], told.select(by, **asked)
    with database_snapshot():
        tally = told.content(by, **asked).finish()
    is_kept = not FORMATS[export_format].is_streamed
    report = Report.objects.create(
        export_format=export_format,
        cycle=told.cycle,
        as_at=selection.day,
        language=selection.language,
        ceiling=selection.ceiling,
        depth=selection.depth,
        query=selection.query,
        asked_by=person,
        asked_at=told.now,
        reader_role=person.role,
        reader_agency=person.agency,
        reader_clearance=person.clearance,
        form=form,
        laid_agenda=laid_agenda,
    )
    report.state = ReportState.MAKING
    report.save()
    report.state, report.settled_at = ReportState.READY, told.now
    report.fingerprint = fingerprint or tally.fingerprint
    report.rows_count, report.classification = tally.rows_count, tally.classification
    report.file_name = file_name(stored_selection(selection.query), export_format)
    if is_kept:
        report.stored_name, report.size = "0" * 32, len(content)
        report.sha256 = hashlib.sha256(content).hexdigest()
    report.save()
    with transaction.atomic():
        record(action="report.asked", actor=person, obj=report, label=str(report), now=told.now)
    return report


def make_download(
    report: Report, *, outcome: DownloadOutcome, content: bytes, now: datetime | None = None
) -> Download:
    """A download that ended so, after these bytes had left."""
    now = now or clock_now()
    with acting(report.asked_by):
        download = Download.objects.create(report=report, downloaded_by=report.asked_by, began_at=now)
    download.ended_at, download.outcome = now, outcome
    download.sha256, download.size = hashlib.sha256(content).hexdigest(), len(content)
    download.save(update_fields=["ended_at", "outcome", "sha256", "size"])
    return download
