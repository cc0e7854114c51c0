"""The page of one row of a draft: correct it, leave it out, take it in again. What was typed is never lost."""

from collections.abc import Iterator, Mapping
from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.acting import add_refusal, attempt, refused_page, say_and_go
from audit.errors import Stale
from imports.checks import CheckedRow
from imports.forms import RowForm, cell_words
from imports.queries import OpeningDraft
from imports.rows import LABELS, ImportColumn
from imports.services.batches import stale_row
from imports.services.drafts import correct_rows
from imports.views.drafts import draft_page, found_opening, importers_only
from privacy.redaction import redact
from recommendations.models import OpeningImport
from submissions.views import posted_revision
from ui.numbers import whole_number


@require_http_methods(["GET", "HEAD", "POST"])
@importers_only
def opening_row(request: HttpRequest, opening_id: int, number: int) -> HttpResponseBase:
    """Show the form of one row, or do what its button says: save, redact, leave out, take in again."""
    batch = found_opening(request, opening_id)
    page = draft_page(request, batch)
    row = page.row(number)
    if request.method != "POST":
        if row is None or not batch.is_draft:
            return redirect("imports:opening", batch.pk)
        return _show_row(request, page, row, RowForm(checked=row, reference=page.reference))
    if row is None:
        return _show_gone(request, batch, number)
    button = request.POST.get("act")
    if button in ("leave", "take"):
        outcome = attempt(request, partial(correct_rows, batch, left_out={number: button == "leave"}))
        return refused_page(request, outcome.refusal) if outcome.refusal else _back(request, batch, number)
    return _redact(request, page, row) if button == "redact" else _correct(request, page, row)


def _redact(request: HttpRequest, page: OpeningDraft, row: CheckedRow) -> HttpResponseBase:
    """Redact the description of the row as it is saved, and go back to the draft."""
    narrative, number = ImportColumn.NARRATIVE, row.typed.number
    cells = {**row.typed.cells, narrative.value: redact(row.typed.text(narrative))}
    corrections = {number: (cells, posted_revision(request))}
    outcome = attempt(request, partial(correct_rows, page.opening, corrections=corrections))
    return refused_page(request, outcome.refusal) if outcome.refusal else _back(request, page.opening, number)


def _correct(request: HttpRequest, page: OpeningDraft, row: CheckedRow) -> HttpResponseBase:
    """Save what was typed, right or wrong, and go back to the draft."""
    form = RowForm(request.POST, checked=row, reference=page.reference)
    if not form.is_valid():
        return _show_row(request, page, row, form, status=422)
    corrections = {row.typed.number: (form.cells, form.cleaned_data["revision"])}
    refusal = attempt(request, partial(correct_rows, page.opening, corrections=corrections)).refusal
    if refusal is None:
        return _back(request, page.opening, row.typed.number)
    if not isinstance(refusal, Stale):
        add_refusal(form, refusal)
        return _show_row(request, page, row, form, status=422)
    if refusal.current is None:
        return _show_gone(request, page.opening, row.typed.number)
    return _show_both(request, page.opening, row.typed.number, form.cells, str(refusal))


def _back(request: HttpRequest, batch: OpeningImport, number: int) -> HttpResponseBase:
    """Redirect to the row in the draft, with a message when it has no problem."""
    row = draft_page(request, found_opening(request, batch.pk)).row(number)
    is_wrong = row is not None and bool(row.problems)
    is_good = row is not None and row.is_good
    words = _("Row %(line)s is ready.") % {"line": row.typed.line} if row is not None and is_good else ""
    place = whole_number(request.POST.get("page", ""))
    query = f"?page={place}" if place and is_wrong else ""
    anchor = f"#row-{number}" if is_wrong else "#rows"
    url = f"{reverse('imports:opening', args=[batch.pk])}{query}{anchor}"
    return say_and_go(request, row, done=words, back_url=url)


def _show_both(
    request: HttpRequest, batch: OpeningImport, number: int, mine: Mapping[str, str], told: str
) -> HttpResponse:
    """Show a colleague's newer text beside mine, which stays in the fields; saving now overwrites it."""
    page = draft_page(request, found_opening(request, batch.pk))
    row = page.row(number)
    if row is None:
        return _show_gone(request, batch, number)
    data = {f"row-{number}-{name}": text for name, text in mine.items()}
    data[f"row-{number}-revision"] = str(row.typed.revision)
    form = RowForm(data, checked=row, reference=page.reference)
    differing = list(_differing(row, mine))
    return _show_row(request, page, row, form, told=told, differing=differing, status=409)


def _differing(row: CheckedRow, mine: Mapping[str, str]) -> Iterator[dict[str, str]]:
    for column in ImportColumn:
        theirs, ours = (
            cell_words(column, text) for text in (row.typed.text(column), mine.get(column.value, ""))
        )
        if theirs != ours:
            yield {"label": str(LABELS[column]), "mine": ours, "theirs": theirs}


def _show_row(
    request: HttpRequest,
    page: OpeningDraft,
    row: CheckedRow,
    form: RowForm,
    *,
    told: str = "",
    differing: list[dict[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "opening": page.opening,
        "row": row,
        "form": form,
        "told": told,
        "differing": differing or [],
        "page_number": request.POST.get("page", ""),
    }
    return render(request, "imports/row.html", context, status=status)


def _show_gone(request: HttpRequest, batch: OpeningImport, number: int) -> HttpResponse:
    """Show that the row is gone, with the typed text to copy (409)."""
    typed = [
        {"label": str(LABELS[column]), "text": cell_words(column, text)}
        for column in ImportColumn
        if (text := request.POST.get(f"row-{number}-{column.value}", ""))
    ]
    context = {"opening": batch, "told": str(stale_row(None)), "typed": typed}
    return render(request, "imports/row_gone.html", context, status=409)
