"""What became of the mails, as MAPO sees it: what went out, what waits, what failed and in whose words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext as translated
from django.utils.translation import pgettext

from accounts.models import Agency, User
from audit.clock import end_of_day, local_date
from recommendations.queries.row_count import RowCount
from reminders.models import Attempt, Delivery, Notice, Reminder
from reminders.queries.silence import do_not_read, never_came
from reminders.services.handing_over import BAD_ADDRESS, NO_ADDRESS, NOT_REACHED
from reminders.services.resending import resendable_failures, with_chances
from reminders.states import DeliveryState, Kind, Outcome
from ui import dates

#: Mails on one page, and days in the list of days.
PER_PAGE, DAYS_SHOWN = 25, 14
#: The figures count what was made within so many days.
COUNTED_DAYS = 30
_LONGEST_TEXT = 200

#: The state of the filter that is none of a mail: one of its attempts was cut off.
CUT_OFF = "cut_off"
#: The class of the tone, and the icon, of each state.
SIGNS = {
    DeliveryState.WAITING: ("tone-info", "hourglass"),
    DeliveryState.SENT: ("tone-success", "check"),
    DeliveryState.FAILED: ("tone-danger", "circle-x"),
    DeliveryState.EMPTY: ("tone-quiet", "circle-check"),
}


def state_choices() -> list[tuple[str, str]]:
    """What the filter offers."""
    return [*((str(value), str(label)) for value, label in DeliveryState.choices), (CUT_OFF, cut_off_label())]


def cut_off_label() -> str:
    return pgettext("mail", "Broken off in the middle")


def outcome_label(outcome: str, words: str) -> str:
    """How an attempt ended, the same in the list and on the page of the mail."""
    if words.startswith(NOT_REACHED):
        return pgettext("attempt", "Mail server not reached")
    return str(Outcome(outcome).label)


def doubt_about(*, is_sent_again: bool) -> str:
    """What may have become of a mail whose attempt nobody saw end."""
    if is_sent_again:
        return _("It may have arrived all the same; it was then sent again, so perhaps twice.")
    return _("It may have arrived all the same.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the address asks for. `unknown` says in a sentence what names nothing; that filter is then left out."""

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
    def read(cls, query: Mapping[str, str], *, agencies: Iterable[tuple[str, str]]) -> Filters:
        """Read `text`, `agency`, `day`, `state` and `recent` from an address."""
        unknown: list[str] = []
        agency = query.get("agency", "").replace("\0", "")
        if agency and agency not in dict(agencies):
            unknown.append(_("No agency “%(asked)s” stands here.") % {"asked": agency[:40]})
            agency = ""
        state = query.get("state", "")
        if state and state not in dict(state_choices()):
            unknown.append(_("There is no state of this name."))
            state = ""
        day = _day(query.get("day", ""))
        if query.get("day") and day is None:
            unknown.append(_("The day was not understood."))
        text = query.get("text", "").replace("\0", "").strip()[:_LONGEST_TEXT]
        is_recent = query.get("recent") == "1"
        facts: dict[str, Any] = {"text": text, "agency": agency, "day": day, "state": state}
        return cls(**facts, is_recent=is_recent, unknown=tuple(unknown))

    def narrow(self, rows: QuerySet[Delivery], *, now: datetime) -> QuerySet[Delivery]:
        """Those that fit, of mails with their chances."""
        if self.is_recent:
            rows = rows.filter(made_at__gte=counted_since(now))
        if self.text:
            rows = rows.filter(
                Q(user__name__icontains=self.text)
                | Q(user__email__icontains=self.text)
                | Q(address__icontains=self.text)
                | Q(agency__shared_mailbox__icontains=self.text)
            )
        if self.agency:
            rows = rows.filter(Q(user__agency__code=self.agency) | Q(agency__code=self.agency))
        if self.day:
            rows = rows.filter(day=self.day)
        if self.state == CUT_OFF:
            return rows.filter(_was_cut_off())
        return rows.filter(state=self.state) if self.state else rows


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2023-09-14") else None
    except ValueError:
        return None


def counted_since(now: datetime) -> datetime:
    """The first instant of the days that the figures count."""
    return end_of_day(local_date(now) - timedelta(days=COUNTED_DAYS))


def mails(filters: Filters, *, now: datetime) -> QuerySet[Any, Any]:
    """The mails that fit, the newest first."""
    rows = filters.narrow(with_chances(Delivery.objects.all()), now=now)
    lines, news = (
        RowCount(model.objects.filter(delivery=OuterRef("pk")).order_by().values("pk"))
        for model in (Reminder, Notice)
    )
    attempts = Attempt.objects.filter(delivery=OuterRef("pk")).order_by("-pk")
    told = rows.annotate(
        lines_count=lines + news,
        cut_off_id=Subquery(attempts.filter(outcome="").reverse().values("pk")[:1]),
        accepted_id=Subquery(attempts.filter(outcome=Outcome.SENT).values("pk")[:1]),
        last_outcome=Subquery(attempts.exclude(outcome="").values("outcome")[:1]),
    )
    return told.select_related("user__agency", "agency").order_by("-made_at", "-pk")


def _was_cut_off() -> Q:
    """One of its attempts has no outcome, and no worker has it in hand."""
    attempts = Attempt.objects.filter(delivery=OuterRef("pk"), outcome="")
    return Q(Exists(attempts), is_in_hand=False)


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail in words."""

    delivery: Any

    @property
    def is_to_person(self) -> bool:
        return self.delivery.user is not None

    @property
    def name(self) -> str:
        """The person, or what the mailbox is."""
        if self.is_to_person:
            return str(self.delivery.user.name)
        return _("Shared mailbox of %(agency)s") % {"agency": self.delivery.agency.code}

    @property
    def agency(self) -> Agency:
        found: Agency = self.delivery.user.agency if self.is_to_person else self.delivery.agency
        return found

    @property
    def address(self) -> str:
        """Where it went, or would go now."""
        now = self.delivery.user.email if self.is_to_person else self.delivery.agency.shared_mailbox
        return str(self.delivery.address or now)

    @property
    def tone(self) -> str:
        return SIGNS[self.delivery.state][0]

    @property
    def icon(self) -> str:
        return SIGNS[self.delivery.state][1]

    @property
    def told(self) -> str:
        """When it went or ended, or when it is tried and why then."""
        delivery = self.delivery
        if delivery.state == DeliveryState.WAITING:
            return _waits(delivery)
        at = _moment(delivery, delivery.settled_at)
        if delivery.state == DeliveryState.EMPTY and delivery.kind == Kind.NEWS:
            return _("By %(at)s it had been read in Jejak, or its reader had left: nothing was sent.") % {
                "at": at
            }
        if delivery.state == DeliveryState.EMPTY:
            return _("Everything in it was done by %(at)s, so nothing was sent.") % {"at": at}
        if delivery.state == DeliveryState.FAILED and delivery.last_outcome != Outcome.PERMANENT:
            return _("Given up, %(at)s.") % {"at": at}
        outcome = Outcome.SENT if delivery.state == DeliveryState.SENT else Outcome.PERMANENT
        return _("%(outcome)s, %(at)s.") % {"outcome": outcome.label, "at": at}

    @property
    def words(self) -> str:
        """What the server last said, to the letter; nothing where `told` says the whole of it."""
        words, state = self.delivery.server_words, self.delivery.state
        is_told = state == DeliveryState.WAITING and words.startswith(NOT_REACHED)
        return "" if is_told or state == DeliveryState.SENT else spoken(words)

    @property
    def was_cut_off(self) -> bool:
        """An attempt has no outcome though nobody is at it: it may have arrived all the same."""
        return self.delivery.cut_off_id is not None and not self.delivery.is_in_hand

    @property
    def doubt(self) -> str:
        """What that means for the mail: an attempt that was accepted later sent it again."""
        return doubt_about(is_sent_again=(self.delivery.accepted_id or 0) > self.delivery.cut_off_id)


def _waits(delivery: Any) -> str:
    if delivery.is_in_hand:
        return _("It is being sent at this moment.")
    at = _moment(delivery, delivery.next_attempt_at)
    tried = delivery.attempts_count + (delivery.cut_off_id is not None)
    is_news = delivery.kind == Kind.NEWS
    if not tried and is_news:
        return _("Ready since %(at)s; goes out at the next turn.") % {"at": at}
    if not tried:
        return _("Ready since %(at)s; goes out in the working hours of the recipient.") % {"at": at}
    told = {
        "outcome": outcome_label(delivery.last_outcome, delivery.server_words)
        if delivery.last_outcome
        else cut_off_label(),
        "count": tried,
        "at": at,
    }
    if is_news:
        return _("%(outcome)s (attempts so far: %(count)s). Next attempt from %(at)s.") % told
    return _("%(outcome)s (attempts so far: %(count)s). Next attempt from %(at)s, in working hours.") % told


def _moment(delivery: Delivery, at: datetime) -> str:
    """When: the hour alone on the mail's own day."""
    return dates.time_of_day(at) if local_date(at) == delivery.day else dates.day_time(at)


def spoken(words: str) -> str:
    """The words of the server as they came; our own, where no server was asked, in the reader's language."""
    for own in (NO_ADDRESS, BAD_ADDRESS, NOT_REACHED):
        if words.startswith(own):
            return translated(own) + words[len(own) :]
    return words


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures. `unpacked` are reminders that no mail carries yet, `resendable` mails that failed and can go again.

    `held_up` are the mails that wait while the server cannot be reached; none when it answered last.
    """

    unpacked: int
    cut_off: int
    resendable: int
    held_up: int
    never_came: int
    not_reading: int


def read_counts(user: User, *, unread_before: datetime, now: datetime) -> Counts:
    """All of them in one query."""
    recent = Delivery.objects.filter(made_at__gte=counted_since(now))
    cut_off = with_chances(recent).filter(_was_cut_off())
    unpacked = Reminder.objects.standing().filter(delivery=None, sent_at=None, is_muted=False)
    counted: tuple[QuerySet[Any, Any], ...] = (
        unpacked,
        cut_off,
        resendable_failures(now=now),
        _held_up(),
        never_came(),
        do_not_read(before=unread_before, reader=user),
    )
    subqueries = (RowCount(rows.order_by().values("pk")) for rows in counted)
    return Counts(*User.objects.filter(pk=user.pk).values_list(*subqueries).get())


def _held_up() -> QuerySet[Delivery]:
    """What waits, where the newest attempt that asked a server found none."""
    asked = Attempt.objects.exclude(outcome="").exclude(server_words__in=(NO_ADDRESS, BAD_ADDRESS))
    newest = asked.order_by("-pk").values("pk")[:1]
    not_reached = Attempt.objects.filter(pk=Subquery(newest), server_words__startswith=NOT_REACHED)
    return Delivery.objects.filter(Exists(not_reached), state=DeliveryState.WAITING)


@dataclass(frozen=True, slots=True)
class DayCount:
    """The mails of one day by state, in the order of `DeliveryState`."""

    day: date
    waiting: int
    sent: int
    failed: int
    empty: int


def read_days(*, now: datetime) -> list[DayCount]:
    """The days of the last `COUNTED_DAYS` that had mails, the newest first. One query."""
    rows = Delivery.objects.filter(made_at__gte=counted_since(now)).order_by("-day")
    counts = {state.value: Count("pk", filter=Q(state=state)) for state in DeliveryState}
    names = ("day", *counts)
    return [DayCount(*facts) for facts in rows.values("day").annotate(**counts).values_list(*names)]
