"""Giving a person a notice, and marking notices and reminders as read. These are no official acts: no Event records them."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from audit.errors import NotAllowed
from audit.guarded_text import original
from privacy.reading import digest_of
from reminders.messages.notices import NoticeValues, kind_of
from reminders.models import Notice, NoticeQuerySet, Reminder, ReminderQuerySet


@transaction.atomic
def give_notice(
    user: User,
    *,
    what: str,
    about: NoticeValues,
    texts: Mapping[str, str] | None = None,
    path: str,
    mail_after: datetime | None = None,
    now: datetime,
) -> Notice | None:
    """Tell a person in their list that something happened; return None if they cannot sign in.

    Runs in the caller's transaction. `what` is a registered kind, `about` holds the values for its wording (plain, not
    classified), `texts` what somebody wrote, whole as it is kept elsewhere, `path` is the page it leads to, from the root of the site. From `mail_after` on (the machine's real
    clock) it also goes out by mail if it is still unread. As long as the very same notice is unread, it is returned
    and not given again. Raises TypeError or ValueError for an `about` or `path` that is not like that.
    """
    if not path.startswith("/") or path.startswith(("//", "/\\")):
        raise ValueError(f"A notice leads to a page of this site, from its root: {path!r}")
    if strange := [key for key, value in about.items() if not isinstance(value, str | int)]:
        raise TypeError(f"A notice is about plain texts and numbers: {', '.join(sorted(strange))}")
    if not User.objects.active().filter(pk=user.pk).joined().exists():
        return None
    values = {"made_at": now, "mail_after": mail_after, "texts": dict(texts) if texts else None}
    known_by = {**about, "texts": _fingerprint(texts)} if texts else dict(about)
    notice, _made = Notice.objects.get_or_create(
        user_id=user.pk, what=what, path=path, about=known_by, read_at=None, defaults=values
    )
    return notice


def _fingerprint(texts: Mapping[str, str]) -> str:
    """Return what tells these texts from others: they may be too long to be told apart by an index."""
    return digest_of("\0".join(original(texts[name]) for name in sorted(texts)))


def tell_administrators(*, what: str, about: NoticeValues, path: str, now: datetime) -> None:
    """Give all administrators a notice that also goes out by mail at once."""
    for person in User.objects.working_at_mapo().filter(role=Role.ADMINISTRATOR).order_by("pk"):
        # By the machine's clock, as mails are.
        give_notice(person, what=what, about=about, path=path, mail_after=timezone.now(), now=now)


@transaction.atomic
def mark_read(reminder: Reminder, *, actor: User, now: datetime, beside: Collection[Reminder] = ()) -> int:
    """Mark as read what was said of this matter so far, and of those beside it; return how many rows were unread.

    What is said of them later is unread again. Raises `NotAllowed` for anybody but the recipient.
    """
    reminders = [reminder, *beside]
    if any(each.user_id != actor.pk for each in reminders):
        raise NotAllowed(_("Only its recipient can mark a reminder as read."))
    matters = {each.matter for each in reminders}
    return _mark_reminders(Reminder.objects.visible_to(actor).filter(matter__in=matters), now=now)


@transaction.atomic
def mark_all_read(person: User, *, actor: User, now: datetime) -> int:
    """Mark all of the person's reminders and notices as read; return how many rows were unread.

    Raises `NotAllowed` for anybody but the person.
    """
    if person.pk != actor.pk:
        raise NotAllowed(_("Only its recipient can mark a reminder as read."))
    notices = _mark_notices(Notice.objects.of(person), reader=person, now=now)
    return notices + _mark_reminders(Reminder.objects.visible_to(person).unread(), now=now)


@transaction.atomic
def read_notice(notice: Notice, *, actor: User, now: datetime) -> bool:
    """Mark one notice as read; return whether it was unread. Raises `NotAllowed` for anybody but its person."""
    if notice.user_id != actor.pk:
        raise NotAllowed(_("Only its recipient can mark a notice as read."))
    return bool(_mark_notices(Notice.objects.filter(pk=notice.pk), reader=actor, now=now))


@transaction.atomic
def read_notices(user: User, *, path: str, now: datetime) -> int:
    """Mark as read the notices that lead the user to a page, because they were there; return how many were unread."""
    return _mark_notices(Notice.objects.of(user).filter(path=path), reader=user, now=now)


def _mark_reminders(rows: ReminderQuerySet, *, now: datetime) -> int:
    """Rows that a planning or sending has locked at this moment are skipped: nobody waits for a bell."""
    free = rows.filter(read_at=None).order_by("pk").select_for_update(skip_locked=True, no_key=True)
    return Reminder.objects.filter(pk__in=[row.pk for row in free.only("pk")]).update(read_at=now)


def _mark_notices(rows: NoticeQuerySet, *, reader: User, now: datetime) -> int:
    """Rows are locked in one order, so that two windows of one person never wait for each other."""
    unread = list(rows.unread().order_by("pk").select_for_update(no_key=True).only("pk", "what", "about"))
    count = Notice.objects.filter(pk__in=[row.pk for row in unread]).update(read_at=now)
    for row in unread:
        if on_read := kind_of(row.what).on_read:
            on_read(row.about, reader, now)
    return count
