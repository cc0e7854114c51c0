"""How the audit trail calls the actions and objects of this app."""

from django.utils.translation import gettext_lazy as _

from audit import labels


def register() -> None:
    """Register the names."""
    labels.register(
        {
            "check.explained": _("Contradiction explained"),
            "source.downloaded": _("Source document downloaded"),
            "figures.started": _("Report of a month started"),
            "figures.submitted": _("Figures of a month submitted"),
            "figures.withdrawn": _("Sending of figures undone"),
            "figures.decided": _("Figures of a month decided"),
        },
        objects={
            "indicators.CheckExplanation": _("Explanation of a contradiction"),
            "indicators.Source": _("Source document"),
            "indicators.FigureReport": _("Report of a month"),
        },
        fields={
            "accepted": _("Accepted"),
            "contradictions": _("Contradictions"),
            "explanation": _("Explanation"),
            "figures": _("Figures"),
            "revised": _("Changed figures"),
        },
    )
