"""How the audit trail calls the actions and objects of this app."""

from django.utils.translation import gettext_lazy as _

from audit import labels


def register() -> None:
    """Register the names."""
    labels.register(
        {"source.downloaded": _("Source document downloaded")},
        objects={"indicators.Source": _("Source document")},
    )
