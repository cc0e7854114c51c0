"""Requesting a report, by a person or every month by a schedule, and cancelling one.

Whatever can be refused is refused before anything is written.
"""

from __future__ import annotations

import logging
from datetime import date, datetime
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from accounts.clearance import Clearance
from accounts.models import User
from accounts.quotas import HEAVY, count
from audit.clock import local_date
from audit.errors import DomainError, NotAllowed, NotNow
from evidence.queue import enqueue
from meetings.models import LaidAgenda, Meeting
from meetings.queries.laid import read_laid
from recommendations.models import Cycle
from reports import files
from reports.errors import EmptySelection
from reports.models.report import Report
from reports.models.schedule import Schedule, ScheduleReader
from reports.permissions import may_ask_for
from reports.services.changes import is_outdated
from reports.services.leases import MAKE_TASK
from reports.services.records import record_on
from reports.states import FORM, FORMATS, Depth, ExportFormat, ReportState, SummaryLanguage
from reports.summary.content import SummaryContent, items_of_paper
from reports.summary.monthly import monthly_selection
from reports.summary.selection import AgendaOrigin, Selection, stored_selection
from reports.summary.statement import file_name

logger = logging.getLogger(__name__)

#: How many reports of one person may wait or be in the making.
UNFINISHED_LIMIT = 5


@transaction.atomic
def request_report(
    selection: Selection,
    *,
    export_format: ExportFormat,
    cycle: Cycle,
    actor: User,
    schedule: Schedule | None = None,
    laid_agenda: LaidAgenda | None = None,
    now: datetime,
) -> Report:
    """Request a report for a reader (`actor`), to be made at once where `is_made_at_once`, else by a worker.

    A format that has not the selection's depth takes its own usual one. A schedule requests one report a day for each
    of its readers, `request_paper` the papers of a meeting; otherwise a request that repeats an unfinished one returns that
    one, so a double click makes one. What is made for a person counts for their quota, and nothing else does.
    Raises NotAllowed for a format that is not this reader's, EmptySelection where no item fits, NotNow for the sixth
    report that is not finished, QuotaReached.
    """
    if not actor.is_active or not may_ask_for(actor, export_format):
        raise NotAllowed(_("This format is not available to you. Choose another one."))
    selection = selection.as_deep_as(export_format)
    rows_count = _count_rows(selection, export_format, cycle=cycle, actor=actor, laid_agenda=laid_agenda)
    # One request at a time for each person: the second click finds what the first one requested.
    User.objects.select_for_update(no_key=True, of=("self",)).get(pk=actor.pk)
    mine = Report.objects.of(actor).filter(schedule=schedule)
    if schedule:
        same = mine.filter(as_at=selection.day)
    else:
        same = mine.filter(export_format=export_format, query=selection.query, settled_at=None, cycle=cycle)
    if known := same.first():
        return known
    if schedule is None:
        _require_room(mine.filter(settled_at=None).count())
        count(HEAVY, actor)
    report = Report.objects.create(
        export_format=export_format,
        cycle=cycle,
        as_at=selection.day,
        language=selection.language,
        ceiling=selection.ceiling,
        depth=selection.depth,
        query=selection.query,
        asked_by=actor,
        asked_at=now,
        reader_role=actor.role,
        reader_agency_id=actor.agency_id,
        reader_clearance=actor.clearance,
        schedule=schedule,
        laid_agenda=laid_agenda,
        state=ReportState.WAITING,
        total_count=rows_count,
        # The audit trail calls it so from the beginning.
        file_name=file_name(selection, export_format),
    )
    record_on(report, action="report.asked", actor=None if schedule else actor, now=now)
    if not is_made_at_once(report):
        transaction.on_commit(partial(enqueue, MAKE_TASK), robust=True)
    return report


def _count_rows(
    selection: Selection,
    export_format: ExportFormat,
    *,
    cycle: Cycle,
    actor: User,
    laid_agenda: LaidAgenda | None,
) -> int:
    """Return how many rows a report of a selection would have."""
    item_ids = items_of_paper(export_format, read_laid(laid_agenda)) if laid_agenda else None
    return SummaryContent(selection, cycle=cycle, reader=actor, item_ids=item_ids).count_rows()


@transaction.atomic
def request_paper(
    laid: LaidAgenda,
    *,
    export_format: ExportFormat,
    language: SummaryLanguage,
    actor: User,
    now: datetime,
) -> Report:
    """Request a paper of a meeting: as at the day, and since the day, of the agenda that was laid before the council.

    An evidence pack has all documents of the items on the agenda, whenever they were accepted. Returns the paper that is
    ready or not finished, whoever asked for it, unless it can no longer be downloaded or its rows have an older form.
    Raises NotAllowed for everybody but MAPO within the class of the agenda, and what `request_report` raises.
    """
    if not LaidAgenda.objects.visible_to(actor).filter(pk=laid.pk).exists() or not actor.is_active:
        raise NotAllowed(_("Only MAPO makes the papers of a meeting, within its clearance."))
    # One request at a time for each meeting: the second person finds what the first one requested.
    Meeting.objects.select_for_update(no_key=True).get(pk=laid.meeting_id)
    papers = Report.objects.filter(laid_agenda=laid, export_format=export_format, language=language)
    if unfinished := papers.filter(settled_at=None).first():
        return unfinished
    known = papers.filter(state=ReportState.READY, form=FORM).order_by("-pk").first()
    if known is not None and _can_be_used(known):
        return known
    cycle, agenda = laid.meeting.cycle, read_laid(laid)
    if FORMATS[export_format].holds_files and not agenda.item_ids:
        raise EmptySelection(
            _("No item is on this agenda, so there is no evidence to pack. Nothing was made.")
        )
    selection = Selection(
        year=cycle.year,
        day=agenda.as_at,
        language=language,
        ceiling=Clearance(laid.classification),
        depth=Depth.FULL,
        since=None if FORMATS[export_format].holds_files else agenda.since,
        agenda=AgendaOrigin(laid.sha256, agenda.meeting_number, laid.number),
    )
    return request_report(
        selection, export_format=export_format, cycle=cycle, actor=actor, laid_agenda=laid, now=now
    )


def _can_be_used(paper: Report) -> bool:
    """Return whether a ready paper can still be downloaded: the disk has its file, and its readers may still read it."""
    if paper.has_bytes and not files.is_whole(paper.stored_name, sha256=paper.sha256, size=paper.size):
        return False
    return not is_outdated(paper, stored_selection(paper.query))


def is_made_at_once(report: Report) -> bool:
    """Return whether a report is made while the person waits: it has few rows, and no schedule requested it."""
    return report.schedule_id is None and report.total_count <= settings.REPORTS_AT_ONCE_ROWS


def request_due_reports(*, now: datetime) -> list[Report]:
    """Request every report whose day has come this month and that is not there yet. Return what was requested.

    Idempotent, and safe beside another run; a later run of the month makes up for a missed one. Readers who cannot sign
    in, may not have the format, or see nothing of the selection are passed by until they can; so is a reader for whom
    the request fails, which is logged.
    """
    requested = []
    for schedule in Schedule.objects.running().select_related("cycle"):
        day = schedule.day_due(local_date(now))
        if day is None:
            continue
        for reader in _readers_left(schedule, day=day):
            report = _request_or_log(schedule, reader, day=day, now=now)
            requested += [report] if report else []
    return requested


@transaction.atomic
def cancel_report(report: Report, *, actor: User, now: datetime) -> Report:
    """Settle a report as cancelled; its maker stops within a second and leaves nothing behind.

    Cancelling twice cancels once. Raises NotAllowed for everybody but who requested it, NotNow when it is finished.
    """
    row = Report.objects.locked(report.pk)
    if row.asked_by_id != actor.pk:
        raise NotAllowed(_("Only the person who asked for a summary can cancel it."))
    if row.state == ReportState.CANCELLED:
        return row
    if row.is_settled:
        raise NotNow(_("It was finished before you cancelled it. Nothing was changed."))
    row.state, row.settled_at, row.leased_until = ReportState.CANCELLED, now, None
    row.save(update_fields=["state", "settled_at", "leased_until"])
    record_on(row, action="report.cancelled", actor=actor, now=now)
    return row


def _require_room(unfinished: int) -> None:
    """Raise NotNow when a person has as many unfinished reports as may be made at a time."""
    if unfinished >= UNFINISHED_LIMIT:
        raise NotNow(
            _(
                "%(count)s of your summaries are still being made, so no new one was started. Wait for one "
                "or cancel one, then ask again."
            )
            % {"count": unfinished}
        )


def _readers_left(schedule: Schedule, *, day: date) -> QuerySet[User]:
    """Return readers who can sign in and for whom the report of that day was not requested yet."""
    named = ScheduleReader.objects.filter(schedule=schedule, user=OuterRef("pk"))
    there = Report.objects.filter(schedule=schedule, asked_by=OuterRef("pk"), as_at=day)
    able = User.objects.active().joined()
    return able.filter(Exists(named), ~Exists(there)).select_related("agency").order_by("pk")


def _request_or_log(schedule: Schedule, reader: User, *, day: date, now: datetime) -> Report | None:
    """Request a report, unless the schedule was stopped or refuses this reader. Return the report, if any.

    What fails is logged: nobody else waits for it.
    """
    running = Schedule.objects.select_for_update(no_key=True, of=("self",)).running()
    try:
        with transaction.atomic():
            if not running.filter(pk=schedule.pk).exists():
                return None
            return request_report(
                monthly_selection(schedule.query, day=day).lowered_to(reader.clearance),
                export_format=ExportFormat(schedule.export_format),
                cycle=schedule.cycle,
                actor=reader,
                schedule=schedule,
                now=now,
            )
    except DomainError as refusal:
        logger.info("Monthly summary %s: nothing for person %s: %s", schedule.pk, reader.pk, refusal)
    except Exception:
        logger.exception("Monthly summary %s: a fault for person %s", schedule.pk, reader.pk)
    return None
