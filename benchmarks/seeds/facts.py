"""What every measurement of pages needs to know of a database."""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from recommendations.models.assignment import AssignmentQuerySet


def _prove(client: Client, person: User) -> None:
    """Let the person have proved who they are, as anybody has who signs in by a page: files ask for it."""
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, person, "password")
    request.session.save()


def facts_of(people: dict[str, User], assignments: AssignmentQuerySet) -> dict[str, str]:
    """Return a session for each person, by role, and the addresses of the pages.

    The item is one of the officer's agency, among these assignments.
    """
    sessions = {}
    for role, person in people.items():
        client = Client()
        client.force_login(person)
        _prove(client, person)
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
