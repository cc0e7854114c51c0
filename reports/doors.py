"""The door that this room brings into the navigation: everybody's, to the summaries."""

from django.utils.translation import gettext_lazy as _

from recommendations.doors import Door, register_door


def register() -> None:
    """Adds the door."""
    register_door(Door("reports:choose", _("Summaries"), "file-chart-column", ("reports:",)))
