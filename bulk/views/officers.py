"""Coordinators, and MAPO, name officers for many assignments of one agency: preview and act, from the agency's page."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import person_of
from accounts.models import Agency, User
from bulk.services.orders import NameOfficers
from bulk.services.plan import BulkPlan
from bulk.views.preview import apply_order, bulk_actors_only, show_preview
from recommendations.forms.assignment_acts import ManyOfficersForm
from recommendations.models import Cycle
from recommendations.views.assignment_lists import loaded_cycle
from recommendations.views.our_agency import agency_url, show_agency, shown_agency
from ui.query_state import read_numbers


@require_http_methods(["GET", "HEAD", "POST"])
@bulk_actors_only
def officers_preview(request: HttpRequest) -> HttpResponseBase:
    """Show for whom officers would be named, row by row. Writes nothing. A GET redirects to the agency's page."""
    agency = _agency(request)
    if request.method != "POST":
        return redirect(agency_url(request))
    cycle, chosen = loaded_cycle(request), read_numbers(request.POST, "chosen")
    form = _form(request, agency)
    if not chosen:
        refused = _("Choose at least one item. Nothing was changed.")
        return show_agency(request, agency, refused=refused, status=409, form=form)
    if not form.is_valid():
        refused = " ".join(str(problem) for problems in form.errors.values() for problem in problems)
        return show_agency(request, agency, chosen=chosen, refused=refused, status=422, form=form)
    return _show_plan(request, cycle, agency, _order(request, agency, form))


@require_http_methods(["GET", "HEAD", "POST"])
@bulk_actors_only
def officers_apply(request: HttpRequest) -> HttpResponseBase:
    """Do what the preview showed, all or nothing; show the preview again if it was refused (409)."""
    agency = _agency(request)
    form = _form(request, agency)
    if request.method != "POST" or not form.is_valid():
        return redirect(agency_url(request))
    cycle, order = loaded_cycle(request), _order(request, agency, form)
    show = partial(_show_plan, request, cycle, agency, order)
    return apply_order(request, cycle, order, back_url=agency_url(request), show=show)


def _agency(request: HttpRequest) -> Agency:
    """Return the agency of the page; 404 where MAPO names none, and for another agency's coordinator."""
    agency = shown_agency(request)
    if agency is None:
        raise Http404
    return agency


def _form(request: HttpRequest, agency: Agency) -> ManyOfficersForm:
    """Return the form with what was sent; it takes only officers and coordinators of the agency who can sign in."""
    people = User.objects.able_to_act().in_agency(agency.pk).order_by("name", "pk")
    return ManyOfficersForm(request.POST, people=people)


def _order(request: HttpRequest, agency: Agency, form: ManyOfficersForm) -> NameOfficers:
    values: dict[str, Any] = form.cleaned_data
    return NameOfficers(
        chosen=tuple(read_numbers(request.POST, "chosen")),
        agency_id=agency.pk,
        officers=tuple(map(int, values["officers"])),
        change=values["change"],
    )


def _show_plan(
    request: HttpRequest, cycle: Cycle, agency: Agency, order: NameOfficers, **refusal: Any
) -> HttpResponse:
    """Show the preview of an order; its links lead back to the agency's page with what was chosen."""
    back_url, query = agency_url(request), request.GET.urlencode()

    def links(plan: BulkPlan) -> dict[str, Any]:
        choice = {
            "chosen": ",".join(step.key for step in plan.steps),
            "named": ",".join(map(str, order.officers)),
            "change": order.change,
        }
        address = urlencode(choice, safe=",")
        return {
            "back_label": agency.name if person_of(request).is_mapo else _("Our agency"),
            "back_url": f"{back_url}{'&' if '?' in back_url else '?'}{address}#name-officers",
            "preview_url": f"{reverse('bulk:officers_preview')}?{query}",
            "apply_url": f"{reverse('bulk:officers_apply')}?{query}",
        }

    return show_preview(request, cycle, order, context=links, **refusal)
