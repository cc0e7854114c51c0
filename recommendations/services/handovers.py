"""Naming a colleague in the place of somebody who leaves."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from recommendations.models import Assignment
from recommendations.services.assignments import may_be_named, name_officers


@transaction.atomic
def hand_over(person: User, *, colleague: User, actor: User, now: datetime) -> int:
    """Name the colleague instead of the person for the person's assignments in force in open cycles; return how many.

    Raises what `name_officers` raises.
    """
    rows = Assignment.objects.in_force().in_open_cycles().filter(officer_links__user=person)
    found = list(rows.select_related("item__cycle", "agency").order_by("pk"))
    for assignment in found:
        named = User.objects.filter(pk__in=assignment.officer_links.values("user"))
        others = [
            each for each in named if each != person and may_be_named(each, agency_id=assignment.agency_id)
        ]
        name_officers(assignment, officers=[*others, colleague], actor=actor, now=now)
    return len(found)
