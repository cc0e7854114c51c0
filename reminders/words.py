"""How the audit trail calls the actions, objects and fields of this app."""

from django.utils.translation import gettext_lazy as _

from audit import labels


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
            "delivery.resent": _("Mail sent again"),
            "nudge.sent": _("Nudge sent"),
            "preferences.changed": _("Reminder preferences changed"),
            "feed.renewed": _("Calendar link renewed"),
        },
        objects={
            "reminders.Reminder": _("Reminder"),
            "reminders.ReminderRule": _("Reminder rule"),
            "reminders.DayOff": _("Day off"),
            "reminders.Delivery": _("Mail"),
            "reminders.Nudge": _("Nudge"),
            "reminders.Preference": _("Reminder preferences"),
        },
        fields={
            "rules": _("Rules"),
            "what": _("date"),
            "audience": _("who is told first"),
            "first_days": _("working days from the date"),
            "every_days": _("again every so many working days"),
            "times": _("how many times more"),
            "coordinator_days": _("working days until the coordinators are told"),
            "mapo_days": _("working days until MAPO is told"),
            "is_urgent": _("goes out at once, outside the digest"),
            "left_out": _("Left out"),
            "taken_from": _("Taken from"),
            "line": _("MAPO's line"),
            "recipients": _("Recipients"),
            "message_id": _("Message-ID"),
            "hour": _("Hour of the digest"),
            "muted": _("Muted"),
            "feed_number": _("Number of the calendar link"),
        },
    )
