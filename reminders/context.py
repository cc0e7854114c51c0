"""The bell that every page of a signed-in person has in its header."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from reminders.readings.bell import Bell


def bell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the bell, which asks nothing before a page draws it; nothing before sign-in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"bell": Bell(user)}
