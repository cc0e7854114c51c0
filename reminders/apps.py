from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RemindersConfig(AppConfig):
    name = "reminders"
    verbose_name = _("Reminders")

    def ready(self) -> None:
        from recommendations.beside import register_piece
        from recommendations.cycle_file import keep_section
        from reminders import doors, words
        from reminders.readings.nudge_page import beside_assignment
        from reminders.services.usual_rules import RulesSection

        words.register()
        doors.register()
        keep_section(RulesSection())
        register_piece("nudges", beside_assignment)
