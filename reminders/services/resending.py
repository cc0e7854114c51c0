"""MAPO resends mails: after an outage, or when an address was corrected."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import (
    Case,
    DateTimeField,
    Exists,
    Func,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.utils.translation import gettext as _

from accounts.models import User
from audit.acts import require
from audit.errors import NotNow
from audit.services import record
from recommendations.permissions import may_steer
from reminders.mails.content import site_host
from reminders.models import Attempt, Delivery, Notice, Reminder
from reminders.states import DeliveryState, MailKind

#: The earliest time after which the same mail can be resent again.
AGAIN_AFTER = timedelta(hours=1)
#: What older failed mails said, newer ones have said since: they can only be resent one by one.
RECENT = timedelta(days=30)
#: The most mails that one act resends; the next act takes the rest.
MAX_AT_ONCE = 1_000
#: The states in which a mail can be resent.
_SETTLED = (DeliveryState.SENT, DeliveryState.FAILED)


@transaction.atomic
def resend(delivery: Delivery, *, actor: User, now: datetime) -> Delivery:
    """Queue a mail that was sent, or failed for good, to be sent again under a new Message-ID.

    With the old one, servers would drop it as a copy. Its text is made anew at the moment of sending, from what still
    stands. Raises `NotNow` with the reason if it cannot be resent (see `why_not_resendable`).
    """
    require(may_steer(actor))
    locked = with_resend_status(Delivery.objects.filter(pk=delivery.pk)).select_for_update(
        no_key=True, of=("self",)
    )
    current = locked.select_related("user", "agency").get()
    refusal = why_not_resendable(current, now=now)
    if refusal:
        raise NotNow(refusal)
    _requeue(current, actor=actor, now=now)
    return current


@transaction.atomic
def resend_failed(*, actor: User, now: datetime) -> int:
    """Queue the mails that failed for good and can be resent; return how many mails that makes.

    At most `MAX_AT_ONCE`, the newest first. A recipient gets one mail of reminders and one of notices: the newest of
    each takes along what the others said.
    """
    require(may_steer(actor))
    ids = list(
        resendable_failures(now=now).order_by("-made_at", "-pk").values_list("pk", flat=True)[:MAX_AT_ONCE]
    )
    rows = resendable_failures(now=now).filter(pk__in=ids).order_by("pk")
    locked = rows.select_for_update(no_key=True, of=("self",)).select_related("user", "agency")
    newest = {(delivery.recipient, delivery.kind == MailKind.NEWS): delivery for delivery in locked}
    for (recipient, is_news), delivery in newest.items():
        _requeue(delivery, actor=actor, now=now)
        others = Delivery.objects.filter(pk__in=ids, recipient=recipient).exclude(pk=delivery.pk)
        if is_news:
            Notice.objects.unread().filter(delivery__in=others).update(delivery=delivery)
        else:
            Reminder.objects.filter(delivery__in=others, sent_at=None).update(delivery=delivery)
    return len(newest)


def with_resend_status(rows: QuerySet[Delivery]) -> QuerySet[Any, Any]:
    """Annotate what `why_not_resendable` needs.

    `still_says`: something in it still stands; `is_in_hand`: a worker holds the lease (by the database's real clock);
    `was_sent_again`: it was resent before; `own_began_at`: the first attempt under the present Message-ID.
    """
    said = Reminder.objects.open().filter(delivery=OuterRef("pk"), is_muted=False)
    news = Notice.objects.unread().filter(delivery=OuterRef("pk"))
    attempts = Attempt.objects.filter(delivery=OuterRef("pk")).order_by()
    own = (
        attempts.filter(message_id=OuterRef("message_id")).values("delivery").annotate(first=Min("began_at"))
    )
    earlier = attempts.exclude(message_id=OuterRef("message_id"))
    real_now = Func(function="clock_timestamp", output_field=DateTimeField())
    in_hand = Case(When(leased_until__gt=real_now, then=Value(True)), default=Value(False))
    return rows.annotate(
        still_says=Exists(said) | Exists(news),
        is_in_hand=in_hand,
        was_sent_again=Exists(earlier),
        own_began_at=Subquery(own.values("first")[:1]),
    )


def resendable_failures(*, now: datetime) -> QuerySet[Any, Any]:
    """Return the recent failed mails that can be resent now: `why_not_resendable` as a query."""
    failed = with_resend_status(
        Delivery.objects.filter(state=DeliveryState.FAILED, made_at__gte=now - RECENT)
    )
    reachable = Q(user__is_active=True) | (Q(agency__isnull=False) & ~Q(agency__shared_mailbox=""))
    too_soon = Q(was_sent_again=True, own_began_at__gt=now - AGAIN_AFTER)
    return failed.filter(reachable, still_says=True).exclude(too_soon)


def why_not_resendable(delivery: Any, *, now: datetime) -> str:
    """Return why a mail (of `with_resend_status`, its recipient loaded) cannot be resent now, or an empty string."""
    if delivery.state == DeliveryState.WAITING:
        if delivery.is_in_hand:
            return _("It is being sent at this moment.")
        return _("It is still waiting and will be sent automatically.")
    if delivery.state not in _SETTLED or not delivery.still_says:
        if delivery.kind == MailKind.NEWS:
            return _("It has been read in Jejak, so there is nothing left to send.")
        return _(
            "Nothing in it is still to be done: it was done meanwhile, or is no longer this recipient's."
        )
    refusal = _why_not_recipient(delivery)
    # The pause begins with the first attempt since MAPO resent it, when its Message-ID was new.
    began = delivery.own_began_at if delivery.was_sent_again else None
    if not refusal and began and began > now - AGAIN_AFTER:
        return _("It was sent again less than an hour ago. Wait before you try again.")
    return refusal


def _why_not_recipient(delivery: Delivery) -> str:
    if delivery.user is not None and not delivery.user.is_active:
        return _("%(name)s is deactivated, so nothing is sent to them.") % {"name": delivery.user.name}
    if delivery.agency is not None and not delivery.agency.shared_mailbox:
        return _("%(agency)s has no shared mailbox any more.") % {"agency": delivery.agency.code}
    return ""


def _requeue(delivery: Delivery, *, actor: User, now: datetime) -> None:
    before = {"state": delivery.state, "message_id": delivery.message_id}
    delivery.state, delivery.settled_at = DeliveryState.WAITING, None
    delivery.message_id = f"{uuid4()}@{site_host()}"
    delivery.next_attempt_at, delivery.attempts_count, delivery.leased_until = now, 0, None
    record(
        action="delivery.resent",
        actor=actor,
        obj=delivery,
        label=f"{delivery.user or delivery.agency} · {delivery.day:%Y-%m-%d}",
        before=before,
        after={"state": delivery.state, "message_id": delivery.message_id},
        now=now,
    )
    # The event comes first: it vouches for the change.
    delivery.save(
        update_fields=[
            "state", "settled_at", "message_id", "next_attempt_at", "attempts_count", "leased_until"
        ]
    )  # fmt: skip
