"""The navigation entry of this app."""

from django.utils.translation import gettext_lazy as _

from recommendations.extensions import NavEntry, nav_entries


def register() -> None:
    """Add the entry, which everybody signed in has."""
    nav_entries["indicators"] = NavEntry("indicators:figures", _("Figures"), "chart-column", ("indicators:",))
