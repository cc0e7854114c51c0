"""When the planning last ran, and whether something went out late: what MAPO must know before all else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.places import Place
from audit.clock import local_date
from reminders.calendars import Calendar, Calendars
from reminders.models import Round
from ui import dates
from ui.numbers import number

#: The beat plans every few minutes: after so long without it something is wrong.
SILENT_AFTER = timedelta(hours=2)
#: So long a late day is told.
TOLD_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Planning:
    """What to say of the planning: when it last ran, and what is wrong."""

    last_run: str
    warnings: list[str]


def read_planning(*, now: datetime, calendars: Calendars) -> Planning:
    """The newest run, and the newest of this week that was late. One query."""
    newest = Round.objects.order_by("-pk").values("pk")[:1]
    late = Round.objects.filter(late_count__gt=0, day__gt=local_date(now) - TOLD_FOR)
    newest_late = late.order_by("-pk").values("pk")[:1]
    found = list(Round.objects.filter(Q(pk__in=newest) | Q(pk__in=newest_late)).order_by("-pk"))
    calendar = calendars[Place.PUTRAJAYA]
    told = [late_words(each, calendar=calendar) for each in found if each.late_count]
    if not found:
        return Planning("", [_("The planning of reminders has never run. Nothing has been sent.")])
    last = found[0].checked_at
    at = {"at": dates.day_time(last)}
    if now - last > SILENT_AFTER:
        stands = _(
            "The planning of reminders last ran on %(at)s. Nothing new has gone out since: see whether the worker "
            "and the beat run."
        )
        return Planning("", [stands % at, *told])
    return Planning(_("Last planned on %(at)s.") % at, told)


def late_words(late: Round, *, calendar: Calendar) -> str:
    """On 16 October, 14 reminders of 12–13 October went out 2 working days late."""
    since = late.late_since or late.day
    until = max(since, calendar.last_working(late.day - timedelta(days=1)))
    told = ngettext(
        "On %(day)s, %(count)s reminder of %(range)s went out %(late)s.",
        "On %(day)s, %(count)s reminders of %(range)s went out %(late)s.",
        late.late_count,
    )
    return told % {
        "day": dates.day(late.day),
        "count": number(late.late_count),
        "range": dates.day_range(since, until, long=True),
        "late": _late_by(working_days_between(since, late.day, calendar=calendar)),
    }


def _late_by(count: int) -> str:
    told = ngettext("up to %(count)s working day late", "up to %(count)s working days late", count)
    return told % {"count": number(count)}


def working_days_between(since: date, day: date, *, calendar: Calendar) -> int:
    """How many working days lie after one day, up to and with another."""
    days = (since + timedelta(days=ahead) for ahead in range(1, (day - since).days + 1))
    return sum(calendar.is_working(each) for each in days)
