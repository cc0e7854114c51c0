"""Reports of a month that were sent: an agency's months, MAPO's list, and one report with MAPO's decisions."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import agency_only, find_or_refuse, mapo_only, person_of
from accounts.acting import (
    act_by_button,
    attempt,
    refused_page,
    request_time,
    say_and_go,
    undo_by,
)
from accounts.models import User
from audit.clock import local_date
from audit.errors import AlreadyDecided, NotAllowed
from audit.refusals import record_refusal, refuse
from indicators.errors import already_decided
from indicators.forms.decisions import FigureDecisionsForm
from indicators.models import FigureReport
from indicators.permissions import may_send_figures
from indicators.queries.owed_months import read_owing
from indicators.queries.report_page import SentLine, SentVersion, find_report_of, read_reports, read_versions
from indicators.queries.sent_checks import notes_on
from indicators.services.decisions import CellDecision, decide_figures, why_not_deciding
from indicators.services.reports import discard_figures, restore_figures, withdraw_figures
from recommendations.context import page_cycle, set_page_cycle
from recommendations.states import Decision
from submissions.states import SubmissionState
from submissions.views import posted_revision, show_newer
from ui import dates
from ui.methods import post_required
from ui.pagination import paginate

ROWS_PER_PAGE = 50


@require_safe
@mapo_only
def reports(request: HttpRequest) -> HttpResponse:
    """Show the reports of the page's cycle: those that wait first, which agencies have a draft, and who owes months."""
    cycle, today = page_cycle(request), local_date(request_time(request))
    lines = read_reports(cycle, today=today) if cycle else []
    context = {
        "page": paginate(request, lines, per_page=ROWS_PER_PAGE),
        "waiting_count": sum(line.is_waiting for line in lines),
        "owing": read_owing(cycle, today=today) if cycle else [],
        "cycle": cycle,
    }
    return render(request, "indicators/report/reports.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, report_id: int) -> HttpResponseBase:
    """Show what was sent for a month to its agency and to MAPO, and take MAPO's decisions on each figure."""
    found = _seen_report(request, report_id)
    versions = read_versions(found, user=person_of(request))
    form = _decisions_form(request, found, versions)
    if request.method != "POST":
        return _show(request, found, versions, form)
    if not person_of(request).is_mapo:
        refuse(request, found, agency_id=found.agency_id)
    return _decide(request, found, versions, form)


@require_safe
def report_of_figure(request: HttpRequest, figure_id: int) -> HttpResponse:
    """Lead to the report in which an agency gave a figure: there stand its evidence and who decided on it."""
    found = find_report_of(figure_id, user=person_of(request))
    if found is None:
        raise Http404
    return redirect("indicators:report", found.pk)


@post_required
@agency_only
def report_undo(request: HttpRequest, report_id: int) -> HttpResponseBase:
    """Undo sending: what was typed stands in a new draft."""
    found = _seen_report(request, report_id)
    outcome = attempt(request, partial(withdraw_figures, found))
    if outcome.refusal is not None:
        return refused_page(request, outcome.refusal)
    messages.success(request, _("Sending was undone. Your figures and files are in this draft."))
    return redirect("indicators:month", outcome.result.month)


@post_required
@agency_only
def report_withdraw(request: HttpRequest, report_id: int) -> HttpResponseBase:
    """Take figures back that MAPO returned, or has not decided on; what was typed stands in a new draft."""
    found = _seen_report(request, report_id)
    return act_by_button(
        request,
        partial(withdraw_figures, found),
        done=_("The figures were withdrawn from MAPO. What you typed is in this draft."),
        back_url=reverse("indicators:month", args=[found.month]),
    )


@post_required
@agency_only
def report_discard(request: HttpRequest, report_id: int) -> HttpResponseBase:
    """Put a draft away; what was typed stays, and undoing goes on with it. An old page leads to the newer figures."""
    found = _seen_report(request, report_id)
    month = dates.month_year(found.month)
    return act_by_button(
        request,
        partial(discard_figures, found, revision=posted_revision(request)),
        done=_("The draft of the figures of %(month)s was discarded.") % {"month": month},
        back_url="indicators:months",
        undo=undo_by("indicators:report_restore", found.pk),
        on_refusal=partial(show_newer, request, reverse("indicators:month", args=[found.month])),
    )


@post_required
@agency_only
def report_restore(request: HttpRequest, report_id: int) -> HttpResponseBase:
    """Undo discarding: what was typed stands in a new draft."""
    found = _seen_report(request, report_id)
    return act_by_button(
        request,
        partial(restore_figures, found),
        done=_("The draft is back, with your figures and files."),
        back_url=reverse("indicators:month", args=[found.month]),
    )


def _seen_report(request: HttpRequest, report_id: int) -> FigureReport:
    """Return a report that the person may open, or raise Http404; the page is about its cycle."""
    seen = FigureReport.objects.visible_to(person_of(request)).select_related("agency", "cycle", "saved_by")
    found = find_or_refuse(request, seen, pk=report_id, agency_field="agency_id")
    set_page_cycle(request, found.cycle)
    return found


def _decisions_form(
    request: HttpRequest, found: FigureReport, versions: list[SentVersion]
) -> FigureDecisionsForm | None:
    """Return the form of MAPO's decisions; None where nothing waits, or the person may not decide."""
    person = person_of(request)
    if not person.is_mapo or found.state != SubmissionState.SUBMITTED or not versions:
        return None
    newest = versions[0]
    data = request.POST if request.method == "POST" else None
    waiting = [line.sent for line in newest.undecided]
    return FigureDecisionsForm(data, sent=waiting, submission_id=newest.submission.pk)


def _decide(
    request: HttpRequest,
    found: FigureReport,
    versions: list[SentVersion],
    form: FigureDecisionsForm | None,
) -> HttpResponseBase:
    """Take the decisions on the version that was read; or say why not."""
    read = request.POST.get("submission", "")
    decided = next((line.decision for line in _overtaken(request, versions)), None)
    if form is not None and decided is not None:
        return _show(
            request,
            found,
            versions,
            _decisions_form_now(request, found, versions),
            told=str(already_decided(decided)),
            status=409,
        )
    if form is None or not versions or read != str(versions[0].submission.pk):
        told = _(
            "These figures have changed meanwhile. Your decisions were not recorded: look at them again."
        )
        current = _decisions_form_now(request, found, versions)
        return _show(request, found, versions, current, told=told, status=409)
    outcome = attempt(request, partial(_carry_out, versions[0], form), form=form)
    if outcome.is_done:
        return say_and_go(
            request, outcome.result, done=partial(_done_text, form), back_url=_after(outcome.result)
        )
    if isinstance(outcome.refusal, AlreadyDecided):
        again = read_versions(found, user=person_of(request))
        current = _decisions_form_now(request, found, again)
        return _show(request, found, again, current, told=str(outcome.refusal), status=409)
    if isinstance(outcome.refusal, NotAllowed):
        record_refusal(request, found, agency_id=found.agency_id)
        return _show(request, found, versions, None, told=str(outcome.refusal), status=403)
    return _show(request, found, versions, form, status=422)


def _overtaken(request: HttpRequest, versions: list[SentVersion]) -> Iterator[SentLine]:
    """Yield the figures of the newest version that the person decides on, and somebody else has decided on meanwhile."""
    for line in versions[0].lines if versions else ():
        if line.decision is not None and request.POST.get(f"decision-{line.sent.pk}"):
            yield line


def _decisions_form_now(
    request: HttpRequest, found: FigureReport, versions: list[SentVersion]
) -> FigureDecisionsForm | None:
    """Return the form as it is now, without what was posted for figures that were decided meanwhile."""
    if not person_of(request).is_mapo or found.state != SubmissionState.SUBMITTED:
        return None
    newest = versions[0]
    waiting = [line.sent for line in newest.undecided]
    return FigureDecisionsForm(sent=waiting, submission_id=newest.submission.pk)


def _carry_out(version: SentVersion, form: FigureDecisionsForm, **typed: Any) -> FigureReport:
    decisions = {pk: CellDecision(*decided) for pk, decided in form.decided().items()}
    about = {name: typed[name] for name in ("identities_reason", "actor", "now")}
    return decide_figures(version.submission, decisions=decisions, **about)


def _done_text(form: FigureDecisionsForm, decided: FigureReport) -> str:
    returned = sum(not is_accepted for is_accepted, _reason in form.decided().values())
    if not returned:
        return _("The figures were accepted: %(report)s.") % {"report": decided}
    return ngettext(
        "One figure was returned, the others that you chose were accepted: %(report)s.",
        "%(count)s figures were returned, the others that you chose were accepted: %(report)s.",
        returned,
    ) % {"count": returned, "report": decided}


def _after(decided: FigureReport) -> str:
    if decided.state == SubmissionState.SUBMITTED:
        return reverse("indicators:report", args=[decided.pk])
    return reverse("indicators:reports")


def _show(
    request: HttpRequest,
    found: FigureReport,
    versions: list[SentVersion],
    form: FigureDecisionsForm | None,
    *,
    told: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show the report; the person who may not decide reads why."""
    person = person_of(request)
    bar = why_not_deciding(person, versions[0].submission) if form is not None and not told else ""
    rows = form.rows() if form is not None else {}
    newest = versions[0].lines if versions else []
    notes = _notes(person, found, newest)
    for line in newest:
        line.fields, line.notes = rows.get(line.sent.pk), notes.get(line.sent.pk, ())
    context = {
        "report": found,
        "month_text": dates.month_year(found.month),
        "versions": versions,
        "form": None if bar else form,
        "bar": bar,
        "told": told,
        **_agency_acts(person, found, versions),
    }
    return render(request, "indicators/report/report.html", context, status=status)


def _notes(person: User, found: FigureReport, lines: list[SentLine]) -> dict[int, list[str]]:
    """Return what the checks say to MAPO about the figures that wait, and those accepted with them, by their key."""
    if not person.is_mapo or found.state != SubmissionState.SUBMITTED:
        return {}
    returned = Decision.RETURN
    return notes_on(
        found, [line.sent for line in lines if line.decision is None or line.decision.decision != returned]
    )


def _agency_acts(person: User, found: FigureReport, versions: list[SentVersion]) -> dict[str, bool]:
    """Return what a person of the agency may do with the report now."""
    is_own = person.is_agency_actor and not found.cycle.is_closed
    is_untouched = bool(versions) and len(versions[0].undecided) == len(versions[0].lines)
    is_waiting = found.state == SubmissionState.SUBMITTED
    return {
        "may_undo": is_own and is_waiting and is_untouched and may_send_figures(person, found.agency_id),
        "may_withdraw": is_own
        and found.state == SubmissionState.RETURNED
        and may_send_figures(person, found.agency_id),
        "may_edit": is_own and found.is_editable,
        "may_correct": is_own and found.state == SubmissionState.ACCEPTED,
    }
