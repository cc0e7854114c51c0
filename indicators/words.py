"""How the audit trail calls the actions and objects of this app."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit import labels


def register() -> None:
    """Register the names."""
    labels.register(
        {
            "check.explained": _("Contradiction explained"),
            "check.explanation_withdrawn": _("Explanation of a contradiction withdrawn"),
            "source.downloaded": _("Source document downloaded"),
            "source.found_harmed": _("Source document found to differ"),
            "figure_import.begun": _("Workbook of figures read"),
            "figure_import.discarded": _("Workbook of figures discarded"),
            "figure_import.taken": _("Workbook of figures taken over"),
            "figures.started": _("Report of a month started"),
            "figures.submitted": _("Figures of a month submitted"),
            "figures.withdrawn": _("Figures of a month withdrawn"),
            "figures.discarded": _("Draft of a month discarded"),
            "figures.decided": _("Figures of a month decided"),
            "figure.revised": _("Figure revised"),
            "indicator.added": _("Indicator added"),
            "indicator.changed": _("Indicator changed"),
            "target.ended": _("Target ended"),
            "target.replaced": _("Target replaced"),
            "target.set": _("Target set"),
        },
        objects={
            "indicators.CheckExplanation": _("Explanation of a contradiction"),
            "indicators.Source": _("Source document"),
            "indicators.FigureImport": _("Workbook of figures"),
            "indicators.FigureReport": _("Report of a month"),
            "indicators.Figure": _("Figure"),
            "indicators.Indicator": _("Indicator"),
            "indicators.Target": pgettext_lazy("figures", "Target"),
        },
        fields={
            "accepted": _("Accepted"),
            "contradictions": _("Contradictions"),
            "explanation": _("Explanation"),
            "figures": _("Figures"),
            "cells": pgettext_lazy("cycle file", "printed cells"),
            "checks": pgettext_lazy("cycle file", "checks of figures"),
            "dimensions": pgettext_lazy("cycle file", "breakdowns of figures"),
            "figure_sources": pgettext_lazy("cycle file", "sources of figures"),
            "indicators": pgettext_lazy("cycle file", "indicators"),
            "tables": pgettext_lazy("cycle file", "published tables"),
            "waiting": _("In use once the cycle is opened"),
            "months": _("Months"),
            "replaced": _("Replaced figures"),
            "revised": _("Changed figures"),
            "begins_on": _("first day of the period"),
            "ends_on": _("last day of the period"),
            "basis_en": _("counting basis in English"),
            "basis_ms": _("counting basis in Malay"),
            "broken_down_by": _("broken down by"),
            "counts_victims": _("counts victims"),
            "figure_text": _("figure"),
            "is_own_name_en": _("the English name is MAPO’s own"),
            "is_own_name_ms": _("the Malay name is MAPO’s own"),
            "is_stock": _("is a stock on a day"),
            "speaks_to": _("items to which it speaks"),
            "target_number": pgettext_lazy("target", "number"),
        },
        references={"speaks_to": "recommendations.Item"},
    )
