"""How the audit trail calls the actions, objects and fields of this app."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit import labels
from reminders.models import ReminderRule
from reminders.rules.checks import RuleValues


def register() -> None:
    """Register the names."""
    labels.register(
        {
            "rules.loaded": _("Reminder rules loaded"),
            "rule.added": _("Reminder rule added"),
            "rule.changed": _("Reminder rule changed"),
            "rule.switched_on": _("Reminder rule switched on"),
            "rule.switched_off": _("Reminder rule switched off"),
            "day_off.added": _("Day off added"),
            "day_off.removed": _("Day off removed"),
            "delivery.resent": _("E-mail sent again"),
            "nudge.sent": _("Nudge sent"),
            "preferences.changed": _("Reminder settings changed"),
            "feed.renewed": _("Calendar link renewed"),
        },
        objects={
            "reminders.Reminder": _("Reminder"),
            "reminders.ReminderRule": _("Reminder rule"),
            "reminders.DayOff": _("Day off"),
            "reminders.Delivery": _("E-mail"),
            "reminders.Nudge": _("Nudge"),
            "reminders.Preference": _("Reminder settings"),
        },
        fields={
            "rules": _("Rules"),
            "reminders": pgettext_lazy("cycle file", "reminder rules"),
            **{
                field.name: field.verbose_name
                for field in ReminderRule._meta.concrete_fields
                if field.name in RuleValues.names()
            },
            "left_out": _("Left out"),
            "taken_from": _("Taken from"),
            "line": _("MAPO's note"),
            "recipients": _("Recipients"),
            "message_id": _("Message-ID"),
            "hour": _("Hour of the digest"),
            "muted": _("Muted"),
            "feed_number": _("Number of the calendar link"),
        },
    )
