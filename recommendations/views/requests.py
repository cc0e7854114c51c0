"""What an agency asks of MAPO about an assignment, and who of it answers."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import agency_only, coordinators_only, person_of
from audit.errors import DomainError
from recommendations.context import instant_of
from recommendations.forms.request import DeclineForm, LaterForm, OfficersForm
from recommendations.services import ask_later_date, decline_assignment, name_officers
from recommendations.views.loading import answered_assignment
from recommendations.views.simple_form import form_page, posted
from ui import dates


@require_http_methods(["GET", "POST"])
@agency_only
def assignment_decline(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Ask MAPO to take an assignment back, with a reason."""
    assignment = answered_assignment(request, assignment_id)
    form = DeclineForm(posted(request), cancel_url=_item_url(assignment.item_id))
    if form.is_valid():
        try:
            decline_assignment(
                assignment,
                reason=form.cleaned_data["reason"],
                actor=person_of(request),
                now=instant_of(request),
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("MAPO was asked. The assignment stands until it answers."))
            return redirect(_item_url(assignment.item_id))
    return form_page(request, form, title=_("Decline the assignment"), assignment=assignment)


@require_http_methods(["GET", "POST"])
@agency_only
def assignment_later(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Ask MAPO for a later date of the next update, with a reason."""
    assignment = answered_assignment(request, assignment_id)
    form = LaterForm(posted(request), cancel_url=_item_url(assignment.item_id))
    if form.is_valid():
        try:
            ask_later_date(assignment, **form.cleaned_data, actor=person_of(request), now=instant_of(request))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("MAPO was asked. The date stands until it answers."))
            return redirect(_item_url(assignment.item_id))
    note = ""
    if assignment.next_due_on:
        note = _("The next update is due on %(day)s.") % {"day": dates.day(assignment.next_due_on)}
    return form_page(request, form, title=_("Ask for a later date"), assignment=assignment, note=note)


@require_http_methods(["GET", "POST"])
@coordinators_only
def assignment_officers(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """The coordinator names who of the agency answers for an assignment."""
    assignment = answered_assignment(request, assignment_id)
    form = OfficersForm(posted(request), assignment=assignment, cancel_url=reverse("recommendations:my_work"))
    if form.is_valid():
        try:
            name_officers(
                assignment,
                officers=form.cleaned_data["officers"],
                actor=person_of(request),
                now=instant_of(request),
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The responsible officers were saved."))
            return redirect("recommendations:my_work")
    return form_page(request, form, title=_("Responsible officers"), assignment=assignment)


def _item_url(item_id: int) -> str:
    return reverse("recommendations:item", args=[item_id])
