"""What every measurement of pages needs to know of a database."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from accounts.models import User
from recommendations.models.assignment import AssignmentQuerySet


def facts_of(people: dict[str, User], assignments: AssignmentQuerySet) -> dict[str, str]:
    """Return a session for each person, by role, and the addresses of the pages.

    The item is one of the officer's agency, among these assignments.
    """
    sessions = {}
    for role, person in people.items():
        client = Client()
        client.force_login(person)
        sessions[role] = client.cookies["sessionid"].value
    assignment = assignments.filter(agency=people["officer"].agency).order_by("pk").first()
    assert assignment is not None
    return sessions | {
        "officer_id": str(people["officer"].pk),
        "my_work": reverse("recommendations:my_work"),
        "item": reverse("recommendations:item", args=[assignment.item_id]),
        "overview": reverse("overview:overview"),
        "queue": reverse("recommendations:queue"),
        "upload": reverse("evidence:upload"),
    }
