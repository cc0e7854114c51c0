"""Making a summary: from the rows to a file that stands whole, or to a sentence that says why not."""

from __future__ import annotations

import logging
import time
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from audit.errors import DomainError, NotAllowed
from reports import files
from reports.files import Draft, Kept
from reports.models import Report
from reports.permissions import keeps_rights
from reports.services.leases import Lease, Stopped, Watch, take
from reports.services.rows import locked_report, record_on
from reports.services.telling import tell
from reports.states import ExportFormat, ReportState
from reports.summary.content import SummaryContent, database_snapshot
from reports.summary.fingerprint import RowTally
from reports.summary.limits import bounded_rows
from reports.summary.selection import Selection, saved_selection
from reports.summary.statement import Maker, file_name
from reports.summary.writing import writer_of

logger = logging.getLogger(__name__)

#: How often a making is begun; a worker that falls in the middle leaves it to the next.
ATTEMPTS = 3
_FAILURE_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Made:
    """What a making has brought forth; a paper that is streamed has no file."""

    tally: RowTally
    file_name: str
    kept: Kept | None

    def forget(self) -> None:
        """Takes the file away again, unless a report has it: what fails may fail after that was committed."""
        if self.kept is None or Report.objects.filter(stored_name=self.kept.stored_name).exists():
            return
        files.remove(self.kept.stored_name)


@dataclass(slots=True)
class _Making:
    """One attempt, with the clock that it was given and that goes on while it works."""

    lease: Lease
    report: Report
    now: datetime
    #: Whoever asked waits for the answer, and is not told of it once more.
    is_awaited: bool = False
    began: float = field(default_factory=time.monotonic)

    def instant(self) -> datetime:
        return self.now + timedelta(seconds=time.monotonic() - self.began)


def make(report_id: int, *, now: datetime) -> ReportState | None:
    """Make one report for whoever waits for the answer, unless somebody else has it in hand or it is settled: then None.

    Returns what became of it. Whatever goes wrong settles it with a sentence in its reader's language, is logged, and is not raised. A worker
    that is killed leaves it to `make_next`, after its lease.
    """
    lease = take(report_id)
    return _carry_out(lease, is_awaited=True, now=now) if lease else None


def make_next(*, places: int, now: datetime) -> int | None:
    """Make the oldest report that is free, when fewer than `places` are in hands; its number, or None.

    Whoever asked for it is told.
    """
    lease = take(places=places)
    if lease is None:
        return None
    _carry_out(lease, is_awaited=False, now=now)
    return lease.report_id


def _carry_out(lease: Lease, *, is_awaited: bool, now: datetime) -> ReportState:
    report = Report.objects.select_related("cycle", "asked_by__agency").get(pk=lease.report_id)
    making = _Making(lease, report, now, is_awaited=is_awaited and report.schedule_id is None)
    with translation.override(report.asked_by.language):
        try:
            return _settle(making, _made(making))
        except Stopped:
            logger.info("Report %s is no longer to be made by attempt %s", report.pk, lease.attempt)
            return ReportState(Report.objects.values_list("state", flat=True).get(pk=report.pk))
        except Exception as error:
            return _fail(making, _sentence(error))
        except BaseException:
            # The process is told to end: another takes it up at once.
            lease.give_back()
            raise


def _made(making: _Making) -> Made:
    report = making.report
    if making.lease.attempt > ATTEMPTS:
        raise DomainError(
            _(
                "It was begun %(count)s times and did not come to its end. Nothing was made. Choose less, for example "
                "fewer items or one line per item; if it fails again, tell the administrator."
            )
            % {"count": ATTEMPTS}
        )
    if not keeps_rights(report.asked_by, report):
        raise NotAllowed(
            _(
                "Your rights have changed since you asked for it. Nothing was made. Choose again what it may hold."
            )
        )
    selection = saved_selection(report.query)
    with Watch(making.lease) as watch:
        tally, kept = _written(making, selection, watch)
    return Made(tally, file_name(selection, ExportFormat(report.paper)), kept)


def _written(making: _Making, selection: Selection, watch: Watch) -> tuple[RowTally, Kept | None]:
    report = making.report
    if report.facts.is_streamed:
        with database_snapshot(), closing(_content(making, selection, watch)) as content:
            for _document in bounded_rows(content):
                pass
            return content.finish(), None
    with Draft() as draft:
        with database_snapshot(), closing(_content(making, selection, watch)) as content:
            # As it is kept, so that verifying can say what the cover says.
            maker = Maker.of(report.asked_by, now=report.asked_at)
            writer_of(ExportFormat(report.paper))(content, draft.file, maker=maker)
            tally = content.finish()
        watch.demand()
        return tally, draft.keep()


def _content(making: _Making, selection: Selection, watch: Watch) -> SummaryContent:
    report = making.report
    return SummaryContent(selection, cycle=report.cycle, reader=report.reader, progress=watch.progress)


def _settle(making: _Making, made: Made) -> ReportState:
    """Keep what was made, if it is still this attempt's; else take its file away again."""
    try:
        with transaction.atomic():
            row = _mine(making)
            _note_made(row, made, now=making.instant())
            _tell(making, row)
    except BaseException:
        made.forget()
        raise
    return ReportState.READY


def _note_made(row: Report, made: Made, *, now: datetime) -> None:
    row.state, row.settled_at, row.leased_until = ReportState.READY, now, None
    row.fingerprint, row.rows_count = made.tally.fingerprint, made.tally.rows_count
    row.done_count = row.total_count = made.tally.rows_count
    row.classification, row.file_name = made.tally.classification, made.file_name
    if made.kept is not None:
        row.stored_name, row.sha256, row.size = made.kept.stored_name, made.kept.sha256, made.kept.size
    row.save()
    told = {name: getattr(row, name) for name in ("fingerprint", "rows_count", "classification", "sha256")}
    record_on(row, action="report.made", actor=_actor(row), after=told, now=now)


def _fail(making: _Making, sentence: str) -> ReportState:
    now = making.instant()
    try:
        with transaction.atomic():
            row = _mine(making)
            row.state, row.settled_at, row.leased_until = ReportState.FAILED, now, None
            row.failure = sentence[:_FAILURE_LENGTH]
            row.save()
            record_on(row, action="report.failed", actor=_actor(row), reason=row.failure, now=now)
            _tell(making, row)
    except Stopped:
        return ReportState(Report.objects.values_list("state", flat=True).get(pk=making.report.pk))
    return ReportState.FAILED


def _tell(making: _Making, row: Report) -> None:
    if not making.is_awaited:
        tell(row, now=making.instant())


def _mine(making: _Making) -> Report:
    """The row, locked, while it is this attempt's. Raises Stopped."""
    row = locked_report(making.report.pk)
    if row.state != ReportState.MAKING or row.attempts_count != making.lease.attempt:
        raise Stopped
    return row


def _actor(row: Report) -> User | None:
    return None if row.schedule_id else row.asked_by


def _sentence(error: Exception) -> str:
    """What the reader is told of an error; whatever nobody foresaw is logged."""
    if isinstance(error, DomainError):
        return str(error)
    logger.error("A summary could not be made", exc_info=error)
    if isinstance(error, SoftTimeLimitExceeded):
        return _(
            "It took too long. Nothing was made. Choose less, for example fewer items or one line per item."
        )
    if isinstance(error, MemoryError):
        return _("It needed too much memory. Nothing was made. Choose less, or a table as CSV.")
    if isinstance(error, OSError) and files.is_of_disk(error):
        return _(
            "The server's disk did not take the file. Nothing was kept. Try again in a few minutes; if it fails again, "
            "tell the administrator."
        )
    return _(
        "It could not be made, because of a fault in Jejak. Try again; if it fails again, tell the administrator."
    )
