"""Mails with one-time links. The link is made here, in the worker: no broker and no log ever holds one."""

from __future__ import annotations

from celery import shared_task
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation

from accounts.models import User
from accounts.tokens import INVITATION, RESET, link_url


@shared_task(ignore_result=True)
def send_invitation(person_id: int) -> None:
    """Mails the invitation; nothing when the person joined or was deactivated meanwhile."""
    person = User.objects.active().select_related("agency").filter(pk=person_id).first()
    if person is not None and not person.has_joined:
        _send(person, purpose=INVITATION)


@shared_task(ignore_result=True)
def send_reset_link(person_id: int) -> None:
    """Mails the way back in; nothing when the person was deactivated meanwhile."""
    person = User.objects.active().select_related("agency").filter(pk=person_id).first()
    if person is not None:
        _send(person, purpose=RESET)


def _send(person: User, *, purpose: str) -> None:
    with translation.override(person.language):
        context = {"person": person, "link": link_url(person, purpose=purpose)}
        subject = render_to_string(f"accounts/mail/{purpose}_subject.txt", context).strip()
        message = render_to_string(f"accounts/mail/{purpose}.txt", context)
        send_mail(subject, message, from_email=None, recipient_list=[person.email])
