"""MAPO nudges: who would get it is shown by name, then it goes out, all of it or nothing."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import mapo_only
from accounts.acting import acting, request_time
from audit.clock import local_date
from audit.errors import DomainError
from recommendations.context import in_cycle, set_page_cycle
from recommendations.models import Assignment
from reminders.forms.nudge import NudgeForm
from reminders.queries.nudge_page import past_nudges, read_preview
from reminders.services.nudges import nudge as send_nudges
from ui.query_state import read_numbers

#: More than a list shows on one page, and few enough for an address.
MOST_CHOSEN = 200


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def nudge(request: HttpRequest) -> HttpResponse:
    """Preview, own line, send. A choice that comes by POST from a list is led to an address that holds it."""
    if request.method == "POST" and "line" not in request.POST:
        chosen = read_numbers(request.POST, "chosen") or read_numbers(request.POST, "assignment")
        return redirect(_url(chosen))
    form = NudgeForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _show(request, form, status=422 if form.is_bound else 200)
    going = Assignment.objects.filter(pk__in=read_numbers(request.POST, "assignment")).order_by("pk")
    try:
        sent = send_nudges(going, **form.cleaned_data, **acting(request))
    except DomainError as refusal:
        return _show(request, form, refused=str(refusal), status=409)
    told = ngettext("Nudged about %(count)s assignment.", "Nudged about %(count)s assignments.", len(sent))
    messages.success(request, told % {"count": len(sent)})
    return redirect(_after(request, [each.assignment for each in sent]))


def _url(chosen: list[int]) -> str:
    query = urlencode({"assignment": ",".join(map(str, chosen[:MOST_CHOSEN]))}, safe=",")
    return f"{reverse('reminders:nudge')}?{query}" if chosen else reverse("reminders:nudge")


def _show(request: HttpRequest, form: NudgeForm, *, refused: str = "", status: int = 200) -> HttpResponse:
    asked = read_numbers(request.GET, "assignment") or read_numbers(request.POST, "assignment")
    ids = asked[:MOST_CHOSEN]
    chosen = Assignment.objects.filter(pk__in=ids)
    preview = read_preview(chosen, today=local_date(request_time(request)))
    cycles = {row.assignment.item.cycle for row in preview.rows}
    if len(cycles) == 1:
        set_page_cycle(request, cycles.pop())
    context = {
        "preview": preview,
        "form": form,
        "refused": refused,
        "past": past_nudges(ids),
        "self_url": _url(ids),
        "today": local_date(request_time(request)),
    }
    return render(request, "reminders/nudge.html", context, status=status)


def _after(request: HttpRequest, nudged: list[Assignment]) -> str:
    """The assignment, or the list where there are several."""
    if len(nudged) == 1:
        return reverse("recommendations:assignment", args=[nudged[0].pk])
    set_page_cycle(request, nudged[0].item.cycle)
    return in_cycle(request, f"{reverse('recommendations:assignments')}?tab=confirmed")
