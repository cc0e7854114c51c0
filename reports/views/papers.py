"""Making the papers of a meeting from an agenda that was laid before the council."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import find_or_refuse, mapo_only, person_of
from accounts.acting import attempt, request_time
from accounts.rate_limits import is_within_rate
from audit.errors import DomainError, NotAllowed, NotNow
from audit.refusals import refuse
from meetings.models import LaidAgenda
from meetings.queries.laid import read_laid
from recommendations.context import set_page_cycle
from reports.errors import BadSelection
from reports.services import making
from reports.services.requests import is_made_at_once, request_paper
from reports.states import FORMATS, MEETING_PAPERS, ExportFormat, SummaryLanguage
from ui.methods import post_required

#: Small papers are made while the person waits, by a thread of the web.
_A_MINUTE = 20
#: The button that makes all papers.
ALL = "all"


@post_required
@mapo_only
def papers_make(request: HttpRequest, laid_id: int) -> HttpResponseBase:
    """Make one paper of a meeting, or all, in a language, and go back to the papers of the meeting."""
    agendas = LaidAgenda.objects.visible_to(person_of(request)).select_related("meeting__cycle")
    laid = find_or_refuse(request, agendas, pk=laid_id)
    set_page_cycle(request, laid.meeting.cycle)
    paper, language = request.POST.get("paper", ""), request.POST.get("language", "")
    formats = _all_papers(laid) if paper == ALL else [each for each in MEETING_PAPERS if each == paper]
    if not formats or language not in SummaryLanguage.values:
        return _refused_page(request, laid, BadSelection({"paper": _("Choose a paper and a language.")}))
    return _make(request, laid, formats, language=SummaryLanguage(language))


def _all_papers(laid: LaidAgenda) -> list[ExportFormat]:
    """Return the papers of an agenda; without an item on it there is no evidence to pack."""
    has_items = bool(read_laid(laid).item_ids)
    return [each for each in MEETING_PAPERS if has_items or not FORMATS[each].holds_files]


def _papers_url(laid: LaidAgenda) -> str:
    """Return the address of the papers of a meeting."""
    return reverse("meetings:meeting_papers", args=[laid.meeting_id])


def _make(
    request: HttpRequest, laid: LaidAgenda, formats: Sequence[ExportFormat], *, language: SummaryLanguage
) -> HttpResponseBase:
    """Request papers of an agenda, make the small ones now, and go back; or return the page that says why not."""
    if not is_within_rate("reports.make", person_of(request).pk, most=_A_MINUTE):
        words = _("That was a lot of summaries in one minute. Wait a minute, then continue.")
        return _refused_page(request, laid, NotNow(words), status=429)
    for each in formats:
        outcome = attempt(request, partial(request_paper, laid, export_format=each, language=language))
        if isinstance(outcome.refusal, NotAllowed):
            refuse(request)
        if outcome.refusal is not None:
            return _refused_page(request, laid, outcome.refusal)
        if is_made_at_once(outcome.result):
            making.make(outcome.result.pk, now=request_time(request))
    return redirect(f"{_papers_url(laid)}#papers")


def _refused_page(
    request: HttpRequest, laid: LaidAgenda, refusal: DomainError, *, status: int = 409
) -> HttpResponse:
    """Return the page that says why nothing was begun, with the way back to the meeting."""
    problems = list(refusal.problems.values()) if isinstance(refusal, BadSelection) else [str(refusal)]
    context = {"problems": problems, "back_url": _papers_url(laid), "back_label": _("Papers of the meeting")}
    return render(request, "reports/refused.html", context, status=status)
