"""Asking for a summary: everything that can be refused is refused before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.errors import NotAllowed, NotNow
from evidence.queue import enqueue
from recommendations.models import Cycle
from reports.models import Report, Schedule
from reports.permissions import may_ask_for
from reports.services.rows import record_on
from reports.states import FORMATS, WITH_DOCUMENTS, WITH_UPDATES, ExportFormat, ReportState
from reports.summary import row_stream
from reports.summary.content import SummaryContent
from reports.summary.selection import Selection

#: How many summaries of one person may wait or be in the making.
UNFINISHED_LIMIT = 5
#: What makes whatever waits, the oldest first.
MAKE_TASK = "reports.tasks.make_waiting"


@dataclass(frozen=True, slots=True)
class _Wish:
    selection: Selection
    paper: ExportFormat
    cycle: Cycle
    reader: User
    schedule: Schedule | None
    now: datetime


def ask_for(selection: Selection, *, paper: ExportFormat, cycle: Cycle, actor: User, now: datetime) -> Report:
    """A summary for the person who asks, to be made: at once by `make` where `is_small`, else by a worker.

    Where the same one still waits or is being made, it is that one: a double click makes one. A paper that is made
    for some depths alone takes the usual one of them. Raises NotAllowed for a paper that is not this person's,
    EmptySelection where there is nothing to tell, NotNow for the sixth that is not finished.
    """
    return _ask(_Wish(selection, paper, cycle, actor, None, now))


def ask_for_reader(
    selection: Selection,
    *,
    paper: ExportFormat,
    cycle: Cycle,
    reader: User,
    schedule: Schedule,
    now: datetime,
) -> Report:
    """The summary that a schedule has made for one of its readers, by a worker; once for each day.

    Raises NotAllowed and EmptySelection as `ask_for` does.
    """
    return _ask(_Wish(selection, paper, cycle, reader, schedule, now))


def is_small(report: Report) -> bool:
    """Whether it is made while the person waits: so few rows that nobody notices."""
    return report.schedule_id is None and report.total_count <= settings.REPORTS_AT_ONCE_ROWS


@transaction.atomic
def _ask(wish: _Wish) -> Report:
    if not wish.reader.is_active or not may_ask_for(wish.reader, wish.paper):
        raise NotAllowed(_("This paper is not made for you. Choose another one."))
    wish = _as_deep_as_made(wish)
    content = SummaryContent(wish.selection, cycle=wish.cycle, reader=wish.reader)
    rows_count = _count_rows(content)
    # One after the other for each person: a double click finds what the first click asked for.
    User.objects.select_for_update(no_key=True, of=("self",)).get(pk=wish.reader.pk)
    known = _asked_already(wish)
    if known is not None:
        return known
    _demand_room(wish)
    return _written(wish, rows_count=rows_count)


def _as_deep_as_made(wish: _Wish) -> _Wish:
    depths = FORMATS[wish.paper].depths
    if wish.selection.depth in depths:
        return wish
    return replace(wish, selection=replace(wish.selection, depth=depths[0]))


def _count_rows(content: SummaryContent) -> int:
    """How many rows there will be: one query for each long part that the depth holds."""
    depth = content.selection.depth
    updates = row_stream.count_updates(content) if depth in WITH_UPDATES else 0
    documents = row_stream.count_documents(content) if depth in WITH_DOCUMENTS else 0
    return len(content.items) + updates + documents


def _asked_already(wish: _Wish) -> Report | None:
    mine = Report.objects.of(wish.reader)
    if wish.schedule is not None:
        return mine.filter(schedule=wish.schedule, as_at=wish.selection.day).first()
    return mine.filter(
        paper=wish.paper, query=wish.selection.query, schedule=None, settled_at=None, cycle=wish.cycle
    ).first()


def _demand_room(wish: _Wish) -> None:
    unfinished = Report.objects.of(wish.reader).filter(schedule=None, settled_at=None).count()
    if wish.schedule is None and unfinished >= UNFINISHED_LIMIT:
        raise NotNow(
            _(
                "%(count)s summaries of yours are still being made, so nothing new was begun. Wait for one of them, or "
                "cancel one, and ask again."
            )
            % {"count": unfinished}
        )


def _written(wish: _Wish, *, rows_count: int) -> Report:
    selection, reader = wish.selection, wish.reader
    report = Report.objects.create(
        paper=wish.paper,
        cycle=wish.cycle,
        as_at=selection.day,
        language=selection.language,
        ceiling=selection.ceiling,
        depth=selection.depth,
        query=selection.query,
        asked_by=reader,
        asked_at=wish.now,
        reader_role=reader.role,
        reader_agency_id=reader.agency_id,
        reader_clearance=reader.clearance,
        schedule=wish.schedule,
        state=ReportState.WAITING,
        total_count=rows_count,
    )
    record_on(report, action="report.asked", actor=None if wish.schedule else reader, now=wish.now)
    if not is_small(report):
        transaction.on_commit(partial(enqueue, MAKE_TASK), robust=True)
    return report
