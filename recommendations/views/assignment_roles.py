"""MAPO makes an agency the lead of an item, or a supporting one, after it has seen what follows from that."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import mapo_only
from accounts.acting import act_by_form, undo_by
from recommendations.forms.assignment import RoleForm
from recommendations.models import Assignment
from recommendations.queries.item_forecast import ItemForecasts
from recommendations.services import change_role
from recommendations.states import AssignmentRole, other_role
from recommendations.views.loading import closed_page, loaded_assignment


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def assignment_role(request: HttpRequest, assignment_id: int) -> HttpResponseBase:
    """Show who would lead the item and what its status becomes; do it with a reason.

    Posted without any reason, as from a toast, it asks for one.
    """
    shown = loaded_assignment(request, assignment_id)
    back_url = reverse("recommendations:assignment", args=[shown.pk])
    if not shown.is_confirmed:
        return redirect(back_url)
    if shown.cycle.is_closed:
        return closed_page(request)
    role, lead = other_role(shown.role), _lead_of(shown)
    before = lead if role == AssignmentRole.LEAD else None
    names = {"agency": shown.agency.code, "item": str(shown.item)}
    title = (
        _("Make %(agency)s the lead agency")
        if role == AssignmentRole.LEAD
        else _("Make %(agency)s supporting")
    )
    data = request.POST if "reason" in request.POST else None
    return act_by_form(
        request,
        RoleForm(data, verb=title % names, lead_now=lead, before=before, cancel_url=back_url),
        act=partial(change_role, shown, role=role),
        done=_done_text(role) % names,
        back_url=back_url,
        template="recommendations/assignments/role.html",
        context=lambda: {"assignment": shown, "title": title % names, **_what_follows(shown, role, lead)},
        error_status=422,
        # The agency that led before is made the lead again; without one, this agency's role changes back.
        undo=undo_by("recommendations:assignment_role", (before or shown).pk),
    )


def _lead_of(shown: Assignment) -> Assignment | None:
    rows = Assignment.objects.in_force().select_related("agency")
    return rows.filter(item=shown.item_id, role=AssignmentRole.LEAD).first()


def _what_follows(shown: Assignment, role: str, lead: Assignment | None) -> dict[str, Any]:
    """Return who leads the item now and then, and its status now and then."""
    makes_lead = role == AssignmentRole.LEAD
    stepping_down = {lead.pk: AssignmentRole.SUPPORT.value} if lead and makes_lead else {}
    forecast = ItemForecasts([shown.item_id]).of(shown.item_id, roles=stepping_down | {shown.pk: role})
    return {
        "lead_now": lead.agency.code if lead else "",
        "lead_then": shown.agency.code if makes_lead else "",
        "forecast": forecast,
    }


def _done_text(role: str) -> str:
    if role == AssignmentRole.LEAD:
        return _("%(agency)s now leads %(item)s. The agencies are told.")
    return _("%(agency)s now supports %(item)s. The agency is told.")
