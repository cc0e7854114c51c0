"""Putting a colleague in the place of somebody who leaves: as responsible officer, and as owner of planned steps."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit.acts import require
from recommendations.extensions import HandedOver, handover_listeners, tell
from recommendations.models import Action, Assignment
from recommendations.permissions import may_steer
from recommendations.services.assignments import may_be_named, name_officers
from recommendations.services.checks import locked_step, record_step, require_owner, require_step_open


@transaction.atomic
def hand_over(person: User, *, colleague: User | None, actor: User, now: datetime) -> None:
    """Put the colleague in the person's place for assignments in force and planned steps, in open cycles.

    Without a colleague nobody is named: the agency's coordinators, or all of MAPO, answer for them from now on. Raises
    what `name_officers` raises, and `NotNow` for somebody who cannot own the steps.
    """
    require(may_steer(actor))
    assignments = _hand_over_assignments(person, colleague=colleague, actor=actor, now=now)
    steps = _hand_over_steps(person, colleague=colleague, actor=actor, now=now)
    if assignments or steps:
        handover = HandedOver(
            person=person, colleague=colleague, assignment_count=assignments, step_count=steps
        )
        tell(handover_listeners, handover, now)


def _hand_over_assignments(person: User, *, colleague: User | None, actor: User, now: datetime) -> int:
    """Name the colleague, if any, instead of the person; return for how many assignments."""
    rows = Assignment.objects.in_force().in_open_cycles().filter(officer_links__user=person)
    found = list(rows.select_related("item__cycle", "agency").order_by("pk"))
    for assignment in found:
        named = User.objects.filter(pk__in=assignment.officer_links.values("user"))
        others = [
            each for each in named if each != person and may_be_named(each, agency_id=assignment.agency_id)
        ]
        officers = [*others, colleague] if colleague else others
        name_officers(assignment, officers=officers, actor=actor, now=now)
    return len(found)


def _hand_over_steps(person: User, *, colleague: User | None, actor: User, now: datetime) -> int:
    """Make the colleague, or nobody, the owner of the person's steps; return of how many."""
    found = list(Action.objects.left_by(person).order_by("assignment", "pk"))
    for each in found:
        step = locked_step(each)
        require_step_open(step)
        step.owner = colleague
        require_owner(step)
        step.save(update_fields=["owner"])
        before, after = {"owner": person.pk}, {"owner": step.owner_id}
        record_step(step, action="action.changed", actor=actor, now=now, before=before, after=after)
    return len(found)
