"""The navigation entry of this app, which MAPO's people have."""

from django.utils.translation import gettext_lazy as _

from recommendations.extensions import NavEntry, nav_entries

#: Beginnings of the names of views that belong to the entry. One's own list is reached by the bell.
_PREFIXES = tuple(
    f"reminders:{page}" for page in ("delivery", "nudge", "rule", "day_off", "days_off", "preview")
)


def register() -> None:
    """Add the entry."""
    nav_entries.add(
        "reminders",
        NavEntry(
            "reminders:delivery", _("Reminders"), "bell-ring", _PREFIXES, is_open_to=lambda user: user.is_mapo
        ),
    )
