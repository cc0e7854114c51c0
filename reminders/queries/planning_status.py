"""When the planning last ran, and whether something went out late: shown to MAPO above the mails."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.places import Place
from audit.clock import local_date
from reminders.due.calendar import WorkCalendar, WorkCalendars
from reminders.models.round import Round
from ui import dates
from ui.numbers import number

#: Beat plans every few minutes: after so long without it something is wrong.
SILENT_AFTER = timedelta(hours=2)
#: A late day is shown for so long.
LATE_SHOWN_FOR = timedelta(days=7)


def planning_status(*, now: datetime, calendars: WorkCalendars) -> tuple[str, list[str]]:
    """Return when the planning last ran (empty if something is wrong), and warnings. One query."""
    newest = Round.objects.order_by("-pk").values("pk")[:1]
    late = Round.objects.filter(late_count__gt=0, day__gt=local_date(now) - LATE_SHOWN_FOR)
    newest_late = late.order_by("-pk").values("pk")[:1]
    found = list(Round.objects.filter(Q(pk__in=newest) | Q(pk__in=newest_late)).order_by("-pk"))
    if not found:
        return "", [_("The planning of reminders has never run. Nothing has been sent.")]
    calendar = calendars[Place.PUTRAJAYA]
    warnings = [late_warning(each, calendar=calendar) for each in found if each.late_count]
    last = found[0].checked_at
    at = {"at": dates.day_time(last)}
    if now - last > SILENT_AFTER:
        stopped = _(
            "The planning of reminders last ran on %(at)s. Nothing new has gone out since: see whether the worker "
            "and the beat run."
        )
        return "", [stopped % at, *warnings]
    return _("Last planned on %(at)s.") % at, warnings


def late_warning(late: Round, *, calendar: WorkCalendar) -> str:
    """Return "On 16 October, 14 reminders of 12–13 October went out up to 2 working days late."."""
    since = late.late_since or late.day
    until = max(since, calendar.last_working(late.day - timedelta(days=1)))
    days = calendar.count(since, late.day)
    late_by = ngettext("up to %(count)s working day late", "up to %(count)s working days late", days)
    sentence = ngettext(
        "On %(day)s, %(count)s reminder of %(range)s went out %(late)s.",
        "On %(day)s, %(count)s reminders of %(range)s went out %(late)s.",
        late.late_count,
    )
    return sentence % {
        "day": dates.day(late.day),
        "count": number(late.late_count),
        "range": dates.day_range(since, until, long=True),
        "late": late_by % {"count": number(days)},
    }
