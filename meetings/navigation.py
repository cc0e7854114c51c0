"""The navigation entry of this app."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from recommendations.extensions import NavEntry, nav_entries


def register() -> None:
    """Add the entry, which MAPO's people have."""
    nav_entries["meetings"] = NavEntry(
        "meetings:meetings",
        _("Meetings"),
        "gavel",
        ("meetings:",),
        is_open_to=lambda user: user.is_mapo,
    )
