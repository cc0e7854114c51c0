"""Context processor for the search box in the header."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from ui.addresses import address_of


def search_box(request: HttpRequest) -> dict[str, Any]:
    """Return the addresses of the search page and of its suggestions for signed-in people, and empty ones for others."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"search_url": "", "suggestions_url": ""}
    return {"search_url": address_of("search:search"), "suggestions_url": address_of("search:suggestions")}
