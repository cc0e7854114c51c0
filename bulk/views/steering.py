"""MAPO's acts on many assignments: their preview, doing them, those that were done, and undoing one as a whole."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import find_or_refuse, mapo_only, person_of
from accounts.acting import act_by_button
from bulk import queries as reading
from bulk.forms import SETTLING, AssignForm, MoveDueForm, order_of
from bulk.models import BulkAct, BulkKind
from bulk.services.orders import Assign, Confirm, Order
from bulk.services.plan import BulkPlan
from bulk.services.undo import undo_bulk
from bulk.views.preview import apply_order, bulk_actors_only, show_preview
from recommendations.context import in_cycle, set_page_cycle
from recommendations.models import Assignment, Cycle
from recommendations.queries.assignments_page import suggestion_ids
from recommendations.views.assignment_lists import (
    CONFIRMED,
    SUGGESTED,
    chosen_on_list,
    current_list,
    filters_of,
    list_query,
    list_url,
    loaded_cycle,
    show_assignment_list,
    tab_url,
)
from recommendations.views.loading import closed_page
from ui.pagination import paginate
from ui.query_state import read_numbers


@require_safe
@mapo_only
def assignment_assign(request: HttpRequest) -> HttpResponse:
    """Show the form that assigns agencies to items; it posts to `bulk_preview`."""
    cycle = loaded_cycle(request)
    if cycle.is_closed:
        return closed_page(request)
    initial: dict[str, Any] = {
        "items": read_numbers(request.GET, "item"),
        "agencies": read_numbers(request.GET, "agency"),
    }
    terms = {name: request.GET[name] for name in ("role", "due_on", "cadence_days") if name in request.GET}
    return _show_assign_form(request, AssignForm(cycle=cycle, initial=initial | terms))


def _show_assign_form(request: HttpRequest, form: AssignForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "back_url": tab_url(request, CONFIRMED), "preview_url": _preview_url(request)}
    return render(request, "bulk/assign.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def bulk_preview(request: HttpRequest) -> HttpResponseBase:
    """Show what would change, row by row. Writes nothing. A GET redirects to the list."""
    if request.method != "POST":
        return redirect(list_url(request))
    cycle = loaded_cycle(request)
    kind = request.POST.get("kind", "")
    if kind == BulkKind.ASSIGN:
        return _preview_assign(request, cycle)
    chosen = _chosen(request, cycle)
    if not chosen or kind not in BulkKind.values:
        refused = _("Choose at least one row, then what to do with it. Nothing was changed.")
        ticked = read_numbers(request.POST, "chosen") or read_numbers(request.POST, "items")
        return show_assignment_list(request, cycle, chosen=ticked, refused=refused, status=409)
    if kind == BulkKind.MOVE_DUE:
        return _preview_move(request, cycle, chosen)
    return _show_plan(request, cycle, SETTLING[kind](chosen=tuple(chosen)))


def _chosen(request: HttpRequest, cycle: Cycle) -> list[int]:
    """Return the ids of the chosen assignments: chosen one by one, or the filtered suggestions on chosen items."""
    chosen, items = read_numbers(request.POST, "chosen"), read_numbers(request.POST, "items")
    if not items:
        return chosen
    return suggestion_ids(cycle, items, filters_of(request, cycle)[0])


def _preview_move(request: HttpRequest, cycle: Cycle, chosen: Iterable[int]) -> HttpResponse:
    usual = "due_on" if current_list(request) == SUGGESTED else "next_due_on"
    is_asked = "field" in request.POST
    form = MoveDueForm(request.POST if is_asked else None, initial={"field": usual})
    if is_asked and form.is_valid():
        return _show_plan(request, cycle, form.order(chosen))
    rows = Confirm(chosen=tuple(chosen)).subjects(cycle)
    context = {
        **_link_context(request, rows),
        "form": form,
        "chosen_rows": rows,
        "keys": ",".join(str(row.pk) for row in rows),
    }
    status = 422 if is_asked else 200
    return render(request, "bulk/move.html", context, status=status)


def _preview_assign(request: HttpRequest, cycle: Cycle) -> HttpResponseBase:
    if "role" not in request.POST:
        chosen = Assignment.objects.filter(pk__in=read_numbers(request.POST, "chosen"), item__cycle=cycle)
        in_order = chosen.order_by("item_id").values_list("item_id", flat=True).distinct()
        items = read_numbers(request.POST, "items") or list(in_order)
        address = f"{reverse('bulk:assignment_assign')}?{urlencode({'item': items}, doseq=True)}"
        return redirect(in_cycle(request, address))
    if "chosen" in request.POST:
        order = order_of(request.POST, cycle=cycle)
        return _show_plan(request, cycle, order) if order else redirect(tab_url(request, CONFIRMED))
    form = AssignForm(request.POST, cycle=cycle, initial={})
    if not form.is_valid():
        return _show_assign_form(request, form, status=422)
    return _show_plan(request, cycle, form.order())


def _show_plan(request: HttpRequest, cycle: Cycle, order: Order, **refusal: Any) -> HttpResponse:
    """Show the preview of an order."""

    def links(plan: BulkPlan) -> dict[str, Any]:
        form = MoveDueForm(request.POST) if order.kind == BulkKind.MOVE_DUE else None
        return {"form": form, **_link_context(request, [step.assignment for step in plan.steps], order)}

    return show_preview(request, cycle, order, context=links, **refusal)


def _link_context(
    request: HttpRequest, rows: Iterable[Assignment], order: Order | None = None
) -> dict[str, Any]:
    """Return the context of a preview's links forward and back."""
    return {
        "back_label": _("Assignments"),
        "preview_url": _preview_url(request),
        "apply_url": f"{reverse('bulk:bulk_apply')}?{list_query(request)}",
        "back_url": _assign_url(request, order)
        if isinstance(order, Assign)
        else list_url(request, chosen=chosen_on_list(request, rows)),
    }


def _preview_url(request: HttpRequest) -> str:
    return f"{reverse('bulk:bulk_preview')}?{list_query(request)}"


def _assign_url(request: HttpRequest, order: Assign) -> str:
    items = dict.fromkeys(item for item, _agency in order.places)
    agencies = dict.fromkeys(agency for _item, agency in order.places)
    query: dict[str, Any] = {"item": list(items), "agency": list(agencies), "role": order.role}
    query |= {"due_on": order.due_on or "", "cadence_days": order.cadence_days or ""}
    address = f"{reverse('bulk:assignment_assign')}?{urlencode(query, doseq=True)}"
    return in_cycle(request, address)


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def bulk_apply(request: HttpRequest) -> HttpResponseBase:
    """Do what the preview showed, all or nothing; show the preview again if it was refused (409)."""
    cycle = loaded_cycle(request)
    order = order_of(request.POST, cycle=cycle) if request.method == "POST" else None
    if order is None:
        return redirect(list_url(request))
    back_url = tab_url(request, CONFIRMED) if order.kind == BulkKind.ASSIGN else list_url(request)
    show = partial(_show_plan, request, cycle, order)
    return apply_order(request, cycle, order, back_url=back_url, show=show)


ACTS_PER_PAGE = 20


def _back_of_acts(request: HttpRequest) -> dict[str, Any]:
    """Return the page to which the pages of acts belong: MAPO's list of assignments, or the coordinator's agency."""
    if person_of(request).is_mapo:
        return {"back_url": tab_url(request, CONFIRMED), "back_label": _("Assignments")}
    return {
        "back_url": in_cycle(request, reverse("recommendations:our_agency")),
        "back_label": _("Our agency"),
    }


@require_safe
@bulk_actors_only
def bulk_acts(request: HttpRequest) -> HttpResponse:
    """List the bulk acts of the cycle: who, when, what, how many, and whether they can be undone."""
    cycle = loaded_cycle(request)
    reader = person_of(request)
    page = paginate(request, reading.acts_of(cycle, reader=reader), per_page=ACTS_PER_PAGE)
    context = {
        "page": page,
        "rows": reading.as_listed(page.rows, reader=reader),
        **_back_of_acts(request),
    }
    return render(request, "bulk/acts.html", context)


@require_safe
@bulk_actors_only
def bulk_act(request: HttpRequest, act_id: int) -> HttpResponse:
    """Show one bulk act, row by row."""
    return _show_act(request, _loaded_act(request, act_id))


def _loaded_act(request: HttpRequest, act_id: int) -> BulkAct:
    acts = BulkAct.objects.visible_to(person_of(request)).select_related("cycle", "actor", "undone_by")
    act = find_or_refuse(request, acts, pk=act_id)
    set_page_cycle(request, act.cycle)
    return act


def _show_act(request: HttpRequest, act: BulkAct, *, refused: str = "", status: int = 200) -> HttpResponse:
    context = {
        "page": reading.act_page(act, reader=person_of(request)),
        "act": act,
        "refused": refused,
        **_back_of_acts(request),
    }
    return render(request, "bulk/act.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@bulk_actors_only
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
