"""How many entries of a person's list are unread. Every page asks, so it is one short query over indexes.

A second one follows where a notice waits that stands only while its reader is concerned (`CONCERNING`).
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from accounts.models import User
from recommendations.queries.sql import fetch_rows, remembered_sql
from reminders.kinds import MAPO_KINDS, ReminderKind
from reminders.messages.grouping import MIN_IN_QUEUE
from reminders.models import Notice, NoticeQuerySet, Reminder, ReminderQuerySet
from reminders.states import CONCERNING
from ui.addresses import address_of
from ui.numbers import number

#: The bell counts up to this; more are "99+".
MAX_SHOWN = 99
#: Of the same thing, and dealt with by the same act: the list shows the first kind together with the second.
_SHOWN_WITH: dict[str, str] = {
    ReminderKind.FINAL_DUE: ReminderKind.UPDATE_DUE,
    ReminderKind.RESUBMIT_DUE: ReminderKind.RETURNED,
}
#: In place of the entries of notices that may no longer stand.
_TO_ASK = "concerning"
#: The unread matters and notices, at most one more of each than the bell shows. For MAPO an agency takes the place of
#: its matters, save those that wait for MAPO. Each notice is an entry; those of `CONCERNING` make one, `_TO_ASK`.
_UNREAD = """
(SELECT DISTINCT
    CASE WHEN %s AND about_id IS NOT NULL AND split_part(matter, ':', 1) <> ALL (%s) THEN 'agency:' || about_id
    ELSE matter END AS entry
 FROM ({reminders}) reminder
 ORDER BY entry LIMIT %s)
UNION ALL
(SELECT 'notice:' || id FROM ({notices}) notice WHERE what <> ALL (%s) LIMIT %s)
UNION ALL
(SELECT %s FROM ({notices}) notice WHERE what = ANY (%s) LIMIT 1)
"""


def _unread_reminders(user: User) -> ReminderQuerySet:
    return Reminder.objects.visible_to(user).unread()


def _unread_notices(user: User) -> NoticeQuerySet:
    return Notice.objects.of(user).unread()


def _unread(user: User) -> list[str]:
    """Return the unread entries of the list, as far as the database groups them."""
    reminders, of_reminders = remembered_sql(_unread_reminders, user, "matter", "about_id", is_personal=True)
    notices, of_notices = remembered_sql(_unread_notices, user, "id", "what", is_personal=True)
    most, concerning = MAX_SHOWN + 1, sorted(CONCERNING)
    values = (
        user.is_mapo, sorted(MAPO_KINDS), *of_reminders, most,
        *of_notices, concerning, most,
        _TO_ASK, *of_notices, concerning,
    )  # fmt: skip
    found = [entry for (entry,) in fetch_rows(_UNREAD.format(reminders=reminders, notices=notices), values)]
    if _TO_ASK not in found:
        return found
    found.remove(_TO_ASK)
    standing = Notice.objects.standing_for(user).unread().filter(what__in=concerning).order_by()
    return [*found, *(f"notice:{pk}" for pk in standing.values_list("pk", flat=True)[:most])]


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
    """The bell of one person. It asks when a page draws it: once, or twice where a notice may no longer stand.

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
