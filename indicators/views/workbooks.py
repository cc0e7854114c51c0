"""Figures by workbook: the template, the upload, its rows, and taking them over into the drafts of the months."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import agency_only, person_of
from accounts.acting import act_by_button, attempt, request_time, say_and_go
from audit.clock import local_date
from audit.errors import DomainError, Stale
from imports.rows import BatchRows
from imports.services.batches import discard_batch
from imports.views.batches import attempt_with_rows, found_batch
from imports.views.files import workbook_download
from indicators.forms.workbook import FigureRowForm, RowChoices
from indicators.models import FigureImport
from indicators.months import months_over
from indicators.queries.report_page import read_months
from indicators.queries.workbook_page import month_changes
from indicators.queries.workbook_rows import CheckedFigure, WorkbookDraft
from indicators.services.reports import judge_with_checks
from indicators.services.workbooks import (
    begin_figure_import,
    correct_rows,
    read_draft,
    take_over_figures,
)
from indicators.views.months import show_months, upload_form
from indicators.workbook.columns import MOST_READ
from indicators.workbook.names import OwnIndicators
from indicators.workbook.table import figure_rows
from indicators.workbook.template import write_figure_template
from recommendations.context import page_cycle
from submissions.views import posted_revision
from ui.methods import post_required
from ui.numbers import whole_number
from ui.pagination import paginate
from ui.whole_files import refused_status

ROWS_PER_PAGE = 50


@require_safe
@agency_only
def figure_template(request: HttpRequest) -> HttpResponse:
    """Download the template of the person's agency for the page's cycle, in the reader's language."""
    cycle, agency = page_cycle(request), person_of(request).agency
    own = OwnIndicators(agency.indicators.filter(is_active=True).prefetch_related("dimensions__values"))
    if cycle is None or not own.indicators:
        raise Http404
    lines = list(reversed(read_months(agency, cycle, today=_today(request))))
    content = write_figure_template(
        own,
        agency=agency,
        cycle=cycle,
        months=[line.month for line in lines],
        open_months=[line.month for line in lines if line.is_editable],
    )
    name = _("figures-%(agency)s-%(year)s.xlsx") % {"agency": agency.code, "year": cycle.year}
    return workbook_download(content, name=name)


@post_required
@agency_only
def workbook_upload(request: HttpRequest) -> HttpResponseBase:
    """Read a workbook into rows and go to them; a refusal stands at the file (422)."""
    cycle, agency = page_cycle(request), person_of(request).agency
    if cycle is None:
        raise Http404
    form, begin = upload_form(request), partial(begin_figure_import, agency, cycle)
    outcome = attempt_with_rows(
        request, form, begin, rows_of=figure_rows, most_rows=MOST_READ, agency=agency, cycle=cycle
    )
    if outcome.is_done:
        return redirect("indicators:figure_import", outcome.result.pk)
    return show_months(request, form=form, status=refused_status(form, 422))


@require_http_methods(["GET", "HEAD", "POST"])
@agency_only
def figure_import(request: HttpRequest, import_id: int) -> HttpResponseBase:
    """Show the rows of a workbook with what they would change, and save what was corrected in them."""
    found = _found(request, import_id)
    draft = read_draft(found, today=_today(request))
    if request.method != "POST":
        return _show(request, draft)
    choices = _choices(request, draft)
    forms = [
        FigureRowForm(request.POST, row=row, choices=choices)
        for row in draft.rows
        if f"row-{row.typed.number}-revision" in request.POST
    ]
    if not all(form.is_valid() for form in forms):
        return _show(request, draft, forms=forms, status=422)
    corrections = {
        form.row.typed.number: (form.cells, form.cleaned_data["revision"])
        for form in forms
        if form.is_touched
    }
    outcome = attempt(
        request, partial(correct_rows, found, corrections=corrections, left_out=_left_out(request, draft))
    )
    if outcome.refusal is not None:
        return _show_refused(request, found, outcome.refusal)
    saved = read_draft(_found(request, import_id), today=_today(request))
    return say_and_go(request, saved, done=_saved_words, back_url=_rows_url)


def _found(request: HttpRequest, import_id: int) -> FigureImport:
    """Return a workbook that the person may see, or answer 404; the page is about its cycle."""
    return found_batch(request, FigureImport, import_id, agency_field="agency_id")


def _left_out(request: HttpRequest, draft: WorkbookDraft) -> dict[int, bool]:
    """Return which row the pressed button leaves out, or takes in again."""
    known = {row.typed.number for row in draft.rows}
    pressed = {
        whole_number(request.POST.get(name, "")): is_left_out
        for name, is_left_out in (("leave", True), ("take", False))
    }
    return {number: is_left_out for number, is_left_out in pressed.items() if number in known}


def _saved_words(saved: WorkbookDraft) -> str:
    if not saved.wrong:
        return _("Saved. Every row is ready to be taken over.")
    return ngettext(
        "Saved. One row is still to be corrected.",
        "Saved. %(count)s rows are still to be corrected.",
        len(saved.wrong),
    ) % {"count": len(saved.wrong)}


def _rows_url(saved: WorkbookDraft) -> str:
    return reverse("indicators:figure_import", args=[saved.figure_import.pk])


def _show_refused(request: HttpRequest, found: FigureImport, refusal: DomainError) -> HttpResponse:
    """Show the rows as they are now, with what the person typed in theirs; saving again overwrites knowingly."""
    found = _found(request, found.pk)
    draft = read_draft(found, today=_today(request))
    data = request.POST.copy()
    theirs = {}
    for row in draft.rows:
        name = f"row-{row.typed.number}-revision"
        if isinstance(refusal, Stale) and name in data and data[name] != str(row.typed.revision):
            theirs[row.typed.number] = row
            data[name] = str(row.typed.revision)
    choices = _choices(request, draft)
    forms = [
        FigureRowForm(data, row=row, choices=choices)
        for row in draft.rows
        if f"row-{row.typed.number}-revision" in data
    ]
    return _show(request, draft, forms=forms, theirs=theirs, told=str(refusal), status=409)


@post_required
@agency_only
def figure_import_take(request: HttpRequest, import_id: int) -> HttpResponseBase:
    """Take every row over into the drafts of the months, all or none."""
    found = _found(request, import_id)
    seen = _month_revisions(request.POST, months_over(found.cycle, today=_today(request)))
    act = partial(
        take_over_figures,
        found,
        revision=posted_revision(request),
        month_revisions=seen,
        replaces="replaces" in request.POST,
    )
    only = next(iter(seen)) if len(seen) == 1 else None
    back_url = reverse("indicators:month", args=[only]) if only else reverse("indicators:months")
    words = _("The figures are in your drafts. Nothing has been sent to MAPO yet.")
    told = partial(_show_told, request, import_id)
    return act_by_button(request, act, done=words, back_url=back_url, on_refusal=told)


def _show_told(request: HttpRequest, import_id: int, refusal: DomainError) -> HttpResponse:
    """Show the rows as they are now, with why nothing was done."""
    draft = read_draft(_found(request, import_id), today=_today(request))
    return _show(request, draft, told=str(refusal), status=409)


def _month_revisions(data: QueryDict, months: Iterable[date]) -> Mapping[date, int]:
    """Return the revision of each month that the page showed."""
    posted = {month: whole_number(data.get(f"month-{month:%Y-%m}", "")) for month in months}
    return {month: revision for month, revision in posted.items() if revision is not None}


@post_required
@agency_only
def figure_import_discard(request: HttpRequest, import_id: int) -> HttpResponseBase:
    """Discard a workbook that was not taken over."""
    found = _found(request, import_id)
    words = _("The workbook was discarded. Nothing was changed in your months.")
    return act_by_button(
        request,
        partial(discard_batch, found, revision=posted_revision(request)),
        done=words,
        back_url=reverse("indicators:months"),
        on_refusal=partial(_show_told, request, import_id),
    )


def _today(request: HttpRequest) -> date:
    return local_date(request_time(request))


def _choices(request: HttpRequest, draft: WorkbookDraft) -> RowChoices:
    return RowChoices(draft.own, months_over(draft.figure_import.cycle, today=_today(request)))


def _show(
    request: HttpRequest,
    draft: WorkbookDraft,
    *,
    forms: Iterable[FigureRowForm] = (),
    theirs: Mapping[int, CheckedFigure] | None = None,
    told: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show the rows: those to correct as fields, the others with what they change.

    `forms` hold what was just typed, `theirs` the rows that a colleague saved meanwhile, `told` why an act was refused.
    """
    found = draft.figure_import
    judged = {
        month: judge_with_checks(found.cycle, held.sheet, draft.content_of(month).typed)
        for month, held in draft.held.items()
    }
    months = month_changes(draft, judged)
    shown = paginate(request, draft.in_order, per_page=ROWS_PER_PAGE)
    is_open = found.is_draft and not found.cycle.is_closed
    editing = list(forms)
    if is_open and not editing:
        editing = _row_forms(request, draft, shown.rows)
    edited = {form.row.typed.number for form in editing}
    listed = BatchRows(rows=[row for row in shown.rows if row.typed.number not in edited])
    context = {
        "found": found,
        "draft": draft,
        "months": months,
        "page": shown,
        "editing": [(form, (theirs or {}).get(form.row.typed.number)) for form in editing],
        "wrong": listed.wrong,
        "ready": listed.good,
        "left_out": listed.left_out,
        "is_open": is_open,
        "told": told,
    }
    return render(request, "indicators/workbook/rows.html", context, status=status)


def _row_forms(
    request: HttpRequest, draft: WorkbookDraft, rows: Iterable[CheckedFigure]
) -> list[FigureRowForm]:
    """Return the fields of the rows that must be corrected, and of the one that the address asks for."""
    chosen = whole_number(request.GET.get("change", ""))
    choices = _choices(request, draft)
    return [
        FigureRowForm(row=row, choices=choices) for row in rows if row.problems or row.typed.number == chosen
    ]
