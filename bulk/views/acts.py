"""The bulk acts that were done: a list, one act row by row, and its undo as a whole."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import mapo_only, person_of
from accounts.acting import act_by_button
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
    """List the bulk acts of the cycle: who, when, what, how many, and whether they can be undone."""
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
    """Show one bulk act, row by row."""
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
    """Undo a bulk act as a whole, or show on which rows something was built since (409)."""
    act = _loaded_act(request, act_id)
    act_url = reverse("bulk:bulk_act", args=[act.pk])
    if request.method != "POST":
        return redirect(act_url)
    return act_by_button(
        request,
        partial(undo_bulk, act),
        done=reading.undone_words(act.kind),
        back_url=act_url,
        on_refusal=lambda refusal: _show_act(request, act, refused=str(refusal), status=409),
    )
