from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RemindersConfig(AppConfig):
    name = "reminders"
    verbose_name = _("Reminders")

    def ready(self) -> None:
        from audit.extensions import late_anchor_listeners
        from backups.extensions import held_listeners, trouble_listeners
        from cycles.file import app_sections
        from evidence.extensions import harm_listeners
        from recommendations.extensions import (
            NavEntry,
            asked_update_listeners,
            assignment_panels,
            days_off_readers,
            handover_listeners,
            mention_listeners,
            nav_entries,
            role_listeners,
            step_date_listeners,
        )
        from reminders import words
        from reminders.cycle_section import RulesSection
        from reminders.due.calendar import secretariat_days_off
        from reminders.queries.nudge_page import nudge_panel
        from reminders.services import (
            anchor_notices,
            backup_notices,
            file_notices,
            mention_notices,
            work_notices,
        )

        words.register()
        mention_notices.register()
        work_notices.register()
        file_notices.register()
        backup_notices.register()
        mention_listeners["notices"] = mention_notices.notify_mentioned
        asked_update_listeners["notices"] = work_notices.notify_asked_update
        role_listeners["notices"] = work_notices.notify_role
        step_date_listeners["notices"] = work_notices.notify_step_date
        trouble_listeners["notices"] = backup_notices.notify_trouble
        held_listeners["notices"] = backup_notices.notify_held
        anchor_notices.register()
        late_anchor_listeners["notices"] = anchor_notices.notify_late
        harm_listeners["notices"] = file_notices.notify_harm
        handover_listeners["notices"] = work_notices.notify_handover
        # One's own list is reached by the bell, not by this entry.
        pages = ("delivery", "rule", "day_off", "days_off", "preview")
        entry = NavEntry(
            "reminders:delivery",
            _("Reminders"),
            "bell-ring",
            tuple(f"reminders:{page}" for page in pages),
            is_open_to=lambda user: user.is_mapo,
        )
        nav_entries["reminders"] = entry
        app_sections[RulesSection.key] = RulesSection()
        assignment_panels["nudges"] = nudge_panel
        days_off_readers["reminders"] = secretariat_days_off
