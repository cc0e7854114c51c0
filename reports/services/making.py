"""Making a report: from the rows to a whole file, or to a sentence that says why there is none."""

from __future__ import annotations

import logging
import time
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from audit.errors import DomainError, NotAllowed
from audit.snapshot import database_snapshot
from reports import files
from reports.files import ReportFile
from reports.models.report import Report
from reports.permissions import keeps_rights
from reports.services.leases import MOST_ATTEMPTS, Lease, LeaseKeeper, MakingStopped, take_lease
from reports.services.notices import notify_settled
from reports.services.records import record_on
from reports.states import ExportFormat, ReportState
from reports.summary.content import content_of
from reports.summary.fingerprint import RowTally
from reports.summary.hiding import reading_of
from reports.summary.limits import bounded_rows
from reports.summary.selection import selection_of
from reports.summary.statement import Maker, file_name
from reports.summary.writing import writer_of

logger = logging.getLogger(__name__)

_FAILURE_LENGTH = 300
#: What the Event of a finished report holds.
_RECORDED = ("fingerprint", "rows_count", "classification", "sha256")


@dataclass(slots=True)
class _Attempt:
    """One attempt at a report. Its clock starts at `now` and goes on while it works."""

    lease: Lease
    report: Report
    now: datetime
    #: Whoever requested it waits for the answer, and needs no notice.
    is_awaited: bool = False
    began: float = field(default_factory=time.monotonic)

    def settle(self, state: ReportState, **values: Any) -> ReportState:
        """Settle the report with these values, an Event and a notice. Return its state.

        Raises MakingStopped when it is no longer this attempt's.
        """
        now = self.now + timedelta(seconds=time.monotonic() - self.began)
        with transaction.atomic():
            row = Report.objects.locked(self.report.pk)
            if row.state != ReportState.MAKING or row.attempts_count != self.lease.attempt:
                raise MakingStopped
            for name, value in {"state": state, "settled_at": now, "leased_until": None, **values}.items():
                setattr(row, name, value)
            row.save()
            record_on(
                row,
                action="report.made" if row.is_ready else "report.failed",
                actor=None if row.schedule_id else row.asked_by,
                after={name: getattr(row, name) for name in _RECORDED} if row.is_ready else None,
                reason=row.failure,
                now=now,
            )
            if not self.is_awaited:
                notify_settled(row, now=now)
        return state


def make(report_id: int, *, now: datetime) -> ReportState | None:
    """Make one report while whoever requested it waits. Return its state afterwards.

    Returns None when it is settled or another worker makes it. An error settles it as failed, with a sentence in its
    reader's language, and is not raised. When the process is killed, `make_next` begins again after the lease.
    """
    lease = take_lease(report_id)
    return _run(lease, is_awaited=True, now=now) if lease else None


def make_next(*, most_leases: int, now: datetime) -> int | None:
    """Make the oldest report that is free, and notify whoever requested it. Return its id.

    Returns None when there is none, or as many as `most_leases` are being made.
    """
    lease = take_lease(most_leases=most_leases)
    if lease is None:
        return None
    _run(lease, is_awaited=False, now=now)
    return lease.row_id


def _run(lease: Lease, *, is_awaited: bool, now: datetime) -> ReportState:
    """Make the leased report and settle it. Return its state afterwards."""
    people = ("cycle", "asked_by__agency", "laid_agenda__meeting")
    report = Report.objects.select_related(*people).get(pk=lease.row_id)
    attempt = _Attempt(lease, report, now, is_awaited=is_awaited and report.schedule_id is None)
    with translation.override(report.asked_by.language):
        try:
            _require_startable(attempt)
            return _settle(attempt, *_make_content(attempt))
        except MakingStopped:
            logger.info("Report %s is no longer to be made by attempt %s", report.pk, lease.attempt)
            return _current_state(report)
        except Exception as error:
            return _fail(attempt, _failure_text(error))
        except BaseException:
            # The process is told to end: another begins at once.
            lease.give_back()
            raise


def _require_startable(attempt: _Attempt) -> None:
    """Raise DomainError after too many attempts, NotAllowed when the requester's rights are lower by now."""
    if attempt.lease.attempt > MOST_ATTEMPTS:
        raise DomainError(
            _(
                "Jejak tried %(count)s times and could not finish. Nothing was made. Choose less, for "
                "example fewer items or one line per item; if it fails again, tell the administrator."
            )
            % {"count": MOST_ATTEMPTS}
        )
    if not keeps_rights(attempt.report.asked_by, attempt.report):
        raise NotAllowed(
            _("Your rights have changed since you asked for it. Nothing was made. Choose its content again.")
        )


def _make_content(attempt: _Attempt) -> tuple[RowTally, ReportFile | None]:
    """Read all rows and write the file. Return what is known of the rows, and the file; None for a streamed format."""
    report = attempt.report
    with LeaseKeeper(attempt.lease) as keeper, reading_of(report):
        if report.spec.is_streamed:
            with database_snapshot(), closing(content_of(report, progress=keeper.progress)) as content:
                for _document in bounded_rows(content):
                    pass
                return content.finish(), None
        with files.open_draft() as draft:
            with database_snapshot(), closing(content_of(report, progress=keeper.progress)) as content:
                # As it is stored, so that verifying can say what the cover says.
                maker = Maker.of(report.asked_by, now=report.asked_at)
                writer_of(ExportFormat(report.export_format))(content, draft, maker=maker)
                tally = content.finish()
            keeper.require_lease()
            return tally, files.store(draft)


def _settle(attempt: _Attempt, tally: RowTally, stored: ReportFile | None) -> ReportState:
    """Settle the report as ready, if it is still this attempt's; otherwise remove its file again."""
    try:
        return attempt.settle(
            ReportState.READY,
            fingerprint=tally.fingerprint,
            classification=tally.classification,
            **dict.fromkeys(("rows_count", "done_count", "total_count"), tally.rows_count),
            file_name=file_name(selection_of(attempt.report), ExportFormat(attempt.report.export_format)),
            **(asdict(stored) if stored else {}),
        )
    except BaseException:
        # What fails may fail after the commit: then the file is the report's.
        if stored is not None and not Report.objects.filter(stored_name=stored.stored_name).exists():
            files.remove(stored.stored_name)
        raise


def _fail(attempt: _Attempt, sentence: str) -> ReportState:
    """Settle the report as failed, if it is still this attempt's. Return its state afterwards."""
    try:
        return attempt.settle(ReportState.FAILED, failure=sentence[:_FAILURE_LENGTH])
    except MakingStopped:
        return _current_state(attempt.report)


def _current_state(report: Report) -> ReportState:
    return ReportState(Report.objects.values_list("state", flat=True).get(pk=report.pk))


def _failure_text(error: Exception) -> str:
    """Return what the reader is told about an error; an unexpected one is logged."""
    if isinstance(error, DomainError):
        return str(error)
    logger.error("A summary could not be made", exc_info=error)
    if isinstance(error, SoftTimeLimitExceeded):
        return _(
            "It took too long. Nothing was made. Choose less, for example fewer items or one line per item."
        )
    if isinstance(error, MemoryError):
        return _("It needed too much memory. Nothing was made. Choose less, or a table as CSV.")
    if isinstance(error, OSError) and error.errno in files.DISK_ERRORS:
        return _(
            "The file could not be stored because of a disk problem on the server. Nothing was kept. Try "
            "again in a few minutes; if it fails again, tell the administrator."
        )
    return _(
        "It could not be made, because of a fault in Jejak. Try again; if it fails again, tell the administrator."
    )
