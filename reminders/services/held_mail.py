"""The release of mail that was held back after a restore, with the mails that waited or without them."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from backups.services import mail_switch
from reminders.models import Delivery
from reminders.states import DeliveryState

#: What appears beside a mail that was given up, in the place of a server's words.
GIVEN_UP = "Given up by whoever released e-mail after a restore."


@transaction.atomic
def release(*, actor: User | None, give_up: bool, now: datetime) -> int:
    """Let mail leave again; with `give_up` not the mails that wait. Return how many were given up.

    They count as failed, so that *Reminders* shows them and can send each again. Raises `NotAllowed` and `NotNow`.
    """
    waiting = Delivery.objects.filter(state=DeliveryState.WAITING).order_by("pk").select_for_update()
    ids = list(waiting.values_list("pk", flat=True)) if give_up else []
    # The event comes first: it vouches for the change.
    mail_switch.release_mail(actor=actor, not_sent=len(ids), now=now)
    Delivery.objects.filter(pk__in=ids).update(
        state=DeliveryState.FAILED, settled_at=now, leased_until=None, server_words=GIVEN_UP
    )
    return len(ids)
