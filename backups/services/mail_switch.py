"""Holding mail back after a restore, until somebody releases it."""

from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.errors import NotAllowed, NotNow
from audit.seals import VOUCH, vouching
from audit.services import record
from backups.extensions import held_listeners
from backups.models import MailSwitch
from backups.queries import LIFE, is_mail_held

_LOCK = "SELECT pg_advisory_xact_lock(hashtext('jejak.mail'))"


def mail_may_leave(*, now: datetime) -> bool:
    """Return whether reminders and notices may leave as mail; ask it before each turn of sending.

    A new installation on a new server begins with mail on. On a life of the database for which nobody decided, mail is held back
    from the first asking on: that is written down, recorded and told once.
    """
    if is_mail_held():
        _note_held(now=now)
        return False
    if not MailSwitch.objects.exists():
        _begin(now=now)
    return True


@transaction.atomic
def hold_mail(*, reason: str, now: datetime) -> bool:
    """Hold mail back by an operator's command; return False where it was held already."""
    _lock()
    if is_mail_held():
        return False
    _write_held(reason=reason, now=now)
    return True


@transaction.atomic
def release_mail(*, actor: User | None, not_sent: int = 0, now: datetime) -> None:
    """Let mail leave again; `actor` is an administrator, or None for an operator's command.

    Raises `NotAllowed` for other people, and `NotNow` where mail is not held back. `not_sent` says for the record how many mails
    were given up with it.
    """
    if actor is not None and not actor.is_administrator:
        raise NotAllowed(_("Only administrators release e-mail."))
    _lock()
    if not is_mail_held():
        raise NotNow(_("E-mail is not held back."))
    record(
        action="mail.released",
        actor=actor,
        object_type="backups.MailSwitch",
        after={"not_sent": not_sent},
        now=now,
    )
    _switch(is_on=True, actor=actor, now=now)


@transaction.atomic
def _begin(*, now: datetime) -> None:
    _lock()
    if not (is_mail_held() or MailSwitch.objects.exists()):
        with connection.cursor() as cursor:
            cursor.execute(VOUCH, vouching("mail.begun"))
        _switch(is_on=True, actor=None, now=now)


@transaction.atomic
def _note_held(*, now: datetime) -> None:
    _lock()
    newest = MailSwitch.objects.order_by("-id").first()
    if (newest is None or newest.is_on) and is_mail_held():
        _write_held(reason="", now=now)


def _write_held(*, reason: str, now: datetime) -> None:
    record(action="mail.held", actor=None, object_type="backups.MailSwitch", reason=reason, now=now)
    _switch(is_on=False, actor=None, now=now)
    for listener in held_listeners.values():
        listener(now)


def _switch(*, is_on: bool, actor: User | None, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(LIFE)
        server, timeline = cursor.fetchone()
    MailSwitch.objects.create(is_on=is_on, server=server, timeline=timeline, decided_at=now, decided_by=actor)


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
