"""What every page of a signed-in person has of this room: the bell, and in a demonstration the way to its mails."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from reminders.queries.bell import Bell
from reminders.queries.mails import is_kept


def bell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the bell, which asks nothing before a page draws it; nothing before sign-in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"bell": Bell(user), "demo_mails_url": reverse("reminders:mails") if is_kept() else ""}
