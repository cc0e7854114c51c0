"""MAPO says which agency leads an item: one agency leads, and the lead before it becomes a supporting one."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit.acts import require, require_reason
from privacy.checks import check_identities
from recommendations.errors import LeadChanged
from recommendations.extensions import RoleChange, role_listeners, tell
from recommendations.models import Assignment
from recommendations.permissions import may_steer
from recommendations.services.checks import (
    lock_assignments_of_item,
    locked_assignment,
    record_on,
    require_in_force,
)
from recommendations.states import AssignmentRole


@transaction.atomic
def change_role(
    assignment: Assignment,
    *,
    role: str,
    replaces: int | None,
    reason: str,
    identities_reason: str = "",
    actor: User,
    now: datetime,
) -> Assignment:
    """Make an agency in force the lead of its item, or a supporting one, with a reason that both agencies can read.

    A new lead makes the lead before it supporting in the same act. `replaces` is the assignment of that lead as the
    actor saw it, None without one. Both agencies are told. Raises `LeadChanged` when another agency leads by now, and
    `IdentitiesFound` as `check_identities` does. Giving an agency the role that it has changes nothing.
    """
    require(may_steer(actor))
    lock_assignments_of_item(assignment.item_id)
    assignment = locked_assignment(assignment)
    require_in_force(assignment)
    reason = require_reason(reason)
    if role == assignment.role:
        return assignment
    identities = check_identities({"reason": reason}, reason=identities_reason)
    before = _lead_before(assignment) if role == AssignmentRole.LEAD else None
    if replaces != (before.pk if before else None):
        raise LeadChanged
    # The lead before steps down first: one agency leads, in the database too.
    changes = [(before, AssignmentRole.SUPPORT)] if before else []
    for each, its_role in [*changes, (assignment, role)]:
        was, each.role = each.role, its_role
        each.save(update_fields=["role"])
        record_on(
            each,
            action="assignment.role_changed",
            actor=actor,
            now=now,
            before={"role": was},
            after={"role": its_role, **identities.trail_facts},
            reason=reason,
        )
    tell(role_listeners, RoleChange(assignment=assignment, before=before), now)
    return assignment


def _lead_before(assignment: Assignment) -> Assignment | None:
    """Return the lead of the item that is in force, for an agency that does not lead it."""
    rows = Assignment.objects.in_force().select_related("item__cycle", "agency")
    return rows.filter(item=assignment.item_id, role=AssignmentRole.LEAD).first()
