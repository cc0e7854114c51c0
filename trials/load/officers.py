"""Makes the people of a load (run as a child of `benchmarks.child`): officers of all agencies, reviewers, and what they do."""

from __future__ import annotations

from datetime import datetime
from itertools import cycle
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from accounts.models import Agency, User, default_clearance
from accounts.roles import Role
from audit.clock import KUALA_LUMPUR
from recommendations.models import Assignment, AssignmentOfficer
from submissions.states import SubmissionState
from trials.load.people import PASSWORD, REVIEWERS

JOINED_AT = datetime(2023, 1, 2, tzinfo=KUALA_LUMPUR)


def main(_facts: dict[str, Any], count: str) -> list[dict[str, Any]]:
    """Write so many officers and the reviewers; return each one's address, role, and the assignment that is theirs, or None.

    Officers are spread over the agencies that have assignments. Each assignment is named to one of them, who reports on it.
    """
    assignments = Assignment.objects.in_force().exclude(updates__state__in=[SubmissionState.SUBMITTED])
    agencies = Agency.objects.filter(assignments__in=assignments).distinct().order_by("code")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        hashed = make_password(PASSWORD)
        home = Agency.objects.get(code="KDN")
        reviewers = [_person(home, number, Role.REVIEWER, hashed) for number in range(REVIEWERS)]
        officers = [
            _person(agency, number, Role.OFFICER, hashed)
            for number, agency in zip(range(int(count)), cycle(agencies), strict=False)
        ]
        User.objects.bulk_create([*reviewers, *officers])
        named = _name_officers(officers, assignments)
        cursor.execute("ANALYZE")
    told = [{"email": each.email, "role": each.role, "assignment": named.get(each.pk)} for each in officers]
    return told + [{"email": each.email, "role": each.role, "assignment": None} for each in reviewers]


def _person(agency: Agency, number: int, role: str, hashed: str) -> User:
    return User(
        name=f"{agency.code} {role} {number}",
        email=f"{role}.{number}@{agency.code.lower()}.example",
        agency=agency,
        role=role,
        clearance=default_clearance(role),
        password=hashed,
        joined_at=JOINED_AT,
    )


def _name_officers(officers: list[User], assignments: Any) -> dict[int, int]:
    """Name one officer for each assignment, as long as there are any; return the assignments by officer."""
    free: dict[int, list[User]] = {}
    for person in officers:
        free.setdefault(person.agency_id, []).append(person)
    named: dict[int, int] = {}
    for key, agency_id in assignments.order_by("pk").values_list("pk", "agency_id"):
        if free.get(agency_id):
            named[free[agency_id].pop().pk] = key
    AssignmentOfficer.objects.bulk_create(
        AssignmentOfficer(user_id=person, assignment_id=key) for person, key in named.items()
    )
    return named
