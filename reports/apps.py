from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = _("Progress summaries")

    def ready(self) -> None:
        from reports import navigation, words
        from reports.services import notices

        words.register()
        navigation.register()
        notices.register()
