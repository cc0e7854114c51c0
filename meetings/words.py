"""How the audit trail calls the actions, objects and fields of this app."""

from datetime import time

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit import labels
from ui import dates


def register() -> None:
    """Register the names."""
    labels.register(
        {
            "meeting.announced": _("Meeting announced"),
            "meeting.changed": _("Meeting changed"),
            "meeting.held": _("Meeting held"),
            "meeting.attendance": _("Attendance recorded"),
            "meeting.closed": _("Minutes closed"),
            "meeting.reopened": _("Minutes reopened"),
            "meeting.postponed": _("Meeting postponed"),
            "meeting.cancelled": _("Meeting cancelled"),
            "meeting.prepared": _("Agenda prepared"),
            "decision.recorded": _("Decision of the council recorded"),
            "decision.corrected": _("Decision of the council corrected"),
            "decision.withdrawn": _("Decision of the council withdrawn"),
            "agenda.laid": _("Agenda laid before the council"),
            "agenda.point_added": _("Point added to an agenda"),
            "agenda.point_saved": _("Point of an agenda saved"),
            "agenda.point_moved": _("Point of an agenda moved"),
        },
        objects={
            "meetings.Meeting": _("Meeting"),
            "meetings.AgendaPoint": _("Point of an agenda"),
            "meetings.MeetingDecision": _("Decision of the council"),
            "meetings.LaidAgenda": _("Agenda laid before the council"),
        },
        fields={
            "number": pgettext_lazy("meeting", "number"),
            "meets_on": pgettext_lazy("meeting", "date"),
            "begins": pgettext_lazy("meeting", "time"),
            "as_at_on": _("as at"),
            "since_on": _("since"),
            "is_left_out": _("Left out as a whole"),
            "rows_left_out": _("Rows left out"),
            "item": _("Item"),
            "position": _("Place in the agenda"),
            "venue": pgettext_lazy("meeting", "venue"),
            "attendance": _("present"),
        },
        values={"begins": lambda text: dates.clock_time(time.fromisoformat(text))},
    )
