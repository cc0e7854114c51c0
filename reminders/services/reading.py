"""Reading one's own reminders. It is no official act, so no Event tells of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.errors import NotAllowed
from reminders.models import Reminder, ReminderQuerySet
from reminders.services.notices import read_all_notices


@transaction.atomic
def mark_read(reminder: Reminder, *, actor: User, now: datetime, beside: Collection[Reminder] = ()) -> int:
    """Mark as read what was said to the person of this matter so far, and of those beside it; how many rows were unread.

    What is said of it later is unread again. Raises NotAllowed for anybody but the reminder's own person.
    """
    said = [reminder, *beside]
    if any(each.user_id != actor.pk for each in said):
        raise NotAllowed(_("A reminder is read by the person to whom it was said."))
    return _mark(
        Reminder.objects.visible_to(actor).filter(matter__in={each.matter for each in said}), now=now
    )


@transaction.atomic
def mark_all_read(person: User, *, actor: User, now: datetime) -> int:
    """Mark as read all that was said to the person so far, notices too; how many rows were unread.

    Raises NotAllowed for anybody but the person.
    """
    if person.pk != actor.pk:
        raise NotAllowed(_("A reminder is read by the person to whom it was said."))
    notices = read_all_notices(person, actor=actor, now=now)
    return notices + _mark(Reminder.objects.visible_to(person).unread(), now=now)


def _mark(rows: ReminderQuerySet, *, now: datetime) -> int:
    """Rows that the planning or the sending has in hand at this moment are passed over: nobody waits for a bell."""
    free = rows.filter(read_at=None).order_by("pk").select_for_update(skip_locked=True, no_key=True)
    return Reminder.objects.filter(pk__in=[row.pk for row in free.only("pk")]).update(read_at=now)
