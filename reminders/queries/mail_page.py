"""One mail: each attempt with the server's words, and the reminders in it as lines. Its text is kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from audit.clock import local_date
from reminders.lines import Line, lines_of
from reminders.models import Attempt, Reminder
from reminders.news import words_of
from reminders.queries.delivery_page import (
    Filters,
    Mail,
    cut_off_label,
    doubt_about,
    mails,
    outcome_label,
    spoken,
)
from reminders.queries.sight import within_sight
from reminders.services.resending import why_not
from reminders.states import DeliveryState, Outcome

#: Tone and icon of each outcome.
_SIGNS = {
    Outcome.SENT: ("success", "check"),
    Outcome.TEMPORARY: ("warning", "hourglass"),
    Outcome.PERMANENT: ("danger", "circle-x"),
    Outcome.UNKNOWN: ("warning", "unplug"),
}


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt in words. `is_running`: a worker is at it; `is_sent_again`: a later one was accepted."""

    attempt: Attempt
    is_running: bool
    is_sent_again: bool

    @property
    def label(self) -> str:
        if self.attempt.outcome:
            return outcome_label(self.attempt.outcome, self.attempt.server_words)
        return _("Being sent") if self.is_running else cut_off_label()

    @property
    def tone(self) -> str:
        return self._sign[0]

    @property
    def icon(self) -> str:
        return self._sign[1]

    @property
    def _sign(self) -> tuple[str, str]:
        usual = ("info", "hourglass") if self.is_running else ("warning", "unplug")
        return _SIGNS[Outcome(self.attempt.outcome)] if self.attempt.outcome else usual

    @property
    def note(self) -> str:
        """What may have become of a mail whose attempt nobody saw end."""
        if self.attempt.outcome == Outcome.UNKNOWN or not (self.attempt.outcome or self.is_running):
            return doubt_about(is_sent_again=self.is_sent_again)
        return ""

    @property
    def words(self) -> str:
        return spoken(self.attempt.server_words)


@dataclass(frozen=True, slots=True)
class Said:
    """One reminder in the mail, and where MAPO sees how it stands."""

    reminder: Reminder
    line: Line

    @property
    def url(self) -> str:
        if self.reminder.assignment_id is None:
            return ""
        return reverse("recommendations:assignment", args=[self.reminder.assignment_id])


@dataclass(frozen=True, slots=True)
class MailPage:
    """The mail with everything below it; `refusal` is why it cannot be sent again now.

    Of updates above the reader's clearance nothing is said: not in `said`, and no `subject` that might. Of notices,
    which are their reader's alone, `news` says no more than a subject does. `cure_url` is
    where the reader corrects the address that the server refused for good; empty where they cannot, or it was done.
    """

    mail: Mail
    subject: str
    tries: list[Try]
    said: list[Said]
    news: list[str]
    refusal: str
    cure_url: str


def read_mail(delivery_id: int, *, user: User, now: datetime) -> MailPage | None:
    """The mail, or None where there is none. At most twelve queries, however much is in it."""
    delivery = mails(Filters(), now=now).filter(pk=delivery_id).first()
    if delivery is None:
        return None
    reminders = list(delivery.reminders.order_by("pk"))
    seen = within_sight(reminders, user=user)
    tries = _tries(delivery)
    return MailPage(
        mail=Mail(delivery),
        subject=delivery.subject if len(seen) == len(reminders) else "",
        tries=tries,
        said=_said(seen, now=now),
        news=[words_of(each.what, each.about).subject for each in delivery.notices.order_by("pk")],
        refusal=why_not(delivery, now=now),
        cure_url=_cure_url(delivery, tries, user=user),
    )


def _cure_url(delivery: Any, tries: list[Try], *, user: User) -> str:
    is_failed = delivery.state == DeliveryState.FAILED and bool(tries)
    is_refused = is_failed and tries[0].attempt.outcome == Outcome.PERMANENT
    if not (is_refused and user.is_administrator):
        return ""
    if delivery.user_id is None:
        stands = delivery.address == delivery.agency.shared_mailbox
        return reverse("accounts:edit_agency", args=[delivery.agency_id]) if stands else ""
    stands = delivery.address == delivery.user.email and delivery.user_id != user.pk
    return reverse("accounts:change_address", args=[delivery.user_id]) if stands else ""


def _tries(delivery: Any) -> list[Try]:
    attempts = list(delivery.attempts.order_by("-pk"))
    accepted = [place for place, each in enumerate(attempts) if each.outcome == Outcome.SENT]
    newest_accepted = min(accepted, default=len(attempts))
    return [
        Try(each, place == 0 and delivery.is_in_hand, newest_accepted < place)
        for place, each in enumerate(attempts)
    ]


def _said(reminders: list[Reminder], *, now: datetime) -> list[Said]:
    """The most urgent first, what was settled meanwhile last."""
    lines = lines_of(reminders, today=local_date(now))
    told = [Said(reminder, line) for reminder, line in zip(reminders, lines, strict=True)]
    return sorted(told, key=lambda each: (each.reminder.settled_at is not None, each.line.rank))
