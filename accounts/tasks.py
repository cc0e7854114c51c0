"""Mails with one-time links, and about a new address.

The worker makes each link: no broker and no log ever holds one.
"""

from celery import shared_task
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation

from accounts.models import User
from accounts.tokens import INVITATION, RESET, link_url


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
def send_factor_notice(person_id: int, what: str) -> None:
    """Tell a person what happened to their second factor (`what`: a case of `accounts/mail/factor.txt`)."""
    person = User.objects.active().filter(pk=person_id).first()
    if person is not None:
        _mail(person, "factor", address=person.email, what=what, link=settings.SITE_URL)


@shared_task(ignore_result=True)
def send_new_device_link(person_id: int) -> None:
    """Mail a link to a new password to a person whose lost second factors were removed."""
    person = User.objects.active().select_related("agency").filter(pk=person_id).first()
    if person is not None:
        link = link_url(person, purpose=RESET)
        _mail(person, "factor", address=person.email, what="lost_granted", link=link)


def _send(person: User, *, purpose: str) -> None:
    """Mail a one-time link."""
    _mail(person, purpose, address=person.email, link=link_url(person, purpose=purpose))


def _mail(person: User, name: str, *, address: str, link: str = "", what: str = "") -> None:
    """Send the mail of this name, in the person's language; `what` chooses among its cases."""
    with translation.override(person.language):
        context = {"person": person, "link": link, "what": what}
        subject = render_to_string(f"accounts/mail/{name}_subject.txt", context).strip()
        message = render_to_string(f"accounts/mail/{name}.txt", context)
        send_mail(subject, message, from_email=None, recipient_list=[address])
