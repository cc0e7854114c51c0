"""The release of mail that was held back after a restore, with the mails that waited or without them."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.services.asked_mails import give_up_asked_mails, waiting_asked_mails
from backups.services import mail_switch
from reminders.models import Delivery
from reminders.states import DeliveryState

#: What appears beside a mail that was given up, in the place of a server's words.
GIVEN_UP = "Given up by whoever released e-mail after a restore."


@dataclass(frozen=True, slots=True)
class WaitingMails:
    """How many mails wait or were given up: reminders and notices, and mails about signing in."""

    deliveries: int = 0
    about_signing_in: int = 0

    @property
    def count(self) -> int:
        """All of them."""
        return self.deliveries + self.about_signing_in


def waiting_mails() -> WaitingMails:
    """Return how many mails leave once e-mail is released."""
    waiting = Delivery.objects.filter(state=DeliveryState.WAITING)
    return WaitingMails(waiting.count(), waiting_asked_mails().count())


@transaction.atomic
def release(*, actor: User | None, give_up: bool, now: datetime) -> WaitingMails:
    """Let mail leave again; with `give_up` not the mails that wait. Return how many were given up.

    Reminders and notices count as failed, so that *Reminders* shows them and can send each again; mails about signing in are
    marked. Raises `NotAllowed` and `NotNow`.
    """
    waiting = Delivery.objects.filter(state=DeliveryState.WAITING).order_by("pk").select_for_update()
    ids = list(waiting.values_list("pk", flat=True)) if give_up else []
    given_up = WaitingMails(len(ids), give_up_asked_mails()) if give_up else WaitingMails()
    # The event comes first: it vouches for the change.
    mail_switch.release_mail(actor=actor, not_sent=given_up.count, now=now)
    Delivery.objects.filter(pk__in=ids).update(
        state=DeliveryState.FAILED, settled_at=now, leased_until=None, server_words=GIVEN_UP
    )
    return given_up
