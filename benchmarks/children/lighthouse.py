"""Say which pages of the demonstration Lighthouse judges, and sign their readers in."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from recommendations.models import Update
from recommendations.states import UpdateState


def main(_facts: dict[str, Any]) -> dict[str, Any]:
    """Return `sessions` (reader → session key) and `pages` (name → [address, reader]); a reader may be empty."""
    draft = _newest(UpdateState.DRAFT)
    waiting = _newest(UpdateState.SUBMITTED)
    readers = {
        "officer": User.objects.get(pk=draft.saved_by_id),
        "reviewer": User.objects.filter(role=Role.REVIEWER).order_by("pk")[0],
    }
    return {
        "sessions": {name: _session_of(person) for name, person in readers.items()},
        "pages": {
            "sign-in": [reverse("account_login"), ""],
            "my-work": [reverse("recommendations:my_work"), "officer"],
            "item": [reverse("recommendations:item", args=[draft.assignment.item_id]), "officer"],
            "update-form": [reverse("recommendations:update_edit", args=[draft.pk]), "officer"],
            "evidence": [reverse("evidence:list"), "officer"],
            "search": [f"{reverse('search:search')}?q=mangsa", "officer"],
            "overview": [reverse("overview:overview"), "reviewer"],
            "queue": [reverse("recommendations:queue"), "reviewer"],
            "review": [reverse("recommendations:review", args=[waiting.pk]), "reviewer"],
            "summaries": [reverse("reports:choose"), "reviewer"],
        },
    }


def _newest(state: UpdateState) -> Update:
    """Return the update of this state that was saved last."""
    return Update.objects.filter(state=state).select_related("assignment").latest("saved_at")


def _session_of(person: User) -> str:
    client = Client()
    client.force_login(person)
    return client.cookies["sessionid"].value
