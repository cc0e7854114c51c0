"""Say where the pages of the demonstration are, and sign a person of each role in to read them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from indicators.models import PublishedTable
from meetings.models import Meeting
from recommendations.models import Update
from submissions.states import SubmissionState

#: Reports most of the figures.
FIGURES_COORDINATOR = "figures_coordinator"


def main(_facts: dict[str, Any]) -> dict[str, Any]:
    """Return `sessions` (reader → session key) and `pages` (name → [address, reader]); a reader is called by their role.

    The sign-in page has no reader: its role is empty.
    """
    draft, waiting = _newest(SubmissionState.DRAFT), _newest(SubmissionState.SUBMITTED)
    officer = User.objects.get(pk=draft.saved_by_id)
    held = Meeting.objects.held().latest("meets_on")
    printed = PublishedTable.objects.latest("position")
    readers = {role: User.objects.filter(role=role).order_by("pk")[0] for role in Role.values}
    readers |= {
        Role.OFFICER.value: officer,
        Role.COORDINATOR.value: User.objects.get(role=Role.COORDINATOR, agency=officer.agency),
        FIGURES_COORDINATOR: User.objects.filter(role=Role.COORDINATOR, agency__code="KPWKM").order_by("pk")[
            0
        ],
    }
    return {
        "sessions": {role: _session_of(person) for role, person in readers.items()},
        "pages": {
            "sign-in": [reverse("account_login"), ""],
            "welcome": [reverse("guides:welcome"), Role.OFFICER],
            "my-work": [reverse("recommendations:my_work"), Role.OFFICER],
            "item": [reverse("recommendations:item", args=[draft.assignment.item_id]), Role.OFFICER],
            "update-form": [reverse("recommendations:update_edit", args=[draft.pk]), Role.OFFICER],
            "evidence": [reverse("evidence:list"), Role.OFFICER],
            "search": [f"{reverse('search:search')}?q=mangsa", Role.OFFICER],
            "reminders": [reverse("reminders:mine"), Role.OFFICER],
            "agency": [reverse("recommendations:our_agency"), Role.COORDINATOR],
            "overview": [reverse("overview:overview"), Role.REVIEWER],
            "weaknesses": [reverse("overview:weaknesses"), Role.REVIEWER],
            "queue": [reverse("recommendations:queue"), Role.REVIEWER],
            "review": [reverse("recommendations:review", args=[waiting.pk]), Role.REVIEWER],
            "assignments": [reverse("recommendations:assignments"), Role.REVIEWER],
            "summaries": [reverse("reports:choose"), Role.REVIEWER],
            "meeting": [reverse("meetings:meeting_prepare", args=[held.pk]), Role.REVIEWER],
            "people": [reverse("accounts:people"), Role.ADMINISTRATOR],
            "cycles": [reverse("cycles:cycles"), Role.ADMINISTRATOR],
            "rules": [reverse("reminders:rules"), Role.ADMINISTRATOR],
            "trail": [reverse("audit:trail"), Role.ADMINISTRATOR],
            "delivery": [reverse("reminders:delivery"), Role.ADMINISTRATOR],
            "hidden-words": [reverse("identities:register"), Role.ADMINISTRATOR],
            "items": [reverse("recommendations:items"), Role.OBSERVER],
            "figures": [reverse("indicators:figures"), Role.OBSERVER],
            "month-form": [reverse("indicators:month", args=[date(2023, 8, 1)]), FIGURES_COORDINATOR],
            "windows": [reverse("indicators:windows"), Role.OBSERVER],
            "table": [reverse("indicators:table", args=[printed.pk]), Role.OBSERVER],
            "contradictions": [reverse("indicators:contradictions"), Role.REVIEWER],
        },
    }


def _newest(state: SubmissionState) -> Update:
    """Return the update of this state that was saved last."""
    return Update.objects.filter(state=state).select_related("assignment").latest("saved_at")


def _session_of(person: User) -> str:
    client = Client()
    client.force_login(person)
    return client.cookies["sessionid"].value
