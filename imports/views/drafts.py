"""The agency's pages of opening imports: upload, draft, sending, taking back.

Whatever was read or typed is in the draft at once, right or wrong, so a draft outlives the session.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import for_roles, person_of
from accounts.acting import ActOutcome, act_by_button, request_time, say_and_go, undo_by
from accounts.models import Agency
from accounts.roles import AGENCY_ROLES, MAPO_ROLES
from audit.clock import local_date
from audit.errors import DomainError
from imports.forms import BehalfForm, RowForm, WorkbookForm
from imports.opening_table import MOST_READ, fetch_rows
from imports.queries import OpeningDraft, openings_of, read_draft, read_sent
from imports.reference_data import load_reference_data
from imports.rows import BatchRows
from imports.services.batches import discard_batch
from imports.services.drafts import begin_opening, replace_rows
from imports.services.sending import reopen_opening, send_opening
from imports.template import write_template
from imports.views.batches import attempt_with_rows, found_batch
from imports.views.files import workbook_download
from privacy.kinds import IDENTITIES_REASON_LENGTH
from recommendations.context import in_cycle, page_cycle
from recommendations.models import Cycle, OpeningImport
from submissions.states import SubmissionState
from submissions.views import posted_revision
from ui.forms import Include
from ui.methods import post_required
from ui.pagination import paginate
from ui.query_state import read_text
from ui.whole_files import refused_status

ROWS_PER_PAGE = 50
BATCHES_PER_PAGE = 20

importers_only = for_roles(*AGENCY_ROLES, *MAPO_ROLES)


@require_http_methods(["GET", "HEAD", "POST"])
@importers_only
def openings(request: HttpRequest) -> HttpResponseBase:
    """List the imports of an agency, or all for MAPO, and begin one."""
    cycle, agency = page_cycle(request), _agency(request)
    if request.method == "POST":
        if cycle is None or agency is None:
            raise Http404
        return _begin(request, cycle, agency)
    return _show_list(request, cycle, agency, _begin_form(request, agency))


def _agency(request: HttpRequest) -> Agency | None:
    """Return the person's own agency; for MAPO the one that the address names."""
    person = person_of(request)
    if not person.is_mapo:
        return person.agency
    code = read_text(request.GET, "agency")
    return Agency.objects.active().filter(code=code).first() if code else None


def _begin_form(request: HttpRequest, agency: Agency | None) -> WorkbookForm:
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    url = _agency_url(request, "imports:openings", agency)
    return WorkbookForm(data, files, words=_("Read the file"), action=url)


def _agency_url(request: HttpRequest, view_name: str, agency: Agency | None) -> str:
    """Return the address of a view, for the page's cycle and, for MAPO, the agency."""
    query = f"?agency={agency.code}" if agency is not None and person_of(request).is_mapo else ""
    return in_cycle(request, f"{reverse(view_name)}{query}")


def _begin(request: HttpRequest, cycle: Cycle, agency: Agency) -> HttpResponseBase:
    """Begin a draft with the rows of the posted file and go to it; a refusal stands in the form (422)."""
    form = _begin_form(request, agency)
    begin = partial(begin_opening, cycle, agency=agency)
    outcome = _attempt_with_rows(request, form, begin, cycle=cycle, agency=agency)
    if outcome.is_done:
        return redirect("imports:opening", outcome.result.pk)
    return _show_list(request, cycle, agency, form, status=refused_status(form, 422))


def _attempt_with_rows(
    request: HttpRequest, form: WorkbookForm, act: Callable[..., Any], *, cycle: Cycle, agency: Agency
) -> ActOutcome:
    return attempt_with_rows(
        request, form, act, rows_of=fetch_rows, most_rows=MOST_READ, agency=agency, cycle=cycle
    )


def _show_list(
    request: HttpRequest, cycle: Cycle | None, agency: Agency | None, form: WorkbookForm, *, status: int = 200
) -> HttpResponse:
    person = person_of(request)
    batches = openings_of(person, cycle=cycle, agency=agency)
    draft = batches.filter(state=SubmissionState.DRAFT).first() if agency else None
    behalf = None
    if person.is_mapo and not (cycle and cycle.is_closed):
        behalf = BehalfForm(agencies=Agency.objects.active().order_by("code"), chosen=agency)
    context = {
        "page": paginate(request, batches, per_page=BATCHES_PER_PAGE),
        "agency": agency,
        "spoken_cycle": cycle,
        "draft": draft,
        "form": form if agency and cycle and not cycle.is_closed else None,
        "behalf": behalf,
        "template_url": _agency_url(request, "imports:opening_template", agency),
    }
    return render(request, "imports/openings.html", context, status=status)


@require_safe
@importers_only
def opening_template(request: HttpRequest) -> HttpResponse:
    """Download the template for an agency and a cycle, in the reader's language."""
    cycle, agency = page_cycle(request), _agency(request)
    if cycle is None or agency is None:
        raise Http404
    today = local_date(request_time(request))
    content = write_template(
        load_reference_data(cycle, agency=agency, person=person_of(request), today=today)
    )
    name = _("opening-import-%(agency)s-%(year)s.xlsx") % {"agency": agency.code, "year": cycle.year}
    return workbook_download(content, name=name)


@require_safe
@importers_only
def opening(request: HttpRequest, opening_id: int) -> HttpResponse:
    """Show one import: a draft with its rows to correct, or what was sent and decided."""
    batch = found_opening(request, opening_id)
    if batch.state in (SubmissionState.DRAFT, SubmissionState.DISCARDED):
        return show_draft(request, batch)
    person = person_of(request)
    context = {
        "opening": batch,
        "page": read_sent(batch, user=person),
        "following": OpeningImport.objects.visible_to(person).filter(replaces=batch).first(),
        "may_write": batch.may_be_written_by(person) and not batch.cycle.is_closed,
        "may_review": person.is_mapo and batch.is_submitted,
    }
    return render(request, "imports/sent.html", context)


def found_opening(request: HttpRequest, opening_id: int) -> OpeningImport:
    """Return an import that the person may see, or answer 404; the page is about its cycle."""
    return found_batch(request, OpeningImport, opening_id, "submitted_by", "decided_by", "replaces")


def draft_page(request: HttpRequest, batch: OpeningImport) -> OpeningDraft:
    """Return the draft as it is now, checked for this reader."""
    return read_draft(batch, person=person_of(request), today=local_date(request_time(request)))


def show_draft(
    request: HttpRequest,
    batch: OpeningImport,
    *,
    file_form: WorkbookForm | None = None,
    told: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render a draft; `told` says why an act could not be done."""
    page = draft_page(request, batch)
    following = OpeningImport.objects.visible_to(person_of(request)).filter(replaces=batch)
    shown = paginate(request, page.in_order, per_page=ROWS_PER_PAGE)
    listed = BatchRows(rows=shown.rows)
    is_open = batch.is_draft and not batch.cycle.is_closed
    context = {
        "opening": batch,
        "draft": page,
        "page": shown,
        "wrong": [
            {"row": row, "form": RowForm(checked=row, reference=page.reference)} for row in listed.wrong
        ],
        "good": listed.good,
        "left_out": listed.left_out,
        "is_open": is_open,
        "file_form": file_form or _replace_form(request, batch),
        "is_replacing": file_form is not None,
        "told": told,
        "identities_reason": request.POST.get("identities_reason", ""),
        "reason_length": IDENTITIES_REASON_LENGTH,
        "template_url": _agency_url(request, "imports:opening_template", batch.agency),
        "list_url": _agency_url(request, "imports:openings", batch.agency),
        "following": None if batch.is_draft else following.first(),
    }
    return render(request, "imports/draft.html", context, status=status)


def _replace_form(request: HttpRequest, batch: OpeningImport) -> WorkbookForm:
    action = reverse("imports:opening_replace", args=[batch.pk])
    data, files = (request.POST, request.FILES) if request.path == action else (None, None)
    words = ngettext("Replace %(count)s row", "Replace all %(count)s rows", len(batch.rows)) % {
        "count": len(batch.rows)
    }
    form = WorkbookForm(data, files, words=words, action=action)
    form.helper.layout.append(Include("imports/_revision.html"))
    return form


@post_required
@importers_only
def opening_replace(request: HttpRequest, opening_id: int) -> HttpResponseBase:
    """Replace the draft's rows with those of another file."""
    batch = found_opening(request, opening_id)
    form = _replace_form(request, batch)
    replace = partial(replace_rows, batch, revision=posted_revision(request))
    outcome = _attempt_with_rows(request, form, replace, cycle=batch.cycle, agency=batch.agency)
    if not outcome.is_done:
        shown, status = found_opening(request, opening_id), refused_status(form, 422)
        return show_draft(request, shown, file_form=form, status=status)
    words = _("The rows of the new file are shown. The earlier ones were replaced.")
    return say_and_go(request, batch, done=words, back_url=_opening_url)


@post_required
@importers_only
def opening_send(request: HttpRequest, opening_id: int) -> HttpResponseBase:
    """Send every row that is not left out, all or none."""
    batch = found_opening(request, opening_id)
    reason = request.POST.get("identities_reason", "")
    act = partial(send_opening, batch, revision=posted_revision(request), identities_reason=reason)
    return act_by_button(
        request,
        act,
        done=_("The import was sent to MAPO as a whole."),
        back_url=_opening_url,
        undo=undo_by("imports:opening_reopen", batch.pk),
        on_refusal=partial(_show_refused, request, opening_id),
    )


def _show_refused(request: HttpRequest, opening_id: int, refusal: DomainError) -> HttpResponse:
    """Show the import as it is now, with why nothing was done."""
    return show_draft(request, found_opening(request, opening_id), told=str(refusal), status=409)


def _opening_url(batch: OpeningImport) -> str:
    return reverse("imports:opening", args=[batch.pk])


@post_required
@importers_only
def opening_discard(request: HttpRequest, opening_id: int) -> HttpResponseBase:
    """Discard a draft; its rows can begin a new one."""
    batch = found_opening(request, opening_id)
    return act_by_button(
        request,
        partial(discard_batch, batch, revision=posted_revision(request)),
        done=_("The import was discarded."),
        back_url=_agency_url(request, "imports:openings", batch.agency),
        undo=undo_by("imports:opening_reopen", batch.pk),
        on_refusal=partial(_show_refused, request, opening_id),
    )


@post_required
@importers_only
def opening_reopen(request: HttpRequest, opening_id: int) -> HttpResponseBase:
    """Begin a new draft with the same rows, taking back what waits or was returned."""
    batch = found_opening(request, opening_id)
    taken_back = _("The import was withdrawn from MAPO. Its rows are a draft again.")
    return act_by_button(
        request,
        partial(reopen_opening, batch),
        done=taken_back if batch.is_submitted else "",
        back_url=_opening_url,
    )
