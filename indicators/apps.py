from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IndicatorsConfig(AppConfig):
    name = "indicators"
    verbose_name = _("Figures")

    def ready(self) -> None:
        from cycles.file import app_sections
        from indicators import navigation, words
        from indicators.file import FiguresSection

        words.register()
        navigation.register()
        app_sections[FiguresSection.key] = FiguresSection()
