"""Giving a person a notice. It is no official act, so no Event records it."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from reminders.messages.notices import NoticeValues
from reminders.models.notice import Notice


@transaction.atomic
def give_notice(
    user: User,
    *,
    what: str,
    about: NoticeValues,
    path: str,
    mail_after: datetime | None = None,
    now: datetime,
) -> Notice | None:
    """Tell a person in their list that something happened; return None if they cannot sign in.

    Runs in the caller's transaction. `what` is a registered kind, `about` holds the values for its wording (plain, not
    classified), `path` is the page it leads to, from the root of the site. From `mail_after` on (the machine's real
    clock) it also goes out by mail if it is still unread. As long as the very same notice is unread, it is returned
    and not given again. Raises TypeError or ValueError for an `about` or `path` that is not like that.
    """
    if not path.startswith("/") or path.startswith(("//", "/\\")):
        raise ValueError(f"A notice leads to a page of this site, from its root: {path!r}")
    if strange := [key for key, value in about.items() if not isinstance(value, str | int)]:
        raise TypeError(f"A notice is about plain texts and numbers: {', '.join(sorted(strange))}")
    if not User.objects.active().filter(pk=user.pk).exclude(joined_at=None).exists():
        return None
    values = {"made_at": now, "mail_after": mail_after}
    notice, _made = Notice.objects.get_or_create(
        user_id=user.pk, what=what, path=path, about=dict(about), read_at=None, defaults=values
    )
    return notice
