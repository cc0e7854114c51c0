from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "privacy"
    verbose_name = _("Victims' identities")

    def ready(self) -> None:
        """Hide what is marked wherever a text is read; name what the log says of such texts."""
        from audit.guarded_text import hide_with
        from audit.labels import register
        from privacy.kinds import IdentityKind
        from privacy.reading import hide

        hide_with(hide)

        counts = {f"identity_{kind.value}": kind.label for kind in IdentityKind}
        register({}, fields={**counts, "identities_reason": _("Reason to send it as it is")})
