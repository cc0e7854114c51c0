from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RemindersConfig(AppConfig):
    name = "reminders"
    verbose_name = _("Reminders")

    def ready(self) -> None:
        from recommendations.cycle_file import keep_section
        from reminders import words
        from reminders.services.usual_rules import RulesSection

        words.register()
        keep_section(RulesSection())
