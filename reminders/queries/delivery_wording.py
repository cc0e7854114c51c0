"""Mails in words: what became of them, and what the server said."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext as translate
from django.utils.translation import pgettext

from accounts.models import Agency
from audit.clock import local_date
from reminders.models.delivery import Delivery
from reminders.services.smtp import BAD_ADDRESS, NO_ADDRESS, NOT_REACHED
from reminders.states import AttemptOutcome, DeliveryState, MailKind
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


def cut_off_label() -> str:
    """Return how an attempt is called that has no outcome."""
    return pgettext("mail", "Broken off in the middle")


def outcome_label(outcome: str, server_words: str) -> str:
    """Return how an attempt ended."""
    if server_words.startswith(NOT_REACHED):
        return pgettext("attempt", "Mail server not reached")
    return str(AttemptOutcome(outcome).label)


def doubt_about(*, is_sent_again: bool) -> str:
    """Return what may have become of a mail whose attempt has no outcome."""
    if is_sent_again:
        return _("It may have arrived all the same; it was then sent again, so perhaps twice.")
    return _("It may have arrived all the same.")


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
        return _("By %(at)s it had been read in Jejak, or its reader had left: nothing was sent.")
    return _("Everything in it was done by %(at)s, so nothing was sent.")


def _waiting_status(delivery: Any) -> str:
    if delivery.is_in_hand:
        return _("It is being sent at this moment.")
    is_news = delivery.kind == MailKind.NEWS
    tried = delivery.attempts_count + (delivery.cut_off_id is not None)
    words = {"at": _moment(delivery, delivery.next_attempt_at), "count": tried}
    if not tried and is_news:
        return _("Ready since %(at)s; goes out at the next turn.") % words
    if not tried:
        return _("Ready since %(at)s; goes out in the working hours of the recipient.") % words
    words["outcome"] = (
        outcome_label(delivery.last_outcome, delivery.server_words)
        if delivery.last_outcome
        else cut_off_label()
    )
    if is_news:
        return _("%(outcome)s (attempts so far: %(count)s). Next attempt from %(at)s.") % words
    return _("%(outcome)s (attempts so far: %(count)s). Next attempt from %(at)s, in working hours.") % words


def _moment(delivery: Delivery, at: datetime) -> str:
    """Return an instant in words: only the time on the mail's own day."""
    return dates.time_of_day(at) if local_date(at) == delivery.day else dates.day_time(at)
