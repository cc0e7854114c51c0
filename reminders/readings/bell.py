"""How many matters a person has not read of: asked by every page, so it is built once a process, and bounded."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import User
from recommendations.readings.prepared import Prepared
from reminders.models import Reminder
from ui.numbers import number

#: What the bell counts up to; more are "99+".
MOST_SHOWN = 99


@Prepared
def _unread(user: User) -> QuerySet[Any, Any]:
    """A row for each, and no more than the bell tells apart: of the index `reminder_unread` alone, and no further."""
    unread = Reminder.objects.visible_to(user).unread().order_by("matter")
    return unread.values_list("matter").distinct()[: MOST_SHOWN + 1]


class Bell:
    """The bell of one person. One query, when a page draws it.

    What was said of one matter again and again is one.
    """

    def __init__(self, user: User) -> None:
        self._user = user

    @cached_property
    def count(self) -> int:
        """How many are unread, up to one more than `MOST_SHOWN`."""
        return len(_unread.rows(self._user))

    @property
    def text(self) -> str:
        """The number as the bell shows it: 3, or 99+; empty where there is none."""
        if self.count > MOST_SHOWN:
            return f"{MOST_SHOWN}+"
        return number(self.count) if self.count else ""

    @property
    def url(self) -> str:
        return reverse("reminders:mine")

    @property
    def choices_url(self) -> str:
        """Where the person chooses what to be reminded of."""
        return reverse("reminders:preferences")
