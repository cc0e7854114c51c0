"""Bulk acts that were done: listed, shown row by row, and undone as a whole."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import mapo_only, person_of
from accounts.acting import request_time
from audit.errors import DomainError
from bulk import queries as reading
from bulk.models import BulkAct
from bulk.services import undo_bulk
from recommendations.context import set_page_cycle
from recommendations.views.assignment_lists import CONFIRMED, loaded_cycle, tab_url
from ui.pagination import paginate

ACTS_PER_PAGE = 20


@require_safe
@mapo_only
def bulk_acts(request: HttpRequest) -> HttpResponse:
    """The bulk acts of the cycle: who, when, what, how many, and whether they can be undone."""
    cycle = loaded_cycle(request)
    page = paginate(request, reading.acts_of(cycle), per_page=ACTS_PER_PAGE)
    context = {
        "page": page,
        "rows": reading.as_listed(page.rows, reader=person_of(request)),
        "back_url": tab_url(request, CONFIRMED),
    }
    return render(request, "bulk/acts.html", context)


@require_safe
@mapo_only
def bulk_act(request: HttpRequest, act_id: int) -> HttpResponse:
    """One bulk act, row by row."""
    return _show_act(request, _loaded_act(request, act_id))


def _loaded_act(request: HttpRequest, act_id: int) -> BulkAct:
    act = get_object_or_404(BulkAct.objects.select_related("cycle", "actor", "undone_by"), pk=act_id)
    set_page_cycle(request, act.cycle)
    return act


def _show_act(request: HttpRequest, act: BulkAct, *, refused: str = "", status: int = 200) -> HttpResponse:
    context = {
        "page": reading.act_page(act, reader=person_of(request)),
        "act": act,
        "refused": refused,
        "back_url": tab_url(request, CONFIRMED),
    }
    return render(request, "bulk/act.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def bulk_undo(request: HttpRequest, act_id: int) -> HttpResponseBase:
    """Undo a bulk act as a whole, or say on which rows something was built since."""
    act = _loaded_act(request, act_id)
    if request.method == "POST":
        try:
            undo_bulk(act, actor=person_of(request), now=request_time(request))
        except DomainError as error:
            return _show_act(request, act, refused=str(error), status=409)
        messages.success(request, reading.undone_words(act.kind))
    return redirect("bulk:bulk_act", act_id=act.pk)
