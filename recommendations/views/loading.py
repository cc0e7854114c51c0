"""Load what a page is about (what a person may not see or touch is not found), and the page of one short form."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import find_or_refuse, person_of
from accounts.acting import TextOf, act_by_form, refused_page, undo_by
from accounts.clearance import usual_class
from audit.errors import NotAllowed, NotNow
from recommendations.context import page_cycle, set_page_cycle
from recommendations.errors import ABOVE_CLEARANCE, CYCLE_CLOSED
from recommendations.models import Assignment, Item, Update
from recommendations.models.update import UpdateQuerySet


def answered_assignment(request: HttpRequest, assignment_id: int) -> Assignment:
    """Return an assignment in force that the person's own agency answers for, or raise Http404."""
    mine = Assignment.objects.answered_by(person_of(request)).select_related("item__cycle", "agency")
    found = find_or_refuse(request, mine, pk=assignment_id)
    set_page_cycle(request, found.cycle)
    return found


def loaded_assignment(request: HttpRequest, assignment_id: int) -> Assignment:
    """Return any assignment with what MAPO's pages show of it, or raise Http404."""
    rows = Assignment.objects.select_related("item__cycle", "agency", "outcome")
    found = rows.filter(pk=assignment_id).first()
    if found is None:
        raise Http404
    set_page_cycle(request, found.cycle)
    return found


def undo_sending(update_id: int) -> str:
    """Return the toast tag whose button undoes sending, under the name that it has on every page."""
    return undo_by("recommendations:update_undo", update_id, name=_("Undo sending"))


def own_update(request: HttpRequest, update_id: int) -> Update:
    """Return an update of the person's own agency, or raise Http404."""
    found = find_or_refuse(request, _own_updates(request), pk=update_id)
    set_page_cycle(request, found.assignment.cycle)
    return found


def open_or_new_update(request: HttpRequest, assignment: Assignment) -> Update:
    """Return the open update of the agency's own assignment, if the person may see it, or a new one, not saved."""
    found = _own_updates(request).open().filter(assignment=assignment).first()
    return found or Update(assignment=assignment, classification=usual_class(person_of(request)))


def _own_updates(request: HttpRequest) -> UpdateQuerySet:
    seen = Update.objects.visible_to(person_of(request))
    return seen.select_related("assignment__item__cycle", "assignment__agency", "saved_by")


def own_assignment(request: HttpRequest, assignment_id: int) -> Assignment:
    """Return an assignment of the person's own agency, in force or ended, or raise Http404."""
    person = person_of(request)
    mine = Assignment.objects.visible_to(person).filter(agency_id=person.agency_id)
    found = find_or_refuse(request, mine.select_related("item__cycle", "agency"), pk=assignment_id)
    set_page_cycle(request, found.cycle)
    return found


def go_to_update(request: HttpRequest, update: Update) -> HttpResponseBase:
    """Redirect to where the update is written or read; refuse one above the person's clearance."""
    if not Update.objects.visible_to(person_of(request)).filter(pk=update.pk).exists():
        return refused_page(request, NotAllowed(ABOVE_CLEARANCE))
    if update.opening_id is not None:
        return redirect("imports:opening", update.opening_id)
    return redirect(f"recommendations:{'update_edit' if update.is_editable else 'update'}", update.pk)


def closed_page(request: HttpRequest) -> HttpResponse:
    """Return the page that stands in the place of a form when its cycle, the page's, is not open."""
    cycle = page_cycle(request)
    return refused_page(request, NotNow(cycle.closed_words if cycle else CYCLE_CLOSED))


def item_url(item: Item) -> str:
    """Return the address of the item's page."""
    return reverse("recommendations:item", args=[item.pk])


def form_page(
    request: HttpRequest,
    form: forms.Form,
    *,
    act: Callable[..., object],
    done: TextOf,
    back_url: str,
    title: str,
    item: Item,
    who: str,
    note: str = "",
    error_field: str | None = None,
    undo: TextOf = "",
) -> HttpResponseBase:
    """Do what the form asks for, or show it beside its item; `who` is the agency's code or MAPO, `note` says what it is about.

    See `act_by_form`. A closed cycle offers no form.
    """
    if item.cycle.is_closed and not form.is_bound:
        return closed_page(request)
    return act_by_form(
        request,
        form,
        act=act,
        done=done,
        back_url=back_url,
        template="recommendations/simple_form.html",
        context={"title": title, "item": item, "who": who, "note": note},
        error_field=error_field,
        undo=undo,
    )
