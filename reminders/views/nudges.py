"""MAPO nudges: the recipients are shown by name, then all nudges go out or none."""

from functools import partial
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import mapo_only
from accounts.acting import attempt, posted, request_time, say_and_go
from audit.clock import local_date
from privacy.checks import IdentitiesFound
from recommendations.context import in_cycle, set_page_cycle
from recommendations.models import Assignment
from reminders.forms import NudgeForm
from reminders.models import Nudge
from reminders.queries.nudge_mails import preview_mails
from reminders.queries.nudge_page import is_late, past_nudges, preview_nudges
from reminders.services.nudges import check_nudges, send_nudges
from ui.query_state import read_numbers

#: More than a list shows on one page, and few enough for an address.
MAX_CHOSEN = 200


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def nudge(request: HttpRequest) -> HttpResponseBase:
    """Choose, write a line, preview the mails, send.

    What is chosen in a list comes by POST and is redirected to its own address. There, what is late is ticked first.
    """
    if request.method == "POST" and "line" not in request.POST:
        chosen = read_numbers(request.POST, "chosen") or read_numbers(request.POST, "assignment")
        return redirect(_url(chosen))
    form = NudgeForm(posted(request))
    if "preview" in request.POST:
        return _show(request, form, status=200 if form.is_valid() else 422)
    wanted = Assignment.objects.filter(pk__in=read_numbers(request.POST, "assignment")).order_by("pk")
    outcome = attempt(request, partial(send_nudges, wanted), form=form)
    if outcome.is_done:
        sent: list[Nudge] = outcome.result
        done = ngettext(
            "Nudged about %(count)s assignment.", "Nudged about %(count)s assignments.", len(sent)
        )
        return say_and_go(request, sent, done=done % {"count": len(sent)}, back_url=_after(request, sent))
    if outcome.refusal and not isinstance(outcome.refusal, IdentitiesFound):
        return _show(request, NudgeForm(posted(request)), refused=str(outcome.refusal), status=409)
    return _show(request, form, status=422 if form.is_bound else 200)


def _url(chosen: list[int]) -> str:
    query = urlencode({"assignment": ",".join(map(str, chosen[:MAX_CHOSEN]))}, safe=",")
    return f"{reverse('reminders:nudge')}?{query}" if chosen else reverse("reminders:nudge")


def _show(request: HttpRequest, form: NudgeForm, *, refused: str = "", status: int = 200) -> HttpResponse:
    now = request_time(request)
    today, ticked = local_date(now), read_numbers(request.POST, "assignment")
    ids = (read_numbers(request.GET, "assignment") or ticked)[:MAX_CHOSEN]

    def is_chosen(row: Assignment) -> bool:
        return row.pk in ticked if request.method == "POST" else len(ids) == 1 or is_late(row, today)

    candidates = check_nudges(Assignment.objects.filter(pk__in=ids), today=today, is_chosen=is_chosen)
    cycles = {each.assignment.item.cycle for each in candidates}
    if len(cycles) == 1:
        set_page_cycle(request, cycles.pop())
    preview = preview_nudges(candidates, today=today)
    line = form.cleaned_data.get("line", "") if form.is_bound and form.is_valid() else ""
    context = {
        "preview": preview,
        "mails": preview_mails(preview["chosen"], line=line, today=today, now=now),
        "form": form,
        "refused": refused,
        "past": past_nudges(ids),
        "self_url": _url(ids),
        "today": today,
    }
    return render(request, "reminders/nudge.html", context, status=status)


def _after(request: HttpRequest, sent: list[Nudge]) -> str:
    """Return the page of the assignment, or the list if there are several."""
    if len(sent) == 1:
        return reverse("recommendations:assignment", args=[sent[0].assignment_id])
    set_page_cycle(request, sent[0].assignment.item.cycle)
    return in_cycle(request, f"{reverse('recommendations:assignments')}?tab=confirmed")
