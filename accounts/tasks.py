"""Mails with one-time links, about a new address, and about changes of sign-in.

The worker makes each link: no broker and no log ever holds one.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from celery import current_app, shared_task
from django.conf import settings
from django.core.mail import send_mail
from django.db import connection, transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts.attempts import is_first_to_tell
from accounts.models import AskedMail, User
from accounts.roles import Role
from accounts.sign_in_mails import SignInChange, SignInNotice, sign_in_mail
from accounts.tokens import INVITATION, RESET, link_url
from audit.context import Origin, current_origin
from audit.extensions import outgoing_holders
from audit.seals import VOUCH, vouching

logger = logging.getLogger(__name__)

#: The broker has a mail in hand for so long before the schedule looks after it; after a day nobody waits for it.
_GRACE, _KEPT_FOR = timedelta(minutes=1), timedelta(days=1)
_MOST_A_TURN, _LONGEST_PAUSE_MINUTES = 500, 60


@shared_task(ignore_result=True)
def send_invitation(person_id: int) -> None:
    """Mail the invitation; nothing when the person joined or was deactivated meanwhile."""
    person = User.objects.active().select_related("agency").filter(pk=person_id).first()
    if person is not None and not person.has_joined:
        _send(person, purpose=INVITATION)


@shared_task(ignore_result=True)
def send_reset_link(person_id: int) -> None:
    """Mail the reset link; nothing when the person was deactivated meanwhile."""
    person = User.objects.active().select_related("agency").filter(pk=person_id).first()
    if person is not None:
        _send(person, purpose=RESET)


@shared_task(ignore_result=True)
def send_address_taken(person_id: int, address: str) -> None:
    """Tell an old address that its person has another one; not which, it may never have been theirs."""
    person = User.objects.active().filter(pk=person_id).first()
    if person is not None:
        _mail(person, "address_taken", address=address)


@shared_task(ignore_result=True)
def send_address_given(person_id: int) -> None:
    """Tell the new address what it is for; nothing to who has not joined: their invitation says it."""
    person = User.objects.active().filter(pk=person_id).first()
    if person is not None and person.has_joined:
        _mail(person, "address_given", address=person.email, link=settings.SITE_URL)


@shared_task(ignore_result=True)
def send_new_device_link(person_id: int) -> None:
    """Mail a link to a new password to a person whose lost second factors were removed."""
    person = User.objects.active().select_related("agency").filter(pk=person_id).first()
    if person is not None:
        _mail(person, "factors_removed", address=person.email, link=link_url(person, purpose=RESET))


def notify_sign_in_change(
    person: User, kind: SignInChange, *, now: datetime, detail: str = "", origin: Origin | None = None
) -> None:
    """Tell a person by mail, once this transaction is committed, that how they sign in has changed.

    `detail` names the thing, such as a provider. The mail says from where the running request came, or `origin`:
    `Origin()` where somebody else acted.
    """
    origin = origin or current_origin()
    facts = [str(kind), now.isoformat(), origin.address or "", origin.user_agent, detail]
    ask_for_mail(send_sign_in_change, person.pk, *facts)


def tell_administrators(person: User, *, actor: User, now: datetime) -> None:
    """Tell the other administrators by mail that one of them must decide on a request about a person."""
    others = User.objects.working_at_mapo().filter(role=Role.ADMINISTRATOR)
    for other in others.exclude(pk__in=[actor.pk, person.pk]):
        notify_sign_in_change(other, SignInChange.RIGHTS_ASKED, now=now, detail=person.name, origin=Origin())


@shared_task(ignore_result=True)
def send_sign_in_change(
    person_id: int, kind: str, at: str, address: str, user_agent: str, detail: str = ""
) -> None:
    """Mail what `notify_sign_in_change` was told; nothing to who was deactivated meanwhile."""
    person = User.objects.active().filter(pk=person_id).first()
    if person is not None:
        notice = SignInNotice(kind, datetime.fromisoformat(at), address, user_agent, detail)
        sign_in_mail(person, notice).send()


@shared_task(ignore_result=True)
def tell_of_failures(person_id: int, at: str, address: str, user_agent: str) -> None:
    """Tell a person that attempts at their account are slowed, once in a day.

    The web process asks for it whether the address is anybody's (0: nobody's), so that it takes as long.
    """
    person = User.objects.active().joined().filter(pk=person_id).first()
    if person is not None and is_first_to_tell(person.email):
        send_sign_in_change(person_id, SignInChange.SLOWED, at, address, user_agent)


def ask_for_mail(send: Any, *facts: str | int) -> None:
    """Let one of the tasks here send a mail once this transaction is committed, also when the broker is away then.

    A row keeps what was asked until the mail has left. It is written in the caller's transaction, if there is one.
    """
    now = timezone.now()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(VOUCH, vouching("mail.asked"))
        row = AskedMail.objects.create(
            task=send.name, facts=facts, asked_at=now, next_attempt_at=now + _GRACE
        )

    # No partial: Django asks a hook that fails for its name.
    def hand_to_broker() -> None:
        send_asked_mail.delay(row.pk)

    transaction.on_commit(hand_to_broker, robust=True)


@shared_task(ignore_result=True)
def send_asked_mail(row_id: int) -> None:
    """Send one mail that was asked for; nothing when it has left, or another worker has it in hand.

    What fails is tried again after 1, 2, 4 … up to 60 minutes, for a day.
    """
    now = timezone.now()
    with transaction.atomic():
        row = AskedMail.objects.select_for_update(skip_locked=True).filter(pk=row_id).first()
        if row is None or row.given_up_at is not None:
            return
        is_over = now - row.asked_at > _KEPT_FOR
        if is_over or _has_left(row):
            row.delete()
        else:
            row.attempts_count += 1
            row.next_attempt_at = now + _pause_after(row.attempts_count)
            row.save(update_fields=["attempts_count", "next_attempt_at"])
    if is_over:
        logger.error("A mail by %s did not leave within a day and is given up", row.task)


@shared_task(ignore_result=True)
def send_waiting_mails() -> None:
    """Send, every minute, what was asked for and has not left: the broker was away, or the mail server."""
    if any(is_held() for is_held in outgoing_holders.values()):
        return
    due = AskedMail.objects.filter(_is_due(timezone.now()), given_up_at=None).order_by("pk")
    for row_id in due.values_list("pk", flat=True)[:_MOST_A_TURN]:
        send_asked_mail.delay(row_id)


def _pause_after(attempts: int) -> timedelta:
    return timedelta(minutes=min(2 ** max(attempts - 1, 0), _LONGEST_PAUSE_MINUTES))


def _is_due(now: datetime) -> Q:
    """Return the condition of a mail whose time has come; also of one that a clock that jumped put off for longer than it waits."""
    due = Q(next_attempt_at__lte=now) | Q(next_attempt_at__gt=now + timedelta(minutes=_LONGEST_PAUSE_MINUTES))
    for attempts in range(6):
        due |= Q(attempts_count=attempts, next_attempt_at__gt=now + _pause_after(attempts))
    return due


def _has_left(row: AskedMail) -> bool:
    """Send the mail of a row; return whether that is done with. A row can name nothing but a task of this module."""
    if not row.task.startswith(f"{__name__}."):
        logger.error("A mail was asked for by %s, which sends none, and is given up", row.task)
        return True
    send = current_app.tasks[row.task]
    try:
        with transaction.atomic():
            send(*row.facts)
    except Exception as error:  # Whatever it is, the mail is tried again; its words may hold a link.
        logger.warning("A mail by %s did not leave: %s", row.task, type(error).__name__)
        return False
    return True


def _send(person: User, *, purpose: str) -> None:
    """Mail a one-time link."""
    _mail(person, purpose, address=person.email, link=link_url(person, purpose=purpose))


def _mail(person: User, name: str, *, address: str, link: str = "") -> None:
    """Send the mail of this name, in the person's language."""
    with translation.override(person.language):
        context = {"person": person, "link": link}
        subject = render_to_string(f"accounts/mail/{name}_subject.txt", context).strip()
        message = render_to_string(f"accounts/mail/{name}.txt", context)
        send_mail(subject, message, from_email=None, recipient_list=[address])
