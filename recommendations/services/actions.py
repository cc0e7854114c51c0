"""Planned steps of an agency under its assignments."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.clock import local_date
from audit.errors import BadValue, NotNow
from privacy.checks import check_identities
from recommendations.models import Action, Assignment
from recommendations.permissions import may_report
from recommendations.services.checks import (
    locked_assignment,
    record_on,
    require,
    require_in_force,
    require_reason,
)

#: Open steps that an assignment may have.
MOST_PLANNED = 50
_AFTER_THE_WINDOW = timedelta(days=2 * 366)


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
    if not (owner.is_active and owner.agency_id == assignment.agency_id):
        raise NotNow(_("%(name)s is not an active person of this agency.") % {"name": owner.name})
    cycle = assignment.cycle
    if not cycle.window_start <= due_on <= cycle.window_end + _AFTER_THE_WINDOW:
        raise NotNow(_("Choose a day between the start of the window and two years after its end."))
    _require_timely(due_on, done_on, today=local_date(now))
    if done_on is None and assignment.actions.planned().count() >= MOST_PLANNED:
        raise NotNow(
            _("This assignment has %(count)s open steps already. Finish or cancel some first.")
            % {"count": MOST_PLANNED}
        )
    identities = check_identities({"text": text}, reason=identities_reason)
    action = Action.objects.create(
        assignment=assignment,
        text=text.strip(),
        owner=owner,
        due_on=due_on,
        done_on=done_on,
        created_by=actor,
        created_at=now,
    )
    after: dict[str, Any] = {"owner": owner.pk, "due_on": due_on} | ({"done_on": done_on} if done_on else {})
    about: dict[str, Any] = {"after": after | identities.event_facts, "reason": identities.reason}
    record_on(assignment, action="action.planned", actor=actor, now=now, obj=action, **about)
    return action


def _require_timely(due_on: date, done_on: date | None, *, today: date) -> None:
    """Raise `BadValue` for a step that is due in the past and not done, or done on a day that has not come."""
    if done_on is None and due_on < today:
        raise BadValue(
            _("This day has passed. Choose a day from today on. If the step is done already, say when."),
            field="due_on",
        )
    if done_on is not None and done_on > today:
        raise BadValue(_("This date is in the future. Enter a date up to today."), field="done_on")


@transaction.atomic
def finish_action(action: Action, *, done_on: date, actor: User, now: datetime) -> Action:
    """Mark a planned step as done on a day that has come."""
    action = _planned(action, actor=actor)
    if done_on > local_date(now):
        raise NotNow(_("This date is in the future. Enter a date up to today."))
    action.done_on = done_on
    action.save(update_fields=["done_on"])
    record_on(
        action.assignment,
        action="action.finished",
        actor=actor,
        now=now,
        obj=action,
        after={"done_on": done_on},
    )
    return action


@transaction.atomic
def cancel_action(
    action: Action, *, reason: str, identities_reason: str = "", actor: User, now: datetime
) -> Action:
    """Give a planned step up, with a reason; it stays in the history. Raises `IdentitiesFound` as `check_identities`."""
    action = _planned(action, actor=actor)
    reason = require_reason(reason)
    identities = check_identities({"reason": reason}, reason=identities_reason)
    action.cancelled_reason, action.cancelled_at = reason, now
    action.save(update_fields=["cancelled_reason", "cancelled_at"])
    about: dict[str, Any] = {"after": identities.event_facts or None, "reason": identities.reason}
    record_on(action.assignment, action="action.cancelled", actor=actor, now=now, obj=action, **about)
    return action


def _planned(action: Action, *, actor: User) -> Action:
    assignment = locked_assignment(action.assignment)
    require(may_report(actor, assignment))
    require_in_force(assignment)
    current = Action.objects.select_for_update(no_key=True).get(pk=action.pk)
    current.assignment = assignment
    if not current.is_planned:
        raise NotNow(_("This step was already done or cancelled. Nothing was changed."))
    return current
