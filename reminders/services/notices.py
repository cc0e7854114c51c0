"""Giving a person news, and their reading it. Neither is an official act, so no Event tells of it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.errors import NotAllowed
from reminders.models import Notice, NoticeQuerySet
from reminders.news import About

#: What may be put into the words of a notice.
_PLAIN = (str, int)


@transaction.atomic
def give_notice(
    user: User, *, what: str, about: About, path: str, mail_after: datetime | None = None, now: datetime
) -> Notice | None:
    """Tell a person in their list that something happened, in the caller's transaction; None for who cannot sign in.

    `what` is registered in `reminders.news`; `about` holds what its words ask for, plain and not classified; `path` is
    where it leads, from the root of the site. From `mail_after` on (the machine's real clock) it also goes out by mail,
    unless it has been read. The very same news is not told again as long as it is unread: the notice that stands is
    returned. Raises TypeError or ValueError where `about` or `path` is not of that kind.
    """
    _check(about, path)
    if not User.objects.active().filter(pk=user.pk).exclude(joined_at=None).exists():
        return None
    values = {"made_at": now, "mail_after": mail_after}
    notice, _made = Notice.objects.get_or_create(
        user_id=user.pk, what=what, path=path, about=dict(about), read_at=None, defaults=values
    )
    return notice


@transaction.atomic
def read_notice(notice: Notice, *, actor: User, now: datetime) -> bool:
    """Mark one notice as read; whether it was unread. Raises NotAllowed for anybody but its person."""
    if notice.user_id != actor.pk:
        raise NotAllowed(_("A notice is read by the person to whom it was given."))
    return bool(_mark(Notice.objects.filter(pk=notice.pk), now=now))


@transaction.atomic
def read_notices(user: User, *, path: str, now: datetime) -> int:
    """Mark as read what leads the person to a page, because they were there; how many notices were unread."""
    return _mark(Notice.objects.of(user).filter(path=path), now=now)


@transaction.atomic
def read_all_notices(person: User, *, actor: User, now: datetime) -> int:
    """Mark all of a person's notices as read; how many were unread. Raises NotAllowed for anybody but the person."""
    if person.pk != actor.pk:
        raise NotAllowed(_("A notice is read by the person to whom it was given."))
    return _mark(Notice.objects.of(person), now=now)


def _mark(rows: NoticeQuerySet, *, now: datetime) -> int:
    """In one order, so that two windows of one person never wait for each other; the packing waits for nobody."""
    unread = rows.unread().order_by("pk").select_for_update(no_key=True)
    return Notice.objects.filter(pk__in=[row.pk for row in unread.only("pk")]).update(read_at=now)


def _check(about: About, path: str) -> None:
    if not path.startswith("/") or path.startswith(("//", "/\\")):
        raise ValueError(f"A notice leads to a page of this site, from its root: {path!r}")
    if strange := [key for key, value in about.items() if not isinstance(value, _PLAIN)]:
        raise TypeError(f"A notice is about plain texts and numbers: {', '.join(sorted(strange))}")
