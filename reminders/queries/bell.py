"""How many entries of a person's list are unread. Every page asks, so it is one short query over indexes.

A second one follows where a notice waits that stands only while its reader is concerned (`CONCERNING`).
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from django.db.models import Case, CharField, Q, Value, When
from django.db.models.functions import Cast, Concat

from accounts.models import User
from reminders.kinds import MAPO_KINDS, ReminderKind
from reminders.messages.grouping import MIN_IN_QUEUE
from reminders.models import Notice, Reminder
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
_NOTICE = Concat(Value("notice:"), Cast("pk", CharField()))
#: For MAPO an agency takes the place of its matters, save those that wait for MAPO.
_AGENCY = Case(
    When(Q(*(("matter__startswith", f"{kind}:") for kind in MAPO_KINDS), _connector=Q.OR), then="matter"),
    When(about__isnull=False, then=Concat(Value("agency:"), Cast("about_id", CharField()))),
    default="matter",
)


def _unread(user: User) -> list[str]:
    """Return the unread entries of the list, as far as the database groups them: of each kind some more than are shown."""
    most, notices = MAX_SHOWN + 1, Notice.objects.of(user).unread().order_by()
    matters = Reminder.objects.visible_to(user).unread().order_by()
    entries = matters.values_list(_AGENCY if user.is_mapo else "matter", flat=True).distinct()
    others = notices.exclude(what__in=CONCERNING).values_list(_NOTICE, flat=True)
    concerning = notices.filter(what__in=CONCERNING).values_list(Value(_TO_ASK), flat=True)
    found = list(entries[:most].union(others[:most], concerning[:1], all=True))
    if _TO_ASK not in found:
        return found
    found.remove(_TO_ASK)
    standing = Notice.objects.standing_for(user).unread().filter(what__in=CONCERNING).order_by()
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
