"""MAPO's page of mails: what went out, what waits, what failed, the figures above, and when the planning last ran."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.regions import Place
from audit.clock import end_of_day, local_date
from recommendations.queries.sql import RowCount
from reminders.due.calendar import WorkCalendar, WorkCalendars
from reminders.models import Attempt, Delivery, Notice, PlanningRun, Reminder
from reminders.services.resending import resendable_failures, with_resend_status
from reminders.services.smtp import BAD_ADDRESS, NO_ADDRESS, NOT_REACHED
from reminders.states import CUT_OFF_LABEL, AttemptOutcome, DeliveryState
from ui import dates
from ui.numbers import number
from ui.query_state import read_text
from ui.typed_days import day_or_none

#: Mails on one page, and days in the list of days.
PER_PAGE, DAYS_SHOWN = 25, 14
#: The figures count what was made within so many days.
COUNTED_DAYS = 30

#: A value of the state filter that is no state: an attempt was cut off.
CUT_OFF = "cut_off"


def state_choices() -> list[tuple[str, str]]:
    """Return what the state filter offers."""
    return [
        *((str(value), str(label)) for value, label in DeliveryState.choices),
        (CUT_OFF, str(CUT_OFF_LABEL)),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFilters:
    """The filters of the list. `unknown` has a sentence for each value that was not understood and left out."""

    text: str = ""
    agency: str = ""
    day: date | None = None
    state: str = ""
    is_recent: bool = False
    unknown: tuple[str, ...] = ()

    @property
    def are_set(self) -> bool:
        return any((self.text, self.agency, self.day, self.state, self.is_recent))

    @classmethod
    def from_query(cls, query: Mapping[str, str], *, agencies: Iterable[tuple[str, str]]) -> DeliveryFilters:
        """Read `text`, `agency`, `day`, `state` and `recent` from a query string."""
        agency, state = read_text(query, "agency"), query.get("state", "")
        day = day_or_none(query.get("day", ""))
        unknown = []
        if agency and agency not in dict(agencies):
            unknown.append(_("There is no agency “%(asked)s” here.") % {"asked": agency[:40]})
            agency = ""
        if state and state not in dict(state_choices()):
            unknown.append(_("There is no status with this name."))
            state = ""
        if query.get("day") and day is None:
            unknown.append(_("The date is not valid."))
        return cls(
            text=read_text(query, "text"),
            agency=agency,
            day=day,
            state=state,
            is_recent=query.get("recent") == "1",
            unknown=tuple(unknown),
        )

    def apply(self, rows: QuerySet[Delivery], *, now: datetime) -> QuerySet[Delivery]:
        """Return the mails that fit; `rows` come from `with_resend_status`."""
        found = Q()
        if self.is_recent:
            found &= Q(made_at__gte=counted_since(now))
        if self.text:
            found &= (
                Q(user__name__icontains=self.text)
                | Q(user__email__icontains=self.text)
                | Q(address__icontains=self.text)
                | Q(agency__shared_mailbox__icontains=self.text)
            )
        if self.agency:
            found &= Q(user__agency__code=self.agency) | Q(agency__code=self.agency)
        if self.day:
            found &= Q(day=self.day)
        if self.state:
            found &= _was_cut_off() if self.state == CUT_OFF else Q(state=self.state)
        return rows.filter(found)


def counted_since(now: datetime) -> datetime:
    """Return the first instant of the days that the figures count."""
    return end_of_day(local_date(now) - timedelta(days=COUNTED_DAYS))


def list_deliveries(filters: DeliveryFilters, *, now: datetime) -> QuerySet[Any, Any]:
    """Return the mails that fit, the newest first, with what `MailRow` and `why_not_resendable` need."""
    rows = filters.apply(with_resend_status(Delivery.objects.all()), now=now)
    reminders, notices = (
        RowCount(model.objects.filter(delivery=OuterRef("pk")).order_by().values("pk"))
        for model in (Reminder, Notice)
    )
    attempts = Attempt.objects.filter(delivery=OuterRef("pk")).order_by("-pk")
    annotated = rows.annotate(
        lines_count=reminders + notices,
        cut_off_id=Subquery(attempts.filter(outcome="").reverse().values("pk")[:1]),
        accepted_id=Subquery(attempts.filter(outcome=AttemptOutcome.SENT).values("pk")[:1]),
        last_outcome=Subquery(attempts.exclude(outcome="").values("outcome")[:1]),
    )
    return annotated.select_related("user__agency", "agency").order_by("-made_at", "-pk")


def _was_cut_off() -> Q:
    """Return the condition that an attempt has no outcome and no worker holds the lease."""
    attempts = Attempt.objects.filter(delivery=OuterRef("pk"), outcome="")
    return Q(Exists(attempts), is_in_hand=False)


def count_deliveries(
    user: User, *, never_joined: QuerySet[User], not_reading: QuerySet[User], now: datetime
) -> dict[str, int]:
    """Return the figures above the list by name, in one query.

    `unpacked`: reminders that are in no mail yet; `cut_off`: recent mails of which an attempt was cut off;
    `resendable`: mails that failed and can be resent; `held_up`: mails that wait while the server cannot be reached;
    `never_joined` and `not_reading`: these people.
    """
    recent = Delivery.objects.filter(made_at__gte=counted_since(now))
    counted: dict[str, QuerySet[Any, Any]] = {
        "unpacked": Reminder.objects.open().filter(delivery=None, sent_at=None, is_muted=False),
        "cut_off": with_resend_status(recent).filter(_was_cut_off()),
        "resendable": resendable_failures(now=now),
        "held_up": _held_up(),
        "never_joined": never_joined,
        "not_reading": not_reading,
    }
    columns = {name: RowCount(rows.order_by().values("pk")) for name, rows in counted.items()}
    return dict(User.objects.filter(pk=user.pk).values(**columns).get())


def _held_up() -> QuerySet[Delivery]:
    """Return the waiting mails, if the newest attempt that asked a server reached none."""
    asked = Attempt.objects.exclude(outcome="").exclude(server_words__in=(NO_ADDRESS, BAD_ADDRESS))
    newest = asked.order_by("-pk").values("pk")[:1]
    not_reached = Attempt.objects.filter(pk=Subquery(newest), server_words__startswith=NOT_REACHED)
    return Delivery.objects.filter(Exists(not_reached), state=DeliveryState.WAITING)


def count_by_day(*, now: datetime) -> list[dict[str, Any]]:
    """Return the days of the last `COUNTED_DAYS` that had mails, the newest first. One query.

    Each has its `day` and the number of mails by state (`waiting`, `sent`, `failed`, `empty`).
    """
    rows = Delivery.objects.filter(made_at__gte=counted_since(now)).order_by("-day")
    counts = {state.value: Count("pk", filter=Q(state=state)) for state in DeliveryState}
    return [dict(row) for row in rows.values("day").annotate(**counts)]


#: Beat plans every few minutes: after so long without it something is wrong.
SILENT_AFTER = timedelta(hours=2)
#: A late day is shown for so long.
LATE_SHOWN_FOR = timedelta(days=7)


def planning_status(*, now: datetime, calendars: WorkCalendars) -> tuple[str, list[str]]:
    """Return when the planning last ran (empty if something is wrong), and warnings. One query."""
    newest = PlanningRun.objects.order_by("-pk").values("pk")[:1]
    late = PlanningRun.objects.filter(late_count__gt=0, day__gt=local_date(now) - LATE_SHOWN_FOR)
    newest_late = late.order_by("-pk").values("pk")[:1]
    found = list(PlanningRun.objects.filter(Q(pk__in=newest) | Q(pk__in=newest_late)).order_by("-pk"))
    if not found:
        return "", [_("Reminders have not been planned yet. Nothing has been sent.")]
    calendar = calendars[Place.PUTRAJAYA]
    warnings = [late_warning(each, calendar=calendar) for each in found if each.late_count]
    last = found[0].checked_at
    at = {"at": dates.day_time(last)}
    if now - last > SILENT_AFTER:
        stopped = _(
            "The planning of reminders last ran on %(at)s. Nothing new has been sent since: check that "
            "the worker and beat processes are running."
        )
        return "", [stopped % at, *warnings]
    return _("Last planned on %(at)s.") % at, warnings


def late_warning(late: PlanningRun, *, calendar: WorkCalendar) -> str:
    """Return "On 16 October, 14 reminders of 12–13 October went out up to 2 working days late."."""
    since = late.late_since or late.day
    until = max(since, calendar.last_working(late.day - timedelta(days=1)))
    days = calendar.count(since, late.day)
    late_by = ngettext("up to %(count)s working day late", "up to %(count)s working days late", days)
    sentence = ngettext(
        "On %(day)s, %(count)s reminder of %(range)s was sent %(late)s.",
        "On %(day)s, %(count)s reminders of %(range)s were sent %(late)s.",
        late.late_count,
    )
    return sentence % {
        "day": dates.day(late.day),
        "count": number(late.late_count),
        "range": dates.day_range(since, until, long=True),
        "late": late_by % {"count": number(days)},
    }
