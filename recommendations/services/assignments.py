"""MAPO steers: which agency answers for which item, until when, and which officers are named."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from audit.acts import changed_fields, require, require_reason
from audit.clock import local_date
from audit.errors import NotNow
from privacy.checks import check_identities
from recommendations.models import Assignment, AssignmentOfficer, Cycle, Item
from recommendations.permissions import may_name_officers, may_steer
from recommendations.services.cadence import require_owing
from recommendations.services.checks import (
    close_assignment,
    lock_assignments_of_item,
    locked_assignment,
    record_on,
    require_in_force,
    require_none_waiting,
    require_open_cycle,
    require_within_window,
)
from recommendations.states import AssignmentRole, ItemKind, Stage


@transaction.atomic
def suggest_assignment(
    item: Item,
    *,
    agency: Agency,
    role: str,
    due_on: date | None = None,
    cadence_days: int | None = None,
    actor: User | None,
    now: datetime,
) -> Assignment:
    """Suggest an agency for an item: it owes nothing and sees nothing until MAPO confirms it.

    `actor` None is the loader of a cycle file.
    """
    require(actor is None or may_steer(actor))
    suggestion = Assignment(item=item, agency=agency, role=role, due_on=due_on, cadence_days=cadence_days)
    return _create(suggestion, action="assignment.suggested", actor=actor, now=now)


@transaction.atomic
def assign_agency(
    item: Item,
    *,
    agency: Agency,
    role: str,
    due_on: date | None = None,
    cadence_days: int | None = None,
    actor: User,
    now: datetime,
) -> Assignment:
    """Make an agency answer for an item from now on, without a suggestion before it."""
    require(may_steer(actor))
    require_within_window(item.cycle, due_on)
    assignment = Assignment(item=item, agency=agency, role=role, due_on=due_on, cadence_days=cadence_days)
    assignment.stage = Stage.CONFIRMED
    return _create(assignment, action="assignment.assigned", actor=actor, now=now)


def _create(assignment: Assignment, *, action: str, actor: User | None, now: datetime) -> Assignment:
    """Save a new assignment, if the cycle, the item and the agency allow it, and record it."""
    assignment.created_at = now
    if assignment.stage == Stage.SUGGESTED:
        Cycle.objects.held_editable(assignment.item.cycle)
    else:
        require_open_cycle(assignment)
    require_assignable(assignment.item, assignment.agency)
    if assignment.stage == Stage.CONFIRMED:
        fill_confirmation(assignment, now=now)
    save_unless_taken(assignment)
    record_on(assignment, action=action, actor=actor, now=now, after=facts_of(assignment))
    return assignment


def require_assignable(item: Item, agency: Agency) -> None:
    """Raise `NotNow` unless the item takes assignments and the agency is active."""
    if item.kind == ItemKind.ACHIEVEMENT:
        raise NotNow(_("Achievements have no assignments. Choose a recommendation or a weakness."))
    if not agency.is_active:
        raise NotNow(
            _("%(agency)s is not active. Make it active first, or choose another.") % {"agency": agency.code}
        )


def require_not_turned_down(assignment: Assignment) -> None:
    """Raise `NotNow` when there is no suggestion left to confirm."""
    if assignment.stage == Stage.ENDED:
        raise NotNow(_("This suggestion was already turned down. Assign the agency again."))


def require_not_ended(assignment: Assignment) -> None:
    """Raise `NotNow` when nothing about the assignment can change any more."""
    if assignment.stage == Stage.ENDED:
        raise NotNow(_("This assignment has ended. Assign the agency again."))


def fill_confirmation(assignment: Assignment, *, now: datetime) -> None:
    """Confirm the assignment in memory: its instant, its final due date and the date of its first update."""
    assignment.stage, assignment.confirmed_at = Stage.CONFIRMED, now
    assignment.due_on = assignment.due_on or assignment.cycle.window_end
    assignment.next_due_on = assignment.next_due_on or assignment.next_due_after(local_date(now))


def save_unless_taken(assignment: Assignment) -> None:
    """Save; raise `NotNow` when the agency is on the item already, or another agency leads it."""
    try:
        with transaction.atomic():
            assignment.save()
    except IntegrityError as error:
        has_lead = "assignment_one_lead" in str(error) or "assignment_one_suggested_lead" in str(error)
        raise (lead_is_taken if has_lead else agency_is_there)(assignment) from error


def lead_is_taken(assignment: Assignment) -> NotNow:
    """Return the refusal of a second lead agency on an item."""
    return NotNow(
        _("%(item)s already has a lead agency. Make this one supporting, or change the lead.")
        % {"item": assignment.item}
    )


def agency_is_there(assignment: Assignment) -> NotNow:
    """Return the refusal to put an agency on an item twice."""
    return NotNow(
        _("%(agency)s is already on %(item)s. Change that assignment instead.")
        % {"item": assignment.item, "agency": assignment.agency.code}
    )


@transaction.atomic
def confirm_assignment(
    assignment: Assignment,
    *,
    role: str | None = None,
    due_on: date | None = None,
    cadence_days: int | None = None,
    actor: User,
    now: datetime,
) -> Assignment:
    """Put a suggestion into force, with another role or date where given. Confirming twice confirms once."""
    require(may_steer(actor))
    assignment = locked_assignment(assignment)
    require_open_cycle(assignment)
    if assignment.stage == Stage.CONFIRMED:
        return assignment
    require_not_turned_down(assignment)
    require_within_window(assignment.cycle, due_on)
    before = facts_of(assignment)
    assignment.role = role or assignment.role
    assignment.due_on = due_on or assignment.due_on
    assignment.cadence_days = cadence_days or assignment.cadence_days
    fill_confirmation(assignment, now=now)
    save_unless_taken(assignment)
    record_on(
        assignment,
        action="assignment.confirmed",
        actor=actor,
        now=now,
        before=before,
        after=facts_of(assignment),
    )
    return assignment


@transaction.atomic
def confirm_suggestions(items: Iterable[Item], *, actor: User, now: datetime) -> list[Assignment]:
    """Confirm every suggestion on these items as it stands: all or none."""
    suggested = Assignment.objects.filter(item__in=list(items), stage=Stage.SUGGESTED).select_related(
        "item__cycle", "agency"
    )
    return [confirm_assignment(each, actor=actor, now=now) for each in suggested.order_by("pk")]


@transaction.atomic
def change_assignment(
    assignment: Assignment,
    *,
    role: str,
    due_on: date | None,
    cadence_days: int | None,
    next_due_on: date | None,
    reason: str = "",
    identities_reason: str = "",
    actor: User,
    now: datetime,
) -> Assignment:
    """Set dates and cadence of an assignment in force, and of a suggestion its role too; its past is kept.

    A suggested lead makes the suggested lead before it supporting, in the same act; in force that is `change_role`.
    A date that is changed must lie within the window. Raises `IdentitiesFound` as `check_identities` does.
    """
    require(may_steer(actor))
    identities = check_identities({"reason": reason}, reason=identities_reason)
    if role == AssignmentRole.LEAD:
        lock_assignments_of_item(assignment.item_id)
    assignment = locked_assignment(assignment)
    require_open_cycle(assignment)
    require_not_ended(assignment)
    if assignment.is_confirmed and role != assignment.role:
        raise NotNow(_("The role of an agency changes on its own page, with a reason. Nothing was changed."))
    values = {"role": role, "due_on": due_on, "cadence_days": cadence_days, "next_due_on": next_due_on}
    before, after = changed_fields(assignment, values)
    if not after:
        return assignment
    for name in ("due_on", "next_due_on"):
        require_within_window(assignment.cycle, after.get(name))
    if "next_due_on" in after:
        require_owing(assignment)
    if after.get("role") == AssignmentRole.LEAD:
        _step_down(assignment, actor=actor, now=now)
    for name, value in after.items():
        setattr(assignment, name, value)
    save_unless_taken(assignment)
    record_on(
        assignment,
        action="assignment.changed",
        actor=actor,
        now=now,
        before=before,
        after=after | identities.trail_facts,
        reason=reason.strip(),
    )
    return assignment


def _step_down(successor: Assignment, *, actor: User, now: datetime) -> None:
    """Make the agency that is suggested as the item's lead, if any, a suggested supporting one."""
    rows = Assignment.objects.select_related("item__cycle", "agency")
    lead = rows.filter(item_id=successor.item_id, role=AssignmentRole.LEAD, stage=Stage.SUGGESTED).first()
    if lead is None:
        return
    lead.role = AssignmentRole.SUPPORT
    lead.save(update_fields=["role"])
    before, after = {"role": AssignmentRole.LEAD}, {"role": AssignmentRole.SUPPORT}
    record_on(lead, action="assignment.changed", actor=actor, now=now, before=before, after=after)


@transaction.atomic
def end_assignment(
    assignment: Assignment, *, reason: str = "", identities_reason: str = "", actor: User, now: datetime
) -> Assignment:
    """End an assignment, or turn a suggestion down: from now it gives no reading and no part in the roll-up.

    One in force needs a reason, and is not ended while an update waits for MAPO's decision.
    Raises `IdentitiesFound` as `check_identities` does.
    """
    require(may_steer(actor))
    assignment = locked_assignment(assignment)
    require_open_cycle(assignment)
    if assignment.stage == Stage.ENDED:
        return assignment
    if assignment.stage == Stage.CONFIRMED:
        reason = require_reason(reason)
        require_none_waiting(assignment)
    identities = check_identities({"reason": reason}, reason=identities_reason)
    was_suggestion = assignment.stage == Stage.SUGGESTED
    action = "assignment.turned_down" if was_suggestion else "assignment.ended"
    about: dict[str, Any] = {"reason": reason, "identities": identities, "actor": actor, "now": now}
    return close_assignment(assignment, action=action, **about)


@transaction.atomic
def name_officers(
    assignment: Assignment, *, officers: Iterable[User], actor: User, now: datetime
) -> Assignment:
    """Say which of the agency's people answer for the assignment; an empty list names nobody."""
    assignment = locked_assignment(assignment)
    require(may_name_officers(actor, assignment))
    require_in_force(assignment)
    wanted = {officer.pk: officer for officer in officers}
    require_active_officers(wanted.values(), agency_id=assignment.agency_id)
    held = set(assignment.officer_links.values_list("user_id", flat=True))
    if held == wanted.keys():
        return assignment
    assignment.officer_links.exclude(user_id__in=wanted).delete()
    AssignmentOfficer.objects.bulk_create(
        AssignmentOfficer(assignment=assignment, user=wanted[pk]) for pk in sorted(wanted.keys() - held)
    )
    before, after = {"officers": sorted(held)}, {"officers": sorted(wanted)}
    record_on(
        assignment, action="assignment.officers_named", actor=actor, now=now, before=before, after=after
    )
    return assignment


def require_active_officers(people: Iterable[User], *, agency_id: int) -> None:
    """Raise `NotNow`, which says why, unless all of them may be named for an assignment of the agency."""
    for person in people:
        if not (person.is_active and person.is_agency_actor and person.agency_id == agency_id):
            raise NotNow(_("%(name)s is not an active officer of this agency.") % {"name": person.name})
        if not person.has_joined:
            raise NotNow(_("%(name)s has not joined yet. Choose somebody who has.") % {"name": person.name})


def may_be_named(person: User, *, agency_id: int) -> bool:
    """Whether a person may be named for an assignment of the agency: they act for it and can sign in."""
    return person.is_able_to_act and person.agency_id == agency_id


#: The fields of an assignment that MAPO sets.
FACTS = ("role", "stage", "due_on", "cadence_days", "next_due_on")


def facts_of(assignment: Assignment) -> dict[str, Any]:
    """Return what MAPO has set about the assignment, by field."""
    return {name: getattr(assignment, name) for name in FACTS}
