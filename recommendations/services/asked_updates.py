"""MAPO asks the agency of a completed assignment for an update by a date (docs/rules.md, Cadence)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.acts import require, require_reason
from audit.clock import local_date
from audit.errors import NotNow
from audit.services import digest
from privacy.checks import check_identities
from recommendations.extensions import asked_update_listeners, tell
from recommendations.models import AskedUpdate, Assignment
from recommendations.permissions import may_steer
from recommendations.services.cadence import is_returned, set_next_due
from recommendations.services.checks import (
    locked_assignment,
    record_on,
    require_in_force,
    require_none_waiting,
    require_within_window,
)


@transaction.atomic
def ask_for_update(
    assignment: Assignment,
    *,
    due_on: date,
    reason: str,
    identities_reason: str = "",
    actor: User,
    now: datetime,
) -> AskedUpdate:
    """Ask the agency of a completed assignment for an update by a date; from then on it is owed like any other.

    Raises `NotNow` where updates are owed anyway, and `IdentitiesFound` as `check_identities` does.
    """
    require(may_steer(actor))
    assignment = locked_assignment(assignment)
    require_in_force(assignment)
    require_none_waiting(assignment)
    if not assignment.is_completed or is_returned(assignment):
        raise NotNow(_("This agency owes an update anyway. Change the date of its next update instead."))
    if assignment.asked_updates.standing().exists():
        raise NotNow(_("MAPO has already asked for an update. Cancel that first to ask for another date."))
    require_within_window(assignment.cycle, due_on)
    if due_on < local_date(now):
        raise NotNow(_("That day has passed. Choose today or a later day."))
    reason = require_reason(reason)
    identities = check_identities({"reason": reason}, reason=identities_reason)
    asked = AskedUpdate.objects.create(
        assignment=assignment, due_on=due_on, reason=reason, asked_by=actor, asked_at=now
    )
    set_next_due(assignment, due_on)
    record_on(
        assignment,
        action="update.asked",
        actor=actor,
        now=now,
        obj=asked,
        after={"next_due_on": due_on, "reason": digest(reason), **identities.event_facts},
        reason=identities.reason,
    )
    tell(asked_update_listeners, asked, now)
    return asked


@transaction.atomic
def cancel_asked_update(asked: AskedUpdate, *, actor: User, now: datetime) -> AskedUpdate:
    """Take back what MAPO asked for: no regular update is owed again. Cancelling twice cancels once.

    A returned update keeps the date to send it again by. Raises `NotNow` while an update waits for a decision.
    """
    require(may_steer(actor))
    assignment = locked_assignment(asked.assignment)
    require_in_force(assignment)
    asked = AskedUpdate.objects.select_for_update(no_key=True).get(pk=asked.pk)
    if asked.ended_at is not None:
        return asked
    require_none_waiting(assignment)
    assignment.asked_updates.standing().end(actor=actor, now=now)
    if assignment.is_completed and not is_returned(assignment):
        set_next_due(assignment, None)
    record_on(
        assignment,
        action="update.ask_cancelled",
        actor=actor,
        now=now,
        obj=asked,
        before={"next_due_on": asked.due_on},
    )
    asked.refresh_from_db()
    return asked
