"""The search box that every page of a signed-in person has in its header."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse


def search_box(request: HttpRequest) -> dict[str, Any]:
    """Context processor: where the header's search box leads; nothing before sign-in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"search_url": reverse("search:search")}
