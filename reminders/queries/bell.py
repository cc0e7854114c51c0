"""How many entries of a person's list are unread. Every page asks, so it is one bounded query over indexes."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from accounts.models import User
from recommendations.queries.sql import fetch_rows, sql_of
from reminders.kinds import MAPO_KINDS, ReminderKind
from reminders.messages.grouping import MIN_IN_QUEUE
from reminders.models import Notice, Reminder
from ui.addresses import address_of
from ui.numbers import number

#: The bell counts up to this; more are "99+".
MAX_SHOWN = 99
#: Of the same thing, and dealt with by the same act: the list shows the first kind together with the second.
_SHOWN_WITH: dict[str, str] = {
    ReminderKind.FINAL_DUE: ReminderKind.UPDATE_DUE,
    ReminderKind.RESUBMIT_DUE: ReminderKind.RETURNED,
}
#: The unread matters and notices, at most one more of each than the bell shows. For MAPO an agency takes the place of
#: its matters, save those that wait for MAPO. Each notice is an entry.
_UNREAD = """
(SELECT DISTINCT
    CASE WHEN %s AND about_id IS NOT NULL AND split_part(matter, ':', 1) <> ALL (%s) THEN 'agency:' || about_id
    ELSE matter END AS entry
 FROM ({reminders}) reminder
 ORDER BY entry LIMIT %s)
UNION ALL
(SELECT 'notice:' || id FROM ({notices}) notice LIMIT %s)
"""


def _unread(user: User) -> list[str]:
    """Return the unread entries of the list, as far as the database groups them."""
    reminders, of_reminders = sql_of(Reminder.objects.visible_to(user).unread(), "matter", "about_id")
    notices, of_notices = sql_of(Notice.objects.standing_for(user).unread(), "id")
    values = (user.is_mapo, sorted(MAPO_KINDS), *of_reminders, MAX_SHOWN + 1, *of_notices, MAX_SHOWN + 1)
    return [entry for (entry,) in fetch_rows(_UNREAD.format(reminders=reminders, notices=notices), values)]


def _count_entries(matters: Iterable[str]) -> int:
    """Return how many entries the list makes of these, as far as their names tell (see `messages.grouping`)."""
    found: dict[str, set[str]] = defaultdict(set)
    for matter in matters:
        what, _colon, number = matter.partition(":")
        found[_SHOWN_WITH.get(what, what)].add(number)
    return sum(
        1 if what in MAPO_KINDS and len(numbers) >= MIN_IN_QUEUE else len(numbers)
        for what, numbers in found.items()
    )


class Bell:
    """The bell of one person. It runs one query, when a page draws it.

    What was said of one matter several times counts once, and so does what the list groups in one entry.
    """

    def __init__(self, user: User) -> None:
        self._user = user

    @cached_property
    def count(self) -> int:
        """How many are unread, up to one more than `MAX_SHOWN`."""
        return min(_count_entries(_unread(self._user)), MAX_SHOWN + 1)

    @property
    def text(self) -> str:
        """The number as the bell shows it: 3, or 99+; empty if there is none."""
        if self.count > MAX_SHOWN:
            return f"{MAX_SHOWN}+"
        return number(self.count) if self.count else ""

    @property
    def url(self) -> str:
        return address_of("reminders:mine")

    @property
    def choices_url(self) -> str:
        """Where the person chooses what to be reminded of."""
        return address_of("reminders:preferences")
