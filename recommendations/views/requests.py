"""What an agency asks of MAPO about an assignment, and who of it answers."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import agency_only, coordinators_only
from accounts.acting import posted
from recommendations.forms.request import LaterForm, OfficersForm
from recommendations.services import ask_later_date, decline_assignment, name_officers
from recommendations.states import REASON_LENGTH
from recommendations.views.assignment_forms import assignment_form_page
from recommendations.views.loading import answered_assignment
from ui import dates
from ui.forms import ReasonForm


@require_http_methods(["GET", "POST"])
@agency_only
def assignment_decline(request: HttpRequest, assignment_id: int) -> HttpResponseBase:
    """Ask MAPO to take an assignment back, with a reason."""
    assignment = answered_assignment(request, assignment_id)
    back_url = _item_url(assignment.item_id)
    form = ReasonForm(
        posted(request),
        verb=_("Ask MAPO to take it back"),
        cancel_url=back_url,
        hint=_("MAPO reads it and decides. Until then the assignment stands."),
        max_length=REASON_LENGTH,
    )
    return assignment_form_page(
        request,
        form,
        act=partial(decline_assignment, assignment),
        done=_("MAPO was asked. The assignment stands until it answers."),
        back_url=back_url,
        title=_("Decline the assignment"),
        assignment=assignment,
    )


@require_http_methods(["GET", "POST"])
@agency_only
def assignment_later(request: HttpRequest, assignment_id: int) -> HttpResponseBase:
    """Ask MAPO for a later date of the next update, with a reason."""
    assignment = answered_assignment(request, assignment_id)
    back_url, note = _item_url(assignment.item_id), ""
    if assignment.next_due_on:
        note = _("The next update is due on %(day)s.") % {"day": dates.day(assignment.next_due_on)}
    return assignment_form_page(
        request,
        LaterForm(posted(request), cancel_url=back_url),
        act=partial(ask_later_date, assignment),
        done=_("MAPO was asked. The date stands until it answers."),
        back_url=back_url,
        title=_("Ask for a later date"),
        assignment=assignment,
        note=note,
    )


@require_http_methods(["GET", "POST"])
@coordinators_only
def assignment_officers(request: HttpRequest, assignment_id: int) -> HttpResponseBase:
    """The coordinator names who of the agency answers for an assignment."""
    assignment = answered_assignment(request, assignment_id)
    back_url = reverse("recommendations:my_work")
    return assignment_form_page(
        request,
        OfficersForm(posted(request), assignment=assignment, cancel_url=back_url),
        act=partial(name_officers, assignment),
        done=_("The responsible officers were saved."),
        back_url=back_url,
        title=_("Responsible officers"),
        assignment=assignment,
    )


def _item_url(item_id: int) -> str:
    return reverse("recommendations:item", args=[item_id])
