"""The door that this room brings into the navigation: MAPO's, to what went out and to the rules behind it."""

from django.utils.translation import gettext_lazy as _

from recommendations.doors import Door, register_door

#: Beginnings of the names of pages behind it. One's own list has the bell for a door.
_ROOMS = tuple(
    f"reminders:{page}" for page in ("delivery", "nudge", "rule", "day_off", "days_off", "preview")
)


def register() -> None:
    """Adds the door for MAPO's people."""
    register_door(
        Door("reminders:delivery", _("Reminders"), "bell-ring", _ROOMS, is_open_to=lambda user: user.is_mapo)
    )
