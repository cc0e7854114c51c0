"""Acts of an agency on a workbook of figures: begin, correct, leave out, take over into the drafts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Agency, User
from audit.acts import require
from audit.clock import local_date
from audit.errors import NotNow, Stale
from imports.rows import TableRow, stored
from imports.services.batches import (
    NO_ROWS,
    Corrections,
    begin_batch,
    change_state,
    changed_rows,
    keep_rows,
    locked_batch,
    locked_draft,
    require_draft,
    standing_draft,
)
from indicators.cells import MonthContent
from indicators.models import FigureImport, FigureReport
from indicators.models.workbook import FigureImportState
from indicators.permissions import may_type_figures
from indicators.queries.month_sheet import read_month_sheet
from indicators.queries.workbook_rows import HeldMonth, WorkbookDraft, check_against, read_rows
from indicators.services.report_steps import DRAFTS
from indicators.workbook.columns import FigureColumn
from indicators.workbook.names import OwnIndicators
from recommendations.models import Cycle
from submissions.services import note_writers, start, write

_CHANGED_ROWS = gettext_lazy(
    "These rows, or what is typed in the months, changed after you opened the page. Nothing was taken over: "
    "look at what would change now."
)


def read_draft(figure_import: FigureImport, *, today: date) -> WorkbookDraft:
    """Return a workbook as it is now, checked against what the agency reports and what its months hold.

    What was taken over is checked no more: its months go on.
    """
    agency, cycle = figure_import.agency, figure_import.cycle
    own = OwnIndicators(agency.indicators.filter(is_active=True).prefetch_related("dimensions__values"))
    rows = read_rows(rows_of(figure_import), own, cycle=cycle, today=today)
    if figure_import.state == FigureImportState.TAKEN:
        for row in rows:
            row.problems.clear()
        return WorkbookDraft(rows=rows, figure_import=figure_import, own=own, held={})
    held = _held_months(agency, cycle, {row.month for row in rows if row.month and not row.typed.is_left_out})
    check_against(rows, held)
    return WorkbookDraft(rows=rows, figure_import=figure_import, own=own, held=held)


def _held_months(agency: Agency, cycle: Cycle, months: Iterable[date]) -> dict[date, HeldMonth]:
    wanted = sorted(months)
    open_ones = FigureReport.objects.open().filter(agency=agency, cycle=cycle, month__in=wanted)
    reports = {report.month: report for report in open_ones.select_related("agency", "cycle", "saved_by")}
    held = {}
    for month in wanted:
        report = reports.get(month)
        sheet = read_month_sheet(agency, month, report=report)
        content = MonthContent.of(report) if report else MonthContent.accepted_of(sheet)
        held[month] = HeldMonth(month=month, report=report, sheet=sheet, content=content)
    return held


def rows_of(figure_import: FigureImport) -> list[TableRow]:
    """Return the rows of a workbook as they are stored."""
    return [TableRow(**facts) for facts in figure_import.rows]


@transaction.atomic
def begin_figure_import(
    agency: Agency,
    cycle: Cycle,
    *,
    rows: Iterable[TableRow],
    file_name: str,
    sha256: str,
    actor: User,
    now: datetime,
) -> FigureImport:
    """Save the rows of a file, right and wrong ones. Nothing of it is in a draft of a month yet.

    Sending the form twice begins once: the one that the person began with the same file is returned as it is.
    """
    require(may_type_figures(actor, agency.pk))
    standing = standing_draft(FigureImport, agency=agency, cycle=cycle, sha256=sha256, actor=actor)
    if standing is not None:
        return standing
    figure_import = FigureImport(
        agency=agency, cycle=cycle, file_name=file_name, sha256=sha256, rows=stored(rows)
    )
    return begin_batch(figure_import, actor=actor, now=now, sha256=sha256)


@transaction.atomic
def correct_rows(
    figure_import: FigureImport,
    *,
    corrections: Corrections = NO_ROWS,
    left_out: Mapping[int, bool] = NO_ROWS,
    actor: User,
    now: datetime,
) -> FigureImport:
    """Save what was typed into rows, and which are left out, all or none (see `changed_rows`). Writes no Event: taking over
    writes one.
    """
    figure_import = locked_draft(figure_import, actor=actor)
    rows = rows_of(figure_import)
    about: dict[str, Any] = {"columns": FigureColumn, "by": actor.pk}
    changed = changed_rows(rows, corrections=corrections, left_out=left_out, **about)
    if changed != rows:
        keep_rows(figure_import, changed, actor=actor)
    return figure_import


@transaction.atomic
def take_over_figures(
    figure_import: FigureImport,
    *,
    revision: int,
    month_revisions: Mapping[date, int],
    replaces: bool,
    actor: User,
    now: datetime,
) -> FigureImport:
    """Put every row that is not left out into the agency's drafts of the months, all or none. Nothing is sent to MAPO.

    `revision` and `month_revisions` say what the person saw; `Stale` is raised when anything of it has changed.
    `replaces` says that they want to replace what is typed in some cells already. `NotNow` while a row has something to
    correct, a month takes nothing, or something would be replaced unasked. Taking over twice does so once.
    """
    Agency.objects.select_for_update(no_key=True).get(pk=figure_import.agency_id)
    figure_import = locked_batch(figure_import, actor=actor)
    if figure_import.state == FigureImportState.TAKEN:
        return figure_import
    require_draft(figure_import)
    draft = read_draft(figure_import, today=local_date(now))
    draft.require_ready(
        nothing=_("Every row is left out, so there is nothing to take over."),
        wrong=_("Nothing was taken over. Something must be corrected first (rows %(lines)s)."),
    )
    if figure_import.revision != revision or month_revisions != {
        month: held.revision for month, held in draft.held.items()
    }:
        raise Stale(_CHANGED_ROWS)
    if draft.replacing and not replaces:
        raise NotNow(
            _(
                "Nothing was taken over: some numbers would replace what is typed already. Tick that you want this."
            )
        )
    changed = [month for month in draft.held if draft.changes_of(month)]
    for month in changed:
        _write_month(draft, month, actor=actor, now=now)
    after = {
        "rows": len(draft.good),
        "months": [f"{month:%Y-%m}" for month in changed],
        "replaced": len(draft.replacing),
    }
    change_state(figure_import, FigureImportState.TAKEN, actor=actor, now=now, after=after)
    return figure_import


def _write_month(draft: WorkbookDraft, month: date, *, actor: User, now: datetime) -> None:
    """Write into the draft of a month; whoever wrote in the workbook counts as having typed in it."""
    figure_import = draft.figure_import
    place = FigureReport(agency=figure_import.agency, cycle=figure_import.cycle, month=month)
    report = start(DRAFTS, place, actor=actor, now=now)
    seen = draft.held[month].report
    if (seen is not None and report.revision != seen.revision) or not report.is_editable:
        raise Stale(_CHANGED_ROWS)
    content = draft.content_of(month)
    write(DRAFTS, report, content, revision=report.revision, actor=actor, now=now)
    note_writers(report, *figure_import.writers.values_list("user_id", flat=True))
