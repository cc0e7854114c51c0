"""How the audit trail calls the actions, objects and fields of this app."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit import labels


def register() -> None:
    """Register the names."""
    labels.register(
        {
            "meeting.announced": _("Meeting announced"),
            "meeting.changed": _("Meeting changed"),
            "meeting.held": _("Meeting held"),
            "meeting.closed": _("Minutes closed"),
            "meeting.reopened": _("Minutes reopened"),
            "meeting.postponed": _("Meeting postponed"),
            "meeting.cancelled": _("Meeting cancelled"),
        },
        objects={"meetings.Meeting": _("Meeting")},
        fields={
            "number": pgettext_lazy("meeting", "number"),
            "meets_on": pgettext_lazy("meeting", "date"),
            "begins": pgettext_lazy("meeting", "time"),
            "venue": pgettext_lazy("meeting", "venue"),
        },
    )
