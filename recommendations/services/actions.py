"""Planned steps: of an agency under its assignments, of what the council decided, and of MAPO itself."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from audit.acts import require, require_reason
from audit.clock import local_date
from audit.errors import NotNow
from privacy.checks import check_identities
from recommendations.extensions import StepNews
from recommendations.models import Action, Assignment, Item
from recommendations.permissions import may_cancel_step, may_report, may_steer, may_work_on_step
from recommendations.services.checks import (
    locked_assignment,
    locked_item,
    locked_step,
    record_step,
    require_in_force,
    require_owner,
    require_step_open,
    require_timely,
    require_within_reach,
    tell_of_step,
)
from recommendations.states import ItemKind

#: Open steps that an assignment, or an agency without one, may have on an item.
MOST_PLANNED = 50


@transaction.atomic
def plan_action(
    assignment: Assignment,
    *,
    text: str,
    owner: User,
    due_on: date,
    done_on: date | None = None,
    identities_reason: str = "",
    actor: User,
    now: datetime,
) -> Action:
    """Plan a dated step; its owner is an active person of the agency.

    Its day lies between the beginning of the window and two years after its end, and an assignment has at most
    `MOST_PLANNED` open steps: each is reminded of. A day that has passed is refused unless the step is done already:
    it would be late from the start. Raises `BadValue`, naming the field, `IdentitiesFound` as `check_identities` does,
    or `NotNow`.
    """
    assignment = locked_assignment(assignment)
    require(may_report(actor, assignment))
    require_in_force(assignment)
    step = Action(
        item=assignment.item,
        agency=assignment.agency,
        assignment=assignment,
        owner=owner,
        due_on=due_on,
        done_on=done_on,
    )
    return _plan(step, text=text, identities_reason=identities_reason, actor=actor, now=now)


@transaction.atomic
def plan_mapo_step(
    item: Item,
    *,
    text: str,
    owner: User,
    due_on: date,
    done_on: date | None = None,
    identities_reason: str = "",
    actor: User,
    now: datetime,
) -> Action:
    """Plan a step of MAPO itself, which MAPO alone sees; its owner is one of MAPO's people.

    Raises as `plan_action` does.
    """
    require(may_steer(actor))
    step = Action(
        item=_item_for_steps(item),
        agency=actor.agency,
        is_mapo=True,
        owner=owner,
        due_on=due_on,
        done_on=done_on,
    )
    return _plan(step, text=text, identities_reason=identities_reason, actor=actor, now=now)


@transaction.atomic
def plan_decision_step(
    item: Item,
    agency: Agency | None,
    *,
    text: str,
    due_on: date,
    owner: User | None = None,
    identities_reason: str = "",
    actor: User,
    now: datetime,
) -> Action:
    """Plan what the council decided, as a step of the agency, or of MAPO itself where `agency` is None.

    It belongs to the agency's assignment of the item while that is in force, otherwise to the agency alone. Without
    an owner the agency's coordinators own it; for a step of MAPO, all of MAPO. Raises as `plan_action` does.
    """
    require(may_steer(actor))
    item = _item_for_steps(item)
    step = Action(
        item=item,
        agency=agency or actor.agency,
        assignment=item.assignments.in_force().filter(agency=agency).first() if agency else None,
        is_mapo=agency is None,
        is_decision=True,
        owner=owner,
        due_on=due_on,
    )
    step = _plan(step, text=text, identities_reason=identities_reason, actor=actor, now=now)
    tell_of_step(StepNews.DECIDED, step, before=due_on, reason="", actor=actor, now=now)
    return step


def _item_for_steps(item: Item) -> Item:
    """Return the locked item; `NotNow` for an achievement, on which nothing is left to do."""
    item = locked_item(item)
    if item.kind == ItemKind.ACHIEVEMENT:
        raise NotNow(_("Achievements take no planned steps. Choose a recommendation or a weakness."))
    return item


def _plan(step: Action, *, text: str, identities_reason: str, actor: User, now: datetime) -> Action:
    """Check and store a step that the caller filled in, and record it."""
    require_owner(step)
    require_within_reach(step.due_on, step.item.cycle)
    require_timely(step.due_on, step.done_on, today=local_date(now))
    siblings = Action.objects.filter(item=step.item, agency=step.agency, is_mapo=step.is_mapo).planned()
    if step.done_on is None and siblings.count() >= MOST_PLANNED:
        raise NotNow(
            _("This assignment has %(count)s open steps already. Finish or cancel some first.")
            % {"count": MOST_PLANNED}
        )
    identities = check_identities({"text": text}, reason=identities_reason)
    step.text, step.created_by, step.created_at = text.strip(), actor, now
    step.save(force_insert=True)
    after: dict[str, Any] = {"owner": step.owner_id, "due_on": step.due_on}
    after |= {"done_on": step.done_on} if step.done_on else {}
    action = "action.decided" if step.is_decision else "action.planned"
    record_step(
        step,
        action=action,
        actor=actor,
        now=now,
        after=after | identities.event_facts,
        reason=identities.reason,
    )
    return step


@transaction.atomic
def finish_action(action: Action, *, done_on: date, actor: User, now: datetime) -> Action:
    """Mark a planned step as done on a day that has come."""
    action = locked_step(action)
    require(may_work_on_step(actor, action))
    require_step_open(action)
    if done_on > local_date(now):
        raise NotNow(_("This date is in the future. Enter a date up to today."))
    action.done_on = done_on
    action.save(update_fields=["done_on"])
    record_step(action, action="action.finished", actor=actor, now=now, after={"done_on": done_on})
    return action


@transaction.atomic
def cancel_action(
    action: Action, *, reason: str, identities_reason: str = "", actor: User, now: datetime
) -> Action:
    """Give a planned step up, with a reason; it stays in the history.

    What the council decided only MAPO cancels. Raises `IdentitiesFound` as `check_identities`.
    """
    action = locked_step(action)
    require(may_cancel_step(actor, action))
    require_step_open(action)
    reason = require_reason(reason)
    identities = check_identities({"reason": reason}, reason=identities_reason)
    action.cancelled_reason, action.cancelled_at = reason, now
    action.save(update_fields=["cancelled_reason", "cancelled_at"])
    about: dict[str, Any] = {"after": identities.event_facts or None, "reason": identities.reason}
    record_step(action, action="action.cancelled", actor=actor, now=now, **about)
    tell_of_step(
        StepNews.CANCELLED,
        action,
        before=action.due_on,
        reason=reason,
        asker=action.proposed_by,
        actor=actor,
        now=now,
    )
    return action
