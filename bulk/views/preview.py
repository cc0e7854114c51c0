"""What every bulk act does between its form and its undo: show the preview, and do what it showed."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from accounts.access import for_roles, person_of
from accounts.acting import act_by_button, request_time, undo_by
from accounts.roles import MAPO_ROLES, Role
from bulk import queries as reading
from bulk.forms import fields_of, seen_of, token_of
from bulk.services.orders import Order
from bulk.services.plan import BulkPlan, apply_bulk, make_plan
from recommendations.models import Cycle

#: Whoever may act on many assignments: MAPO, and coordinators on those of their agency.
bulk_actors_only = for_roles(Role.COORDINATOR, *MAPO_ROLES)


def show_preview(
    request: HttpRequest,
    cycle: Cycle,
    order: Order,
    *,
    context: Callable[[BulkPlan], dict[str, Any]],
    seen: Mapping[str, str] | None = None,
    refused: str = "",
) -> HttpResponse:
    """Render the preview of an order; `context` adds its links. After a refusal (409), mark what differs from `seen`."""
    plan = make_plan(order, cycle=cycle, now=request_time(request))
    differing = plan.differing(seen) if seen is not None else ()
    shared = {
        "preview": reading.preview_of(plan, reader=person_of(request), differing=differing),
        "plan": plan,
        "form": None,
        "refused": refused or plan.refusal,
        "carried": fields_of(order),
        "token": uuid4(),
    }
    return render(request, "bulk/preview.html", shared | context(plan), status=409 if refused else 200)


def apply_order(
    request: HttpRequest, cycle: Cycle, order: Order, *, back_url: str, show: Callable[..., HttpResponse]
) -> HttpResponseBase:
    """Do what the preview showed, all or nothing; `show` the preview again if it was refused."""
    seen = seen_of(request.POST)
    return act_by_button(
        request,
        partial(apply_bulk, order, cycle=cycle, seen=seen, token=token_of(request.POST)),
        done=lambda act: f"{reading.done_words(act.kind, act.steps.count())}.",
        back_url=back_url,
        undo=lambda act: undo_by("bulk:bulk_undo", act.pk),
        on_refusal=lambda refusal: show(seen=seen, refused=str(refusal)),
    )
