"""What the services share: locked rows, the checks that many acts begin with, and steps that several acts take."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.acts import jsonable
from audit.errors import BadValue, NotAllowed, NotNow
from audit.services import record
from privacy.checks import NO_IDENTITIES, IdentityNote
from recommendations.extensions import StepDate, StepNews, step_date_listeners, tell
from recommendations.models import Action, Assignment, Cycle, Item, Outcome, Update
from recommendations.permissions import OWN_REQUEST
from recommendations.states import Stage, percent_fits
from submissions.states import OPEN_STATES

#: How long after its window a cycle's steps may be due.
_AFTER_THE_WINDOW = timedelta(days=2 * 366)


def locked_assignment(assignment: Assignment) -> Assignment:
    """Return the row as it is now, locked until the transaction ends. Always the first lock taken."""
    rows = Assignment.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("item__cycle", "agency").get(pk=assignment.pk)


def lock_assignments_of_item(item_id: int) -> None:
    """Lock all assignments of an item, in the one order in which acts on several assignments lock them."""
    rows = Assignment.objects.select_for_update(no_key=True).filter(item=item_id).exclude(stage=Stage.ENDED)
    list(rows.order_by("pk").values_list("pk"))


def locked_update(update: Update) -> Update:
    """Return the update as it is now, with its assignment, both locked; one that is not saved, on the locked assignment."""
    assignment = locked_assignment(update.assignment)
    if update.pk is None:
        return Update(assignment=assignment)
    current = Update.objects.select_for_update(no_key=True).get(pk=update.pk)
    current.assignment = assignment
    return current


def locked_item(item: Item, *, is_edited: bool = False) -> Item:
    """Return the row as it is now, locked until the transaction ends; `NotNow` when its cycle is not open.

    `is_edited`: what MAPO says of the item is changed, which it may do before it opens the cycle.
    """
    rows = Item.objects.select_for_update(no_key=True, of=("self",))
    locked = rows.select_related("cycle").get(pk=item.pk)
    hold = Cycle.objects.held_editable if is_edited else Cycle.objects.held_open
    locked.cycle = hold(locked.cycle)
    return locked


def require_somebody_elses(request_by: User | None, actor: User) -> None:
    """Raise `NotAllowed` for a request that the person made, perhaps while they belonged to the agency."""
    if request_by == actor:
        raise NotAllowed(OWN_REQUEST)


def require_open_cycle(assignment: Assignment) -> None:
    """A closed cycle takes no write but reviews of what was submitted (docs/rules.md, Cycles).

    Holds the cycle open until the transaction ends: whoever closes it waits for the acts that have begun, and
    acts that begin afterwards see that it is closed. Locks are taken in this order: assignment, update, cycle.
    """
    cycle = Cycle.objects.held_open(assignment.item.cycle)
    assignment.item.cycle = cycle


def require_alone(update: Update) -> None:
    """Raise `NotNow` for a row of an opening import that is not settled: it goes the way of its batch.

    A settled row stands alone: its own state says what can still be done with it.
    """
    if update.opening_id is not None and update.is_open:
        raise NotNow(
            _(
                "This update is part of an opening import and can only be handled with it. Nothing was "
                "changed; open the import."
            )
        )


def require_in_force(assignment: Assignment) -> None:
    """Only a confirmed assignment of an open cycle takes updates, actions and requests."""
    require_open_cycle(assignment)
    if assignment.stage != Stage.CONFIRMED:
        raise NotNow(_("This assignment is not in force. Your text is kept; ask MAPO."))


def require_within_window(cycle: Cycle, day: date | None) -> None:
    """Raise `NotNow` when a day by which something is owed lies outside the window, whose ends both count."""
    if day is not None and not cycle.window_start <= day <= cycle.window_end:
        raise NotNow(_("Choose a day within the assessment window."))


def require_fitting_percent(status: str, percent: int) -> None:
    """Raise `NotNow` unless the percentage agrees with the status."""
    if not percent_fits(status, percent):
        raise NotNow(
            _("No action is 0%, completed is 100%, and in progress is between. Change one of the two.")
        )


def require_none_waiting(assignment: Assignment) -> None:
    """Raise `NotNow` while a submission on the assignment waits for MAPO."""
    if Outcome.objects.filter(pk=assignment.pk).exclude(waiting=None).exists():
        raise NotNow(_("An update of this agency is waiting for a decision. Decide on it first."))


def require_none_open(assignment: Assignment) -> None:
    """Raise `NotNow` when the assignment has an update that is draft, submitted or returned."""
    if assignment.updates.filter(state__in=OPEN_STATES).exists():
        raise NotNow(_("Another update on this item is still open. Finish or withdraw it first."))


def close_assignment(
    assignment: Assignment,
    *,
    action: str,
    reason: str,
    identities: IdentityNote = NO_IDENTITIES,
    actor: User,
    now: datetime,
) -> Assignment:
    """End the locked assignment and record it as this action; the caller has asked whether it may end.

    `identities` is what the caller's check of the reason found.
    """
    before = {"stage": assignment.stage, "next_due_on": assignment.next_due_on}
    assignment.stage, assignment.ended_reason, assignment.next_due_on = Stage.ENDED, reason.strip(), None
    assignment.save(update_fields=["stage", "ended_reason", "next_due_on"])
    assignment.asked_updates.standing().end(actor=actor, now=now)
    record_on(
        assignment,
        action=action,
        actor=actor,
        now=now,
        before=before,
        after={"stage": assignment.stage, **identities.trail_facts},
        reason=assignment.ended_reason,
    )
    return assignment


def record_on(
    assignment: Assignment,
    *,
    action: str,
    actor: User | None,
    now: datetime,
    obj: Any = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Record one Event on an assignment, or on `obj` under it, on the item's timeline and for its agency.

    What concerns a mere suggestion is for MAPO alone (docs/rules.md, Who sees what).
    """
    record(
        action=action,
        actor=actor,
        obj=obj if obj is not None else assignment,
        label=f"{assignment.item.label_with_year} · {assignment.agency.code}",
        agency_id=assignment.agency_id if assignment.confirmed_at else None,
        item_id=assignment.item_id,
        before=jsonable(before),
        after=jsonable(after),
        reason=reason,
        now=now,
    )


def record_on_item(
    item: Item, *, action: str, actor: User, now: datetime, obj: Any = None, **facts: Any
) -> None:
    """Record one Event on an item, or on `obj` of it; it is no single agency's matter. `facts` are before and after."""
    label, thing = item.label_with_year, obj if obj is not None else item
    record(action=action, actor=actor, obj=thing, label=label, item_id=item.pk, now=now, **facts)


# --- Steps


def require_owner(step: Action) -> None:
    """Raise `NotNow` unless the step's owner, where it has one, is an active person of its agency, or of MAPO, who has joined."""
    owner = step.owner
    if owner is None:
        return
    if step.is_mapo and not (owner.is_active and owner.is_mapo):
        raise NotNow(_("%(name)s is not an active person of MAPO.") % {"name": owner.name})
    if not step.is_mapo and not (owner.is_active and owner.agency_id == step.agency_id):
        raise NotNow(_("%(name)s is not an active person of this agency.") % {"name": owner.name})
    if not owner.has_joined:
        raise NotNow(_("%(name)s has not joined yet. Choose somebody who has.") % {"name": owner.name})


def require_within_reach(due_on: date, cycle: Cycle) -> None:
    """Raise `NotNow` for a day before the window or more than two years after it."""
    if not cycle.window_start <= due_on <= cycle.window_end + _AFTER_THE_WINDOW:
        raise NotNow(_("Choose a day between the start of the window and two years after its end."))


def require_timely(due_on: date, done_on: date | None, *, today: date) -> None:
    """Raise `BadValue` for a step that is due in the past and not done, or done on a day that has not come."""
    if done_on is None and due_on < today:
        raise BadValue(
            _("This day has passed. Choose a day from today on. If the step is done already, say when."),
            field="due_on",
        )
    if done_on is not None and done_on > today:
        raise BadValue(_("This date is in the future. Enter a date up to today."), field="done_on")


def locked_step(action: Action) -> Action:
    """Return the step as it is now, locked; its assignment is locked first, or else its item."""
    current = Action.objects.select_related("agency", "owner", "item__cycle").get(pk=action.pk)
    if current.assignment_id is not None:
        assert current.assignment is not None
        current.assignment = locked_assignment(current.assignment)
        current.item = current.assignment.item
    else:
        current.item = locked_item(current.item)
    Action.objects.select_for_update(no_key=True).get(pk=action.pk)
    current.refresh_from_db(
        fields=[
            "text",
            "owner",
            "due_on",
            "done_on",
            "cancelled_at",
            "cancelled_reason",
            "changed_reason",
            "proposed_on",
            "proposed_reason",
            "proposed_by",
        ]
    )
    return current


def require_step_open(step: Action, *, is_planned: bool = True) -> None:
    """Raise `NotNow` unless the step is planned, its cycle is open and, but for a decision, its assignment in force.

    With `is_planned` False it may be done or cancelled already.
    """
    if step.assignment is not None:
        check = require_open_cycle if step.is_decision else require_in_force
        check(step.assignment)
    if is_planned and not step.is_planned:
        raise NotNow(_("This step was already done or cancelled. Nothing was changed."))


def record_step(
    step: Action,
    *,
    action: str,
    actor: User,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Record one Event on a step, on the item's timeline; MAPO's own steps are no agency's matter."""
    record(
        action=action,
        actor=actor,
        obj=step,
        label=f"{step.item.label_with_year} · {'MAPO' if step.is_mapo else step.agency.code}",
        agency_id=None if step.is_mapo else step.agency_id,
        item_id=step.item_id,
        before=jsonable(before),
        after=jsonable(after),
        reason=reason,
        now=now,
    )


def tell_of_step(
    news: StepNews,
    step: Action,
    *,
    before: date,
    actor: User,
    now: datetime,
    reason: str,
    asker: User | None = None,
) -> None:
    """Let other apps know of the date of an agency's step; what MAPO plans for itself concerns nobody else."""
    if step.is_mapo:
        return
    after = step.proposed_on if news == StepNews.LATER_ASKED and step.proposed_on else step.due_on
    told = StepDate(news=news, step=step, before=before, after=after, reason=reason, actor=actor, asker=asker)
    tell(step_date_listeners, told, now)
