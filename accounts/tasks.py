"""Mails with one-time links, about a new address, and about changes of sign-in.

The worker makes each link: no broker and no log ever holds one.
"""

from datetime import datetime
from functools import partial

from celery import shared_task
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from accounts.attempts import is_first_to_tell
from accounts.models import User
from accounts.sign_in_mails import SignInChange, SignInNotice, sign_in_mail
from accounts.tokens import INVITATION, RESET, link_url
from audit.context import Origin, current_origin


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
    `Origin()` where somebody else acted. A lost broker loses the mail, not the change.
    """
    origin = origin or current_origin()
    facts = [str(kind), now.isoformat(), origin.address or "", origin.user_agent, detail]
    transaction.on_commit(partial(send_sign_in_change.delay, person.pk, *facts), robust=True)


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
