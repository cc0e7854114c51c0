"""Pages on which administrators manage people."""

from functools import partial
from typing import Any

from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts import queries, tasks
from accounts.access import administrators_only, person_of
from accounts.acting import act_by_button, act_by_form, asked_text, request_time
from accounts.departure_forms import DeactivatePersonForm
from accounts.extensions import dependents_of
from accounts.factors import FACTOR_LABELS, kinds_of
from accounts.forms import AddressForm, MoveForm, PeopleFilterForm, PersonForm
from accounts.models import LostDevice, RightsRequest, User, UserQuerySet
from accounts.oidc.provider_settings import provider_name
from accounts.services import people as services
from accounts.services.people import hand_over_and_deactivate
from accounts.services.sessions import sign_out_everywhere
from audit import clock
from privacy.forms import ReasonForm
from ui.methods import post_required
from ui.pagination import paginate
from ui.recent_proof import requires_recent_proof


@administrators_only
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Show everybody, filtered by name or e-mail, agency, role and state."""
    form = PeopleFilterForm(request.GET)
    form.is_valid()
    rows = _filtered(User.objects.select_related("agency"), form.cleaned_data)
    page = paginate(request, rows, per_page=25)
    context = {"form": form, "page": page, "waiting_count": RightsRequest.objects.open().count()}
    return render(request, "accounts/people.html", context)


@administrators_only
@require_GET
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """Show one person: their standing now and earlier."""
    shown = _person_or_404(person_id)
    held = kinds_of(shown)
    context = {
        "person": shown,
        "postings": shown.postings.select_related("agency").order_by("-began_at"),
        "is_own": shown.pk == person_of(request).pk,
        # Only of somebody else who is connected: one's own is under My account.
        "provider_name": provider_name() if queries.is_provider_connected(shown) else "",
        "stand_ins": queries.stand_ins_of(shown, today=clock.today()),
        "factor_kinds": [label for kind, label in FACTOR_LABELS.items() if kind in held],
        "rights_request": shown.rights_requests.open().select_related("asked_by").first(),
        "is_loss_reported": LostDevice.objects.open(request_time(request)).filter(person=shown).exists(),
    }
    return render(request, "accounts/person.html", context)


@administrators_only
@require_http_methods(["GET", "POST"])
@requires_recent_proof(form=PersonForm)
def edit_person(request: HttpRequest, person_id: int) -> HttpResponseBase:
    """Change name, role, clearance and place; of one's own account only name and place."""
    shown = _person_or_404(person_id)
    is_own = shown.pk == person_of(request).pk
    form = PersonForm(request.POST or None, instance=shown, is_own=is_own, cancel_url=_url_of(shown))
    return act_by_form(
        request,
        form,
        act=partial(_change_person, shown, role=shown.role, clearance=shown.clearance),
        done=lambda changed: asked_text(changed) if _was_asked(changed, form.cleaned_data) else _("Saved."),
        back_url=_url_of(shown),
        template="accounts/person_form.html",
        context={
            "person": shown,
            "title": _("Edit person"),
            "note": f"{shown.name} · {shown.email}",
        },
    )


def _change_person(person: User, **values: Any) -> User:
    """Change the person, and tell the other administrators if one of them must decide on the role or clearance."""
    with transaction.atomic():
        changed = services.change_person(person, **values)
        if _was_asked(changed, values):
            tasks.tell_administrators(changed, actor=values["actor"], now=values["now"])
    return changed


def _was_asked(changed: User, wanted: dict[str, Any]) -> bool:
    """Return whether the wanted role or clearance was not given, but asked for."""
    given = {"role": changed.role, "clearance": changed.clearance}
    return any(wanted.get(name, value) != value for name, value in given.items())


@administrators_only
@require_http_methods(["GET", "POST"])
@requires_recent_proof(form=AddressForm)
def change_address(request: HttpRequest, person_id: int) -> HttpResponseBase:
    """Change the e-mail address in two steps: which address, then what it means. Both addresses get a mail."""
    shown = _person_or_404(person_id)
    form = AddressForm(request.POST or None, person=shown, cancel_url=_url_of(shown))
    context: dict[str, Any] = {
        "form": form,
        "person": shown,
        "is_own": shown.pk == person_of(request).pk,
        "title": _("Correct the address"),
        "note": f"{shown.name} · {shown.email}",
    }
    if context["is_own"]:
        return render(request, "accounts/change_address.html", context)
    return _act_once_confirmed(
        request,
        form,
        confirm_template="accounts/change_address_confirm.html",
        act=partial(_change_address, shown),
        done=_address_changed_text,
        back_url=_url_of,
        template="accounts/change_address.html",
        context=context,
        error_field="email",
    )


def _change_address(person: User, **values: Any) -> User:
    """Change the address and ask for a mail to both, in one transaction."""
    old = person.email
    with transaction.atomic():
        changed = services.change_address(person, **values)
        tasks.ask_for_mail(tasks.send_address_taken, changed.pk, old)
        tasks.ask_for_mail(tasks.send_address_given, changed.pk)
    return changed


def _address_changed_text(shown: User) -> str:
    words = {"name": shown.name, "email": shown.email}
    if shown.has_joined:
        return _("%(name)s now signs in with %(email)s.") % words
    return (
        _(
            "The address of %(name)s is now %(email)s. Send the invitation again: the earlier link no "
            "longer works."
        )
        % words
    )


@administrators_only
@require_http_methods(["GET", "POST"])
@requires_recent_proof(form=MoveForm)
def move_person(request: HttpRequest, person_id: int) -> HttpResponseBase:
    """Move a person in two steps: to which agency and why, then what they lose."""
    shown = _person_or_404(person_id)
    return _act_once_confirmed(
        request,
        MoveForm(request.POST or None, person=shown, cancel_url=_url_of(shown)),
        confirm_template="accounts/move_person_confirm.html",
        act=partial(services.move_person, shown),
        done=lambda moved: (
            _("%(name)s now belongs to %(code)s.") % {"name": moved.name, "code": moved.agency.code}
        ),
        back_url=_url_of,
        template="accounts/person_form.html",
        context={
            "person": shown,
            "title": _("Move to another agency"),
            "note": f"{shown.name} · {shown.agency.name}",
        },
    )


def _act_once_confirmed(
    request: HttpRequest, form: Form, *, confirm_template: str, context: dict[str, Any], **rest: Any
) -> HttpResponseBase:
    """Act by a form in two steps: a valid form is first shown with what it means, and acts when it comes confirmed.

    `rest` is what `act_by_form` takes.
    """
    if form.is_valid() and not form.cleaned_data.pop("confirmed"):
        return render(request, confirm_template, {**context, "form": form, **form.cleaned_data})
    return act_by_form(request, form, context=context, **rest)


@administrators_only
@require_http_methods(["GET", "POST"])
@requires_recent_proof
def deactivate_person(request: HttpRequest, person_id: int) -> HttpResponseBase:
    """End the person's access and sessions at once, with a reason; say what depends on them and offer to hand it over."""
    shown = _person_or_404(person_id)
    note = _(
        "%(name)s is signed out at once and cannot sign in until reactivated. Nothing that they did is lost."
    )
    done = _("%(name)s is deactivated and signed out.")
    if not shown.has_joined:
        note = _("The invitation of %(name)s ends: its link no longer works.")
        done = _("%(name)s is deactivated.")
    dependents = dependents_of(shown.agency, shown, reader=person_of(request))
    return act_by_form(
        request,
        DeactivatePersonForm(
            request.POST or None,
            person=shown,
            offers_handover=bool(dependents.named_count or dependents.owned_count),
            today=clock.today(),
            cancel_url=_url_of(shown),
        ),
        act=partial(hand_over_and_deactivate, shown),
        done=done % {"name": shown.name},
        back_url=_url_of(shown),
        template="accounts/person_form.html",
        context={
            "person": shown,
            "agency": shown.agency,
            "dependents": dependents,
            "title": _("Deactivate"),
            "note": note % {"name": shown.name},
        },
    )


@administrators_only
@require_http_methods(["GET", "POST"])
@requires_recent_proof
def reactivate_person(request: HttpRequest, person_id: int) -> HttpResponseBase:
    """Let the person sign in again, with a reason."""
    shown = _person_or_404(person_id)
    words = {"name": shown.name, "agency": shown.agency.name}
    note, done = _("%(name)s may sign in again, for %(agency)s."), _("%(name)s may sign in again.")
    if shown.is_administrator:
        note = _("Another administrator must grant that %(name)s is let in again.")
    if not shown.has_joined:
        note = done = _("%(name)s is invited again. Send a new link: earlier ones no longer work.")
    return act_by_form(
        request,
        ReasonForm(request.POST or None, verb=_("Reactivate"), cancel_url=_url_of(shown)),
        act=partial(_reactivate, shown),
        done=lambda person: done % words if person.is_active else asked_text(person),
        back_url=_url_of(shown),
        template="accounts/person_form.html",
        context={
            "person": shown,
            "title": _("Reactivate"),
            "note": note % words,
        },
    )


def _reactivate(person: User, **values: Any) -> User:
    """Let the person in again, or tell the other administrators that one of them must decide."""
    with transaction.atomic():
        reactivated = services.reactivate_person(person, **values)
        if not reactivated.is_active:
            tasks.tell_administrators(reactivated, actor=values["actor"], now=values["now"])
    return reactivated


@administrators_only
@post_required
def sign_out_person(request: HttpRequest, person_id: int) -> HttpResponseBase:
    """End all sessions of another person; one's own are on the page of one's own sessions."""
    shown = _person_or_404(person_id)
    if shown.pk == person_of(request).pk:
        return redirect("accounts:sessions")
    return act_by_button(
        request,
        partial(sign_out_everywhere, shown),
        done=_("%(name)s is signed out everywhere.") % {"name": shown.name},
        back_url=_url_of(shown),
    )


def _person_or_404(person_id: int) -> User:
    return get_object_or_404(User.objects.select_related("agency"), pk=person_id)


def _url_of(shown: User) -> str:
    return reverse("accounts:person", kwargs={"person_id": shown.pk})


def _filtered(rows: UserQuerySet, wanted: dict[str, Any]) -> UserQuerySet:
    """Return the people that the filter form asks for."""
    if wanted.get("q"):
        rows = rows.named_like(wanted["q"])
    if wanted.get("agency"):
        rows = rows.filter(agency=wanted["agency"])
    if wanted.get("role"):
        rows = rows.filter(role=wanted["role"])
    states: dict[str, dict[str, Any]] = {
        "active": {"is_active": True, "joined_at__isnull": False},
        "invited": {"is_active": True, "joined_at": None},
        "inactive": {"is_active": False},
        "all": {},
    }
    return rows.filter(**states.get(wanted.get("state", ""), {"is_active": True}))
