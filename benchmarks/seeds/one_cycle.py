"""Fill a database with one cycle: every assignment is confirmed, and nobody has reported yet."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.management import call_command

from accounts.models import Agency
from accounts.roles import Role
from audit import clock
from audit.clock import KUALA_LUMPUR
from benchmarks.seeds.facts import facts_of
from recommendations.models import Assignment, Item
from recommendations.services import confirm_suggestions
from tests.factories.accounts import make_person

#: When updates begin, and the day on which pages are measured.
BEGINS_AT = datetime(2023, 4, 3, 9, 0, tzinfo=KUALA_LUMPUR)
OPENS_AT = datetime(2023, 9, 14, 10, 0, tzinfo=KUALA_LUMPUR)
#: The agency of the officer who is measured.
MEASURED_AGENCY = "JTK"


def main(_facts: dict[str, Any]) -> dict[str, Any]:
    """Load the cycle, confirm what it suggests, and return whom and what to measure.

    Every agency gets an officer. `writers` are pairs of an assignment and an officer of its agency.
    """
    call_command("load_cycle", verbosity=0)
    clock.move_to(BEGINS_AT - timedelta(hours=1))
    reviewer = make_person(Role.REVIEWER, Agency.objects.get(code="KDN"))
    officers = {each.pk: make_person(Role.OFFICER, each) for each in Agency.objects.order_by("code")}
    confirm_suggestions(Item.objects.all(), actor=reviewer, now=clock.now())
    measured = officers[Agency.objects.get(code=MEASURED_AGENCY).pk]
    assignments = Assignment.objects.in_force()
    facts = facts_of({"officer": measured, "reviewer": reviewer}, assignments)
    return facts | {
        "writers": [(each.pk, officers[each.agency_id].pk) for each in assignments.order_by("pk")]
    }
