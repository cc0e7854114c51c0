from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InstallationConfig(AppConfig):
    name = "installation"
    verbose_name = _("Installation")

    def ready(self) -> None:
        """Count statements, and add the page to the administrators' navigation."""
        from installation import counting
        from recommendations.extensions import NavEntry, nav_entries

        counting.begin()
        nav_entries["installation"] = NavEntry(
            "installation:state",
            _("Installation"),
            "heart-pulse",
            ("installation:",),
            is_open_to=lambda person: person.is_administrator,
        )
