"""The form of a month's figures, like a small spreadsheet: nothing that was typed is lost or overwritten unseen.

It saves, compares and sends by the mechanism of the update form (recommendations.views.update_form).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.access import agency_only, person_of
from accounts.acting import add_refusal, attempt, refused_page, request_time, say_and_go, undo_by
from accounts.clearance import usual_class
from audit.clock import local_date
from audit.errors import DomainError, Incomplete, NotNow, Stale, Unconfirmed
from indicators.errors import stale_figures
from indicators.forms.month import MonthForm
from indicators.queries.month_page import (
    MonthPlace,
    evidence_rows,
    figure_senders,
    proof_rows,
    read_month,
    shown_tables,
)
from indicators.services.reports import judge_with_checks, save_figures, submit_figures
from privacy.checks import IdentitiesFound
from recommendations.context import set_page_cycle
from submissions.drafts import last_saved_text, saved_text
from submissions.files import ReceivedFiles, drop_zone_context, receive_files
from ui.methods import post_required
from ui.query_state import read_text

#: The button that sends figures although they differ much from the month before.
SUBMIT_UNUSUAL = "submit_unusual"
_SENDING = ("submit", SUBMIT_UNUSUAL)
#: What is said of newer figures on a page that was opened before there were any.
_NEWER = gettext_lazy(
    "Newer figures have been saved. These are kept on this page: compare the two and choose."
)
_COMPARING = ("compare", "compare-tabs")


@require_http_methods(["GET", "HEAD", "POST"])
@agency_only
def month_form(request: HttpRequest, month: date) -> HttpResponseBase:
    """Type, save and send the figures of a month; the pressed button of the one form says what to do."""
    place = month_place(request, month)
    if place.refusal:
        refusal = NotNow(place.refusal)
        if request.method == "POST":
            return _refused(request, place, _form(request, place, request.POST), refusal)
        return refused_page(request, refusal)
    if request.method == "POST":
        return _posted(request, place)
    if place.report is not None and not place.report.is_editable:
        return redirect("indicators:report", place.report.pk)
    return _form_page(request, place, _form(request, place))


@post_required
@agency_only
def month_autosave(request: HttpRequest, month: date) -> JsonResponse:
    """Save what is typed while it is typed; answer saved, stale or invalid, and say what is wrong with each cell."""
    place = month_place(request, month)
    form = _form(request, place, request.POST)
    if place.cycle is None:
        return JsonResponse({"state": "invalid", "errors": {"": [place.refusal]}}, status=422)
    if not form.is_valid():
        return JsonResponse({"state": "invalid", "errors": form.errors}, status=422)
    outcome = attempt(request, partial(_save, place, form))
    if outcome.refusal is not None:
        is_own = isinstance(outcome.refusal, Stale) and outcome.refusal.is_own
        stale = {"state": "stale", "message": str(outcome.refusal), "is_own": is_own}
        return JsonResponse(stale, status=409)
    saved = outcome.result
    today = local_date(request_time(request))
    found = judge_with_checks(place.cycle, place.sheet, form.content().typed)
    return JsonResponse(
        {
            "state": "saved",
            "revision": saved.revision,
            "saved_text": saved_text(saved.saved_at, today=today),
            "notes": found.notes,
        }
    )


def month_place(request: HttpRequest, month: date) -> MonthPlace:
    """Return the month of the person's agency as it is now; the page is about its cycle."""
    person, today = person_of(request), local_date(request_time(request))
    place = read_month(person.agency, month, today=today, clearance=person.clearance)
    if place.cycle is not None:
        set_page_cycle(request, place.cycle)
    return place


def _form(request: HttpRequest, place: MonthPlace, data: QueryDict | None = None) -> MonthForm:
    """Return the form, bound to what was posted if `data` is given."""
    return MonthForm(
        data,
        None if data is None else request.FILES,
        sheet=place.sheet,
        content=place.content,
        revision=place.revision,
        agency_id=place.agency.pk,
        person=person_of(request),
        hides_explanation=place.is_above,
    )


def _save(place: MonthPlace, form: MonthForm, *, files: ReceivedFiles | None = None, **acting: Any) -> Any:
    """Save what was typed, with the files that came along."""
    content = form.content(added=files.documents if files else ())
    revision = form.cleaned_data["revision"]
    assert place.cycle is not None
    return save_figures(place.agency, place.cycle, place.month, content=content, revision=revision, **acting)


def _posted(request: HttpRequest, place: MonthPlace) -> HttpResponseBase:
    """Do what the pressed button says, and show the form again where something stands in the way."""
    act = request.POST.get("action", "save")
    if "remove" in request.POST:
        # Remove a file where no script runs.
        data = request.POST.copy()
        data.setlist("documents", [each for each in data.getlist("documents") if each != data["remove"]])
        return _form_page(request, place, _form(request, place, data))
    form = _form(request, place, request.POST)
    if form.was_redacted and form.has_valid_fields:
        return _write(request, place, form, sends=False)
    if act == "find" or not form.is_valid():
        return _form_page(request, place, form)
    if act in _COMPARING:
        return _compare(request, place, form)
    return _write(request, place, form, sends=act in _SENDING)


def _write(request: HttpRequest, place: MonthPlace, form: MonthForm, *, sends: bool) -> HttpResponseBase:
    """Save or send what was typed, with the files that came along. With a refused file it is saved, not sent."""
    uploads, usual = form.cleaned_data["new_files"], usual_class(person_of(request))
    files = receive_files(request, uploads, agency=place.agency, classification=usual)
    sends = sends and not files.refused
    outcome = attempt(request, partial(_submit if sends else _save, place, form, files=files))
    problem = outcome.refusal if sends and _is_correctable(outcome.refusal) else None
    if problem is not None:
        outcome = attempt(request, partial(_save, place, form, files=files))
    if outcome.refusal is not None:
        return _refused(request, place, form, outcome.refusal)
    if files.refused or problem is not None:
        return _again(request, place, form, files=files, problem=problem)
    if not sends:
        return say_and_go(request, outcome.result, done=_("Draft saved."), back_url=request.path)
    return say_and_go(
        request,
        outcome.result,
        done=_("The figures of %(month)s were sent to MAPO.") % {"month": place.month_text},
        back_url="indicators:months",
        undo=undo_by("indicators:report_undo", outcome.result.report_id, name=_("Undo sending")),
    )


def _submit(place: MonthPlace, form: MonthForm, *, files: ReceivedFiles, **acting: Any) -> Any:
    """Send what was typed; unusual figures are asked about unless the person has been asked."""
    assert place.cycle is not None
    return submit_figures(
        place.agency,
        place.cycle,
        place.month,
        content=form.content(added=files.documents),
        revision=form.cleaned_data["revision"],
        asks_if_unusual=form.data.get("action") != SUBMIT_UNUSUAL,
        identities_reason=form.cleaned_data["identities_reason"],
        **acting,
    )


def _is_correctable(refusal: DomainError | None) -> bool:
    """Whether the agency can still correct what stands in the way, so that the draft is to be saved."""
    return isinstance(refusal, Incomplete | Unconfirmed | IdentitiesFound)


def _again(
    request: HttpRequest,
    place: MonthPlace,
    form: MonthForm,
    *,
    files: ReceivedFiles,
    problem: DomainError | None,
) -> HttpResponseBase:
    """Show the form with what was typed, on the revision that is saved now, and with what stands in the way."""
    current = month_place(request, place.month)
    bound = _rebound(request, current, form, files)
    if problem is not None and not isinstance(problem, Unconfirmed):
        add_refusal(bound, problem)
    for name, reason in files.refused:
        bound.add_error(None, f"{name}: {reason}")
    unusual = str(problem) if isinstance(problem, Unconfirmed) else ""
    status = 200 if unusual else 422
    return _form_page(request, current, bound, refused=files.refused, unusual=unusual, status=status)


def _rebound(request: HttpRequest, place: MonthPlace, form: MonthForm, files: ReceivedFiles) -> MonthForm:
    data = request.POST.copy()
    data["revision"] = str(place.revision)
    content = form.content(added=files.documents)
    data.setlist("documents", [str(pk) for pk in sorted(content.document_ids)])
    bound = _form(request, place, data)
    bound.is_valid()
    return bound


def _refused(
    request: HttpRequest, place: MonthPlace, form: MonthForm, refusal: DomainError
) -> HttpResponseBase:
    """Show what was typed: beside newer figures, or to copy."""
    current = month_place(request, place.month)
    if isinstance(refusal, Stale):
        return _stale_page(request, current, form)
    typed = [
        {"label": place.sheet.cells[name].label, "text": text} for name, text in form.typed_now().items()
    ]
    context = {
        "place": current,
        "refusal": str(refusal),
        "typed": typed,
        "explanation": "" if place.is_above else form["explanation"].value(),
    }
    return render(request, "indicators/report/closed.html", context, status=409)


def _compare(request: HttpRequest, place: MonthPlace, form: MonthForm) -> HttpResponseBase:
    """Show newer figures beside what was typed, if there are any."""
    if place.report is not None and not place.report.is_editable:
        refusal = NotNow(_("These figures were sent meanwhile, so yours could not be saved in them."))
        return _refused(request, place, form, refusal)
    if form.cleaned_data["revision"] == place.revision:
        return _form_page(request, place, form)
    return _stale_page(request, place, form)


def _stale_page(request: HttpRequest, place: MonthPlace, form: MonthForm) -> HttpResponseBase:
    """Show both in one form; saving from here overwrites the colleague's knowingly, with its revision."""
    bound = _rebound(request, place, form, ReceivedFiles())
    return _form_page(request, place, bound, theirs=place.content.typed, status=409)


def _form_page(
    request: HttpRequest,
    place: MonthPlace,
    form: MonthForm,
    *,
    refused: list[tuple[str, str]] | None = None,
    unusual: str = "",
    theirs: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponseBase:
    """Show the form.

    `refused` are files that were not stored, with the reason of each; `unusual` asks whether figures that differ much
    are to be sent; `theirs` are the newer figures beside those that were typed.
    """
    person, today = person_of(request), local_date(request_time(request))
    find = read_text(request.POST, "find")
    report = place.report
    assert place.cycle is not None
    found = judge_with_checks(place.cycle, place.sheet, form.typed_now())
    attached = form["documents"].value() or ()
    writing = evidence_rows(place, user=person, document_ids=attached, find=find)
    context = {
        **drop_zone_context(request, chosen_class=usual_class(person)),
        "place": place,
        "form": form,
        "tables": shown_tables(place, form, found, theirs=theirs),
        "found": found,
        "writing": writing,
        "proofs": proof_rows(form, writing["attached"]),
        "names_identify": any(row["name_warning_html"] for row in writing["attached_rows"]),
        "refused": refused or [],
        "unusual": unusual,
        "theirs": theirs,
        "find": find,
        "is_find_open": bool(find) or request.POST.get("action") == "find",
        "saved_text": last_saved_text(
            report.saved_at, name=report.saved_by.name, is_own=report.saved_by_id == person.pk, today=today
        )
        if report is not None
        else "",
        "stale": stale_figures(report, actor=person)
        if report is not None
        else {"message": _NEWER, "is_own": False},
        "keep_key": f"figures-{place.month:%Y-%m}",
        "took_theirs": request.method == "GET" and request.GET.get("taken") == "theirs",
        "senders": [] if person.is_coordinator else figure_senders(place.agency),
    }
    return render(request, "indicators/report/form.html", context, status=status)
