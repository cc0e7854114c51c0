from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IndicatorsConfig(AppConfig):
    name = "indicators"
    verbose_name = _("Figures")

    def ready(self) -> None:
        from cycles.extensions import opening_steps, unfinished_readers
        from cycles.file import app_sections
        from indicators import navigation, panels, words
        from indicators.file import FiguresSection
        from indicators.queries.report_work import figure_work, figures_waiting, unfinished_figures
        from indicators.services.definitions import take_into_use
        from recommendations.extensions import waiting_readers, work_lines

        words.register()
        navigation.register()
        panels.register()
        work_lines["figures"] = figure_work
        waiting_readers["figures"] = figures_waiting
        unfinished_readers["figures"] = unfinished_figures
        opening_steps[FiguresSection.key] = take_into_use
        app_sections[FiguresSection.key] = FiguresSection()
