"""How many entries of a person's list are unread: asked by every page, so it is built once a process, and bounded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import cached_property, reduce
from operator import or_
from typing import Any

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from accounts.models import User
from reminders.gathering import FEWEST_IN_QUEUE
from reminders.models import Notice, Reminder
from reminders.states import OF_MAPO, What
from ui.numbers import number

#: What the bell counts up to; more are "99+".
MOST_SHOWN = 99
#: Of the same thing, and mended by the same act: the first says the second too.
_SAID_BY: dict[str, str] = {What.FINAL_DUE: What.UPDATE_DUE, What.RESUBMIT_DUE: What.RETURNED}
_WAITS_AT_MAPO = reduce(or_, (Q(matter__startswith=f"{what}:") for what in sorted(OF_MAPO)))
_ENTRY_OF_MAPO = Case(
    When(Q(about=None) | _WAITS_AT_MAPO, then=F("matter")),
    default=Concat(Value("agency:"), Cast("about_id", CharField())),
)


#: A notice is an entry by itself.
_ENTRY_OF_NOTICE = Concat(Value("notice:"), Cast("pk", CharField()))


def _unread(user: User) -> QuerySet[Any, Any]:
    """The matters and the notices, of their indexes alone, and of each no more than the bell tells apart.

    For MAPO an agency takes the place of its matters.
    """
    unread = Reminder.objects.visible_to(user).unread()
    entry = _ENTRY_OF_MAPO if user.is_mapo else F("matter")
    matters = unread.annotate(entry=entry).order_by("entry").values_list("entry", named=True).distinct()
    notices = (
        Notice.objects.of(user)
        .unread()
        .annotate(entry=_ENTRY_OF_NOTICE)
        .order_by()
        .values_list("entry", named=True)
    )
    return matters[: MOST_SHOWN + 1].union(notices[: MOST_SHOWN + 1], all=True)


def _entries(matters: Iterable[str]) -> int:
    """How many entries the list makes of these, as far as their names tell (see `reminders.gathering`)."""
    found: dict[str, set[str]] = defaultdict(set)
    for matter in matters:
        what, _colon, number = matter.partition(":")
        found[_SAID_BY.get(what, what)].add(number)
    return sum(1 if _is_long_queue(what, numbers) else len(numbers) for what, numbers in found.items())


def _is_long_queue(what: str, numbers: Collection[str]) -> bool:
    return what in OF_MAPO and len(numbers) >= FEWEST_IN_QUEUE


class Bell:
    """The bell of one person. One query, when a page draws it.

    What was said of one matter again and again is one, and so is what the list says in one entry, and each notice.
    """

    def __init__(self, user: User) -> None:
        self._user = user

    @cached_property
    def count(self) -> int:
        """How many are unread, up to one more than `MOST_SHOWN`."""
        return min(_entries(row.entry for row in _unread(self._user)), MOST_SHOWN + 1)

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
