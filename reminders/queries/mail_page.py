"""Mails in words: what became of them, what the server said, and one mail with its attempts and reminders."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext as translate
from django.utils.translation import pgettext

from accounts.models import Agency, User
from audit.clock import local_date
from reminders.messages.details import load_details
from reminders.messages.notices import subject_of
from reminders.messages.wording import describe
from reminders.models import Attempt, Delivery
from reminders.queries.clearance import within_clearance
from reminders.services.resending import why_not_resendable
from reminders.services.smtp import BAD_ADDRESS, NO_ADDRESS, NOT_REACHED
from reminders.states import CUT_OFF_LABEL, AttemptOutcome, DeliveryState, MailKind
from ui import dates


class Sign(NamedTuple):
    """How a page marks a state: by colour and icon, beside its name."""

    tone: str
    icon: str


_SIGNS = {
    DeliveryState.WAITING: Sign("info", "hourglass"),
    DeliveryState.SENT: Sign("success", "check"),
    DeliveryState.FAILED: Sign("danger", "circle-x"),
    DeliveryState.EMPTY: Sign("quiet", "circle-check"),
}


def outcome_label(outcome: str, server_words: str) -> str:
    """Return how an attempt ended."""
    if server_words.startswith(NOT_REACHED):
        return pgettext("attempt", "Mail server not reached")
    return str(AttemptOutcome(outcome).label)


def doubt_about(*, is_sent_again: bool) -> str:
    """Return what may have become of a mail whose attempt has no outcome."""
    if is_sent_again:
        return _("It may have arrived anyway; it was then sent again, so perhaps twice.")
    return _("It may have arrived anyway.")


def translate_words(server_words: str) -> str:
    """Return the words of the server as they are; our own, where no server was asked, in the reader's language."""
    for own in (NO_ADDRESS, BAD_ADDRESS, NOT_REACHED):
        if server_words.startswith(own):
            return translate(own) + server_words[len(own) :]
    return server_words


@dataclass(frozen=True, slots=True)
class MailRow:
    """One mail in words. `delivery` has the annotations of `queries.deliveries.list_deliveries`."""

    delivery: Any

    @property
    def is_to_person(self) -> bool:
        return self.delivery.user is not None

    @property
    def name(self) -> str:
        """The person, or which shared mailbox it is."""
        if self.is_to_person:
            return str(self.delivery.user.name)
        return _("Shared mailbox of %(agency)s") % {"agency": self.delivery.agency.code}

    @property
    def agency(self) -> Agency:
        found: Agency = self.delivery.user.agency if self.is_to_person else self.delivery.agency
        return found

    @property
    def address(self) -> str:
        """Where it was sent, or would be sent now."""
        now = self.delivery.user.email if self.is_to_person else self.delivery.agency.shared_mailbox
        return str(self.delivery.address or now)

    @property
    def sign(self) -> Sign:
        return _SIGNS[self.delivery.state]

    @property
    def status(self) -> str:
        """When it was sent or ended; or when the next attempt is, and why then."""
        delivery = self.delivery
        if delivery.state == DeliveryState.WAITING:
            return _waiting_status(delivery)
        at = _moment(delivery, delivery.settled_at)
        if delivery.state == DeliveryState.EMPTY:
            return _empty_status(delivery) % {"at": at}
        if delivery.state == DeliveryState.FAILED and delivery.last_outcome != AttemptOutcome.PERMANENT:
            return _("Given up, %(at)s.") % {"at": at}
        is_sent = delivery.state == DeliveryState.SENT
        outcome = AttemptOutcome.SENT if is_sent else AttemptOutcome.PERMANENT
        return _("%(outcome)s, %(at)s.") % {"outcome": outcome.label, "at": at}

    @property
    def words(self) -> str:
        """What the server said last, word for word; empty if `status` says all of it."""
        words, state = self.delivery.server_words, self.delivery.state
        is_in_status = state == DeliveryState.WAITING and words.startswith(NOT_REACHED)
        return "" if is_in_status or state == DeliveryState.SENT else translate_words(words)

    @property
    def was_cut_off(self) -> bool:
        """Whether an attempt has no outcome and no worker is at it: the mail may have arrived all the same."""
        return self.delivery.cut_off_id is not None and not self.delivery.is_in_hand

    @property
    def doubt(self) -> str:
        """What being cut off means for the mail: an attempt that was accepted later sent it again."""
        return doubt_about(is_sent_again=(self.delivery.accepted_id or 0) > self.delivery.cut_off_id)


def _empty_status(delivery: Any) -> str:
    if delivery.kind == MailKind.NEWS:
        return _("By %(at)s it had been read in Jejak, or its recipient was deactivated: nothing was sent.")
    return _("Everything in it was done by %(at)s, so nothing was sent.")


def _waiting_status(delivery: Any) -> str:
    if delivery.is_in_hand:
        return _("It is being sent at this moment.")
    is_news = delivery.kind == MailKind.NEWS
    tried = delivery.attempts_count + (delivery.cut_off_id is not None)
    words = {"at": _moment(delivery, delivery.next_attempt_at), "count": tried}
    if not tried and is_news:
        return _("Ready since %(at)s; will be sent in the next run.") % words
    if not tried:
        return _("Ready since %(at)s; will be sent in the recipient’s working hours.") % words
    words["outcome"] = (
        outcome_label(delivery.last_outcome, delivery.server_words)
        if delivery.last_outcome
        else str(CUT_OFF_LABEL)
    )
    if is_news:
        return _("%(outcome)s (attempts so far: %(count)s). Next attempt from %(at)s.") % words
    return _("%(outcome)s (attempts so far: %(count)s). Next attempt from %(at)s, in working hours.") % words


def _moment(delivery: Delivery, at: datetime) -> str:
    """Return an instant in words: only the time on the mail's own day."""
    return dates.time_of_day(at) if local_date(at) == delivery.day else dates.day_time(at)


#: By outcome; without one the attempt was cut off.
_ATTEMPT_SIGNS = {
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
        return _("Being sent") if self.is_running else str(CUT_OFF_LABEL)

    @property
    def sign(self) -> Sign:
        is_open = self.is_running and not self.attempt.outcome
        return Sign("info", "hourglass") if is_open else _ATTEMPT_SIGNS[self.attempt.outcome]

    @property
    def note(self) -> str:
        """What may have become of the mail if nobody saw the attempt end."""
        if self.attempt.outcome == AttemptOutcome.UNKNOWN or not (self.attempt.outcome or self.is_running):
            return doubt_about(is_sent_again=self.is_sent_again)
        return ""

    @property
    def words(self) -> str:
        return translate_words(self.attempt.server_words)


def load_mail(delivery: Any, *, user: User, now: datetime) -> dict[str, Any]:
    """Return the context of the page of a mail from `list_deliveries`. At most twelve queries, however much is in it.

    Reminders about updates above the reader's clearance are left out of `reminders`, and then there is no `subject`,
    which might mention them. Of notices, which are their reader's alone, `notices` has the subjects only. `refusal`
    says why the mail cannot be resent now. `address_url` is where the reader corrects the address that the server
    refused for good; empty if they may not, or if it was corrected.
    """
    reminders = list(delivery.reminders.order_by("pk"))
    visible = within_clearance(reminders, user=user)
    attempts = _attempts(delivery)
    texts = [describe(details, today=local_date(now)) for details in load_details(visible)]
    in_words = [{"reminder": each, "text": text} for each, text in zip(visible, texts, strict=True)]
    return {
        "subject": delivery.subject if len(visible) == len(reminders) else "",
        "attempts": attempts,
        # The most urgent first, those settled meanwhile last.
        "reminders": sorted(
            in_words, key=lambda each: (each["reminder"].settled_at is not None, each["text"].rank)
        ),
        "notices": [subject_of(each.what) for each in delivery.notices.order_by("pk")],
        "refusal": why_not_resendable(delivery, now=now),
        "address_url": _address_url(delivery, attempts, user=user),
    }


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
