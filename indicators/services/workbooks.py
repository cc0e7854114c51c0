"""Acts of an agency on a workbook of figures: begin, correct, leave out, take over into the drafts, discard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Agency, User
from audit.acts import require
from audit.clock import local_date
from audit.errors import NotNow, Stale
from audit.services import record
from imports.rows import TableRow, stored
from imports.services.rows import row_of, stale_row
from indicators.cells import MonthContent
from indicators.models import FigureImport, FigureReport
from indicators.models.workbook import FigureImportState
from indicators.permissions import may_type_figures
from indicators.queries.month_sheet import read_month_sheet
from indicators.queries.workbook_rows import HeldMonth, WorkbookDraft, check_against, read_rows
from indicators.services.report_steps import DRAFTS, open_report
from indicators.workbook.columns import FigureColumn
from indicators.workbook.names import OwnIndicators
from recommendations.models import Cycle
from submissions.services import note_writers, write

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
        return WorkbookDraft(figure_import, own, rows, {})
    held = _held_months(agency, cycle, {row.month for row in rows if row.month and not row.typed.is_left_out})
    check_against(rows, held)
    return WorkbookDraft(figure_import, own, rows, held)


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
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    cycle = Cycle.objects.held_open(cycle)
    begun = FigureImport.objects.open().filter(agency=agency, cycle=cycle, created_by=actor, sha256=sha256)
    if (standing := begun.first()) is not None:
        return standing
    kept = stored(rows)
    figure_import = FigureImport.objects.create(
        agency=agency,
        cycle=cycle,
        file_name=file_name,
        sha256=sha256,
        rows=kept,
        created_by=actor,
        created_at=now,
    )
    note_writers(figure_import, actor.pk)
    after = {"rows": len(kept), "sha256": sha256}
    _record(figure_import, "figure_import.begun", actor=actor, now=now, after=after)
    return figure_import


@transaction.atomic
def correct_rows(
    figure_import: FigureImport,
    *,
    corrections: Mapping[int, tuple[Mapping[str, str], int]],
    left_out: Mapping[int, bool] = MappingProxyType({}),
    actor: User,
    now: datetime,
) -> FigureImport:
    """Save what was typed into rows, right or wrong. Writes no Event: taking over writes one.

    `corrections` holds by number of the row its cells and the revision from which they started, `left_out` whether a row is
    to be left out. Raises `Stale` when a
    colleague changed one of the rows since, and then saves none. Saving what stands there changes nothing.
    """
    figure_import = _locked_draft(figure_import, actor=actor)
    rows = {row.number: row for row in rows_of(figure_import)}
    changed = dict(rows)
    for number, (cells, revision) in corrections.items():
        changed[number] = _corrected(row_of(rows.values(), number), cells, revision=revision, actor=actor)
    for number, is_left_out in left_out.items():
        row = row_of(changed.values(), number)
        changed[number] = row if row.is_left_out == is_left_out else row.left_out(is_left_out)
    if changed != rows:
        figure_import.rows = stored(changed.values())
        figure_import.revision += 1
        figure_import.save(update_fields=["rows", "revision"])
        note_writers(figure_import, actor.pk)
    return figure_import


def _corrected(row: TableRow, cells: Mapping[str, str], *, revision: int, actor: User) -> TableRow:
    """Return the row with what was typed. Raises `Stale` when `revision` is not its own and it says something else."""
    texts = {column.value: cells.get(column, "").strip() for column in FigureColumn}
    if all(row.text(column) == text for column, text in texts.items()):
        return row
    if row.revision != revision:
        raise stale_row(row)
    return row.corrected(texts, by=actor.pk)


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
    figure_import = _locked(figure_import, actor=actor)
    if figure_import.state == FigureImportState.TAKEN:
        return figure_import
    _require_draft(figure_import)
    figure_import.cycle = Cycle.objects.held_open(figure_import.cycle)
    draft = read_draft(figure_import, today=local_date(now))
    _require_takeable(draft)
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
    before = {"state": figure_import.state}
    figure_import.state, figure_import.closed_at = FigureImportState.TAKEN, now
    figure_import.save(update_fields=["state", "closed_at"])
    after = {
        "state": figure_import.state,
        "rows": len(draft.good),
        "months": [f"{month:%Y-%m}" for month in changed],
        "replaced": len(draft.replacing),
    }
    _record(figure_import, "figure_import.taken", actor=actor, now=now, before=before, after=after)
    return figure_import


def _write_month(draft: WorkbookDraft, month: date, *, actor: User, now: datetime) -> None:
    """Write into the draft of a month; whoever wrote in the workbook counts as having typed in it."""
    figure_import = draft.figure_import
    report = open_report(figure_import.agency, figure_import.cycle, month, actor=actor, now=now)
    seen = draft.held[month].report
    if (seen is not None and report.revision != seen.revision) or not report.is_editable:
        raise Stale(_CHANGED_ROWS)
    content = draft.content_of(month)
    write(DRAFTS, report, content, revision=report.revision, actor=actor, now=now)
    note_writers(report, *figure_import.writers.values_list("user_id", flat=True))


def _require_takeable(draft: WorkbookDraft) -> None:
    if not draft.wrong and draft.good:
        return
    if not draft.good and not draft.wrong:
        raise NotNow(_("Every row is left out, so there is nothing to take over."))
    lines = ", ".join(str(row.typed.line) for row in draft.wrong[:10])
    raise NotNow(
        _("Nothing was taken over. Something must be corrected first (rows %(lines)s).") % {"lines": lines}
    )


@transaction.atomic
def discard_figure_import(figure_import: FigureImport, *, actor: User, now: datetime) -> FigureImport:
    """Discard a workbook that was not taken over. The file can be chosen again."""
    figure_import = _locked(figure_import, actor=actor)
    if figure_import.state == FigureImportState.DISCARDED:
        return figure_import
    _require_draft(figure_import)
    Cycle.objects.held_open(figure_import.cycle)
    before = {"state": figure_import.state}
    figure_import.state, figure_import.closed_at = FigureImportState.DISCARDED, now
    figure_import.save(update_fields=["state", "closed_at"])
    after = {"state": figure_import.state}
    _record(figure_import, "figure_import.discarded", actor=actor, now=now, before=before, after=after)
    return figure_import


def _locked(figure_import: FigureImport, *, actor: User) -> FigureImport:
    """Return it as it is now, locked until the transaction ends. Raises `NotAllowed` for people of other agencies."""
    rows = FigureImport.objects.select_for_update(no_key=True, of=("self",)).select_related("agency", "cycle")
    current = rows.get(pk=figure_import.pk)
    require(may_type_figures(actor, current.agency_id))
    return current


def _locked_draft(figure_import: FigureImport, *, actor: User) -> FigureImport:
    current = _locked(figure_import, actor=actor)
    _require_draft(current)
    current.cycle = Cycle.objects.held_open(current.cycle)
    return current


def _require_draft(figure_import: FigureImport) -> None:
    if not figure_import.is_draft:
        raise NotNow(
            _(
                "This workbook is now “%(state)s”, so this cannot be done. Nothing was changed; reload the page."
            )
            % {"state": figure_import.get_state_display()}
        )


def _record(figure_import: FigureImport, action: str, *, actor: User, now: datetime, **facts: Any) -> None:
    """Record one Event, without the rows or the name of the file."""
    label, agency_id = figure_import.label, figure_import.agency_id
    record(action=action, actor=actor, obj=figure_import, label=label, agency_id=agency_id, now=now, **facts)
