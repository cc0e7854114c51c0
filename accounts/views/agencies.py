"""Pages on which administrators manage agencies; coordinators name acting coordinators of their own."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import administrators_only, person_of
from accounts.acting import TextOf, act_by_button, act_by_form, refusal_toast
from accounts.extensions import Dependents, dependents_of
from accounts.forms import AgencyForm, MailboxForm
from accounts.models import Agency, User
from accounts.permissions import may_name_acting, may_name_mailbox
from accounts.services import agencies as services
from accounts.services.people import name_acting as name_acting_coordinator
from audit.refusals import refuse
from privacy.forms import ReasonForm
from ui.methods import post_required
from ui.recent_proof import requires_recent_proof


@administrators_only
@require_GET
def agencies(request: HttpRequest) -> HttpResponse:
    """Show all agencies; those without anybody who could act stand out."""
    rows: list[Any] = list(Agency.objects.with_people_counts().order_by("-is_active", "code"))
    waiting = ", ".join(agency.code for agency in rows if agency.is_active and not agency.has_actor)
    return render(request, "accounts/agencies.html", {"agencies": rows, "waiting": waiting})


@administrators_only
@require_http_methods(["GET", "POST"])
@requires_recent_proof(form=AgencyForm)
def add_agency(request: HttpRequest) -> HttpResponseBase:
    """Add an agency with its code and both names."""
    return _agency_page(
        request,
        AgencyForm(request.POST or None, cancel_url=reverse("accounts:agencies")),
        act=services.add_agency,
        done=lambda agency: _("%(code)s was added.") % {"code": agency.code},
        title=_("Add an agency"),
    )


@administrators_only
@require_http_methods(["GET", "POST"])
@requires_recent_proof(form=AgencyForm)
def edit_agency(request: HttpRequest, agency_id: int) -> HttpResponseBase:
    """Change code or names (earlier ones stay answerable "as at"), place or shared mailbox."""
    agency = get_object_or_404(Agency, pk=agency_id)
    here = agency.code
    return _agency_page(
        request,
        AgencyForm(request.POST or None, instance=agency, cancel_url=reverse("accounts:agencies")),
        act=partial(services.change_agency, agency),
        done=_("Saved."),
        title=_("Edit agency"),
        here=here,
        note=_("Earlier codes and names are kept: a page as at an earlier day shows those of that day."),
    )


@administrators_only
@require_http_methods(["GET", "POST"])
@requires_recent_proof
def deactivate_agency(request: HttpRequest, agency_id: int) -> HttpResponseBase:
    """Close an agency for new people and assignments, with a reason."""
    agency = get_object_or_404(Agency, pk=agency_id)
    back_url = reverse("accounts:agencies")
    note = _("%(name)s can have no new people or assignments. Its history is kept.")
    people_count = User.objects.active().in_agency(agency.pk).count() if agency.is_active else 0
    return _agency_page(
        request,
        ReasonForm(request.POST or None, verb=_("Deactivate"), tone="danger", cancel_url=back_url),
        act=partial(services.deactivate_agency, agency),
        done=_("%(code)s was deactivated.") % {"code": agency.code},
        title=_("Deactivate agency"),
        here=agency.code,
        note=note % {"name": agency.name},
        dependents=dependents_of(agency, None, reader=person_of(request)),
        obstacle=services.left_people_message(people_count) if people_count else "",
        people_url=f"{reverse('accounts:people')}?agency={agency.pk}",
    )


@administrators_only
@require_http_methods(["GET", "POST"])
@requires_recent_proof
def reactivate_agency(request: HttpRequest, agency_id: int) -> HttpResponseBase:
    """Open an agency again for people and assignments, with a reason."""
    agency = get_object_or_404(Agency, pk=agency_id)
    back_url = reverse("accounts:agencies")
    return _agency_page(
        request,
        ReasonForm(request.POST or None, verb=_("Reactivate"), cancel_url=back_url),
        act=partial(services.reactivate_agency, agency),
        done=_("%(code)s is active again.") % {"code": agency.code},
        title=_("Reactivate agency"),
        here=agency.code,
        note=agency.name,
    )


def _agency_page(
    request: HttpRequest,
    form: forms.BaseForm,
    *,
    act: Callable[..., Agency],
    done: TextOf,
    title: str,
    here: str = "",
    note: str = "",
    dependents: Dependents | None = None,
    obstacle: str = "",
    people_url: str = "",
) -> HttpResponseBase:
    """Show a form about an agency, then do the act and return to the list.

    `here` ends the breadcrumb. `obstacle` is shown instead of the form, with a link to the people who are in the way.
    """
    return act_by_form(
        request,
        form,
        act=act,
        done=done,
        back_url=reverse("accounts:agencies"),
        template="accounts/agency_form.html",
        context={
            "title": title,
            "here": here or title,
            "note": note,
            "dependents": dependents,
            "obstacle": obstacle,
            "people_url": people_url,
        },
        error_field="code",
    )


@require_http_methods(["GET", "POST"])
@requires_recent_proof(form=MailboxForm)
def shared_mailbox(request: HttpRequest, agency_id: int) -> HttpResponseBase:
    """Name the shared mailbox of an agency: its coordinator, or an administrator."""
    agency = get_object_or_404(Agency, pk=agency_id)
    actor = person_of(request)
    if not may_name_mailbox(actor, agency.pk):
        refuse(request, agency, agency_id=agency.pk)
    asked = f"?agency={agency.code}" if actor.is_administrator else ""
    back_url = f"{reverse('recommendations:our_agency')}{asked}#mailbox"
    initial = {"shared_mailbox": agency.shared_mailbox}
    return act_by_form(
        request,
        MailboxForm(request.POST or None, initial=initial, cancel_url=back_url),
        act=partial(services.name_shared_mailbox, agency),
        done=_mailbox_text,
        back_url=back_url,
        template="accounts/shared_mailbox.html",
        context={"title": _("Shared mailbox"), "agency": agency, "note": agency.name, "agency_url": back_url},
        error_field="shared_mailbox",
    )


def _mailbox_text(agency: Agency) -> str:
    words = {"email": agency.shared_mailbox, "code": agency.code}
    if not agency.shared_mailbox:
        return _("%(code)s has no shared mailbox now.") % words
    return _("%(email)s is now the shared mailbox of %(code)s.") % words


@post_required
def name_acting(request: HttpRequest, person_id: int) -> HttpResponseBase:
    """Name an officer as acting coordinator of the agency, or end that."""
    actor = person_of(request)
    person = get_object_or_404(User.objects.select_related("agency"), pk=person_id)
    if not may_name_acting(actor, person):
        refuse(request, person, agency_id=person.agency_id)
    back_url = (
        reverse("accounts:person", args=[person.pk])
        if actor.is_administrator
        else f"{reverse('recommendations:our_agency')}#people"
    )
    return act_by_button(
        request,
        partial(name_acting_coordinator, person, is_acting=request.POST.get("is_acting") == "yes"),
        done="",
        back_url=back_url,
        on_refusal=partial(refusal_toast, request, back_url),
    )
