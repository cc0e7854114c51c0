from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RemindersConfig(AppConfig):
    name = "reminders"
    verbose_name = _("Reminders")

    def ready(self) -> None:
        from cycles.file import register_section
        from recommendations.extensions import assignment_panels
        from reminders import navigation, words
        from reminders.queries.nudge_page import beside_assignment
        from reminders.services.usual_rules import RulesSection

        words.register()
        navigation.register()
        register_section(RulesSection())
        assignment_panels.add("nudges", beside_assignment)
