from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "privacy"
    verbose_name = _("Victims' identities")

    def ready(self) -> None:
        """Name what the log says of texts that seem to identify a person."""
        from audit.labels import register
        from privacy.kinds import IdentityKind

        counts = {f"identity_{kind.value}": kind.label for kind in IdentityKind}
        register({}, fields={**counts, "identities_reason": _("Reason to send it as it is")})
