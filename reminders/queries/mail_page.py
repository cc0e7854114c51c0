"""One mail: its attempts with the server's words, and the reminders in it. Its text is not stored."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from audit.clock import local_date
from reminders.messages.details import load_details
from reminders.messages.notices import subject_of
from reminders.messages.wording import ReminderText, describe
from reminders.models.delivery import Attempt
from reminders.models.reminder import Reminder
from reminders.queries.clearance import within_clearance
from reminders.queries.delivery_wording import (
    MailRow,
    Sign,
    cut_off_label,
    doubt_about,
    outcome_label,
    translate_words,
)
from reminders.services.resending import why_not_resendable
from reminders.states import AttemptOutcome, DeliveryState

#: By outcome; without one the attempt was cut off.
_SIGNS = {
    "": Sign("warning", "unplug"),
    AttemptOutcome.SENT: Sign("success", "check"),
    AttemptOutcome.TEMPORARY: Sign("warning", "hourglass"),
    AttemptOutcome.PERMANENT: Sign("danger", "circle-x"),
    AttemptOutcome.UNKNOWN: Sign("warning", "unplug"),
}


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One attempt in words. `is_running`: a worker is at it; `is_sent_again`: a later attempt was accepted."""

    attempt: Attempt
    is_running: bool
    is_sent_again: bool

    @property
    def label(self) -> str:
        if self.attempt.outcome:
            return outcome_label(self.attempt.outcome, self.attempt.server_words)
        return _("Being sent") if self.is_running else cut_off_label()

    @property
    def sign(self) -> Sign:
        is_open = self.is_running and not self.attempt.outcome
        return Sign("info", "hourglass") if is_open else _SIGNS[self.attempt.outcome]

    @property
    def note(self) -> str:
        """What may have become of the mail if nobody saw the attempt end."""
        if self.attempt.outcome == AttemptOutcome.UNKNOWN or not (self.attempt.outcome or self.is_running):
            return doubt_about(is_sent_again=self.is_sent_again)
        return ""

    @property
    def words(self) -> str:
        return translate_words(self.attempt.server_words)


class MailReminder(NamedTuple):
    """One reminder in the mail, and its text."""

    reminder: Reminder
    text: ReminderText


@dataclass(frozen=True, slots=True)
class MailPage:
    """A mail with its attempts and what it says.

    Reminders about updates above the reader's clearance are left out of `reminders`, and then there is no `subject`,
    which might mention them. Of notices, which are their reader's alone, `notices` has the subjects only. `refusal`
    says why the mail cannot be resent now. `address_url` is where the reader corrects the address that the server
    refused for good; empty if they may not, or if it was corrected.
    """

    mail: MailRow
    subject: str
    attempts: list[AttemptRow]
    reminders: list[MailReminder]
    notices: list[str]
    refusal: str
    address_url: str


def load_mail(delivery: Any, *, user: User, now: datetime) -> MailPage:
    """Return the page of a mail from `list_deliveries`. At most twelve queries, however much is in it."""
    reminders = list(delivery.reminders.order_by("pk"))
    visible = within_clearance(reminders, user=user)
    attempts = _attempts(delivery)
    return MailPage(
        mail=MailRow(delivery),
        subject=delivery.subject if len(visible) == len(reminders) else "",
        attempts=attempts,
        reminders=_reminders(visible, now=now),
        notices=[subject_of(each.what) for each in delivery.notices.order_by("pk")],
        refusal=why_not_resendable(delivery, now=now),
        address_url=_address_url(delivery, attempts, user=user),
    )


def _address_url(delivery: Any, attempts: list[AttemptRow], *, user: User) -> str:
    is_failed = delivery.state == DeliveryState.FAILED and bool(attempts)
    is_refused = is_failed and attempts[0].attempt.outcome == AttemptOutcome.PERMANENT
    if not (is_refused and user.is_administrator):
        return ""
    if delivery.user_id is None:
        is_same = delivery.address == delivery.agency.shared_mailbox
        return reverse("accounts:edit_agency", args=[delivery.agency_id]) if is_same else ""
    is_same = delivery.address == delivery.user.email and delivery.user_id != user.pk
    return reverse("accounts:change_address", args=[delivery.user_id]) if is_same else ""


def _attempts(delivery: Any) -> list[AttemptRow]:
    """Return the attempts, the newest first."""
    attempts = list(delivery.attempts.order_by("-pk"))
    accepted = [place for place, each in enumerate(attempts) if each.outcome == AttemptOutcome.SENT]
    newest_accepted = min(accepted, default=len(attempts))
    return [
        AttemptRow(each, place == 0 and delivery.is_in_hand, newest_accepted < place)
        for place, each in enumerate(attempts)
    ]


def _reminders(reminders: list[Reminder], *, now: datetime) -> list[MailReminder]:
    """Return the reminders in words, the most urgent first, those settled meanwhile last."""
    texts = [describe(details, today=local_date(now)) for details in load_details(reminders)]
    found = [MailReminder(reminder, text) for reminder, text in zip(reminders, texts, strict=True)]
    return sorted(found, key=lambda each: (each.reminder.settled_at is not None, each.text.rank))
