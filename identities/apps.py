from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

#: Columns with reasons whose labels no other app gives.
_REASONS = (
    "answer_reason",
    "decision_reason",
    "ended_reason",
    "proposed_reason",
    "sealed_reason",
    "state_reason",
    "withdrawn_reason",
)


class IdentitiesConfig(AppConfig):
    name = "identities"
    verbose_name = _("Hidden words")

    def ready(self) -> None:
        """Name what the log says of hidden words, and add the page to the navigation."""
        from audit.labels import register
        from identities.permissions import may_hide_words
        from recommendations.extensions import NavEntry, nav_entries

        register(
            {
                "identity.redacted": _("Words hidden"),
                "identity.found_again": _("Words of earlier texts hidden"),
                "identity.lift_asked": _("Lifting of hidden words proposed"),
                "identity.lifted": _("Hidden words shown again"),
                "identity.lift_refused": _("Lifting of hidden words refused"),
            },
            objects={"privacy.IdentityMark": _("Hidden words"), "identities.LiftRequest": _("Lifting")},
            fields={
                "texts": _("Texts"),
                "is_whole": _("The whole text"),
                **dict.fromkeys(_REASONS, _("Reason")),
                **dict.fromkeys(("file_names", "original_name"), _("File name")),
                "title": _("Title"),
            },
        )
        nav_entries["identities"] = NavEntry(
            "identities:register",
            _("Hidden words"),
            "eye-off",
            ("identities:",),
            is_open_to=may_hide_words,
        )
