"""One's own reminders as a list: each matter once, as it was said last, in the words of the mails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, Count, OuterRef, Q, Subquery, Value, When

from accounts.models import User
from reminders.lines import DATED, Line, lines_of
from reminders.models import Reminder, ReminderQuerySet
from reminders.states import OF_THE_CYCLE, What

#: How far back the list of what is settled reaches.
MOST_EARLIER = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A matter of the list. `said_count` is how often it was said, of which `reminder` is the last."""

    reminder: Reminder
    line: Line
    said_count: int

    @property
    def said_at(self) -> datetime:
        """When it was said last: by mail where it went out by mail, else here."""
        return self.reminder.sent_at or self.reminder.planned_at

    @property
    def is_mailed(self) -> bool:
        return self.reminder.sent_at is not None

    @property
    def loudness(self) -> str:
        """Of what still is to be done: unread (the bell counts it), read, or muted."""
        if self.reminder.is_muted:
            return "muted"
        return "unread" if self.reminder.read_at is None else "read"

    @property
    def is_unread(self) -> bool:
        return self.reminder.settled_at is None and self.loudness == "unread"


def to_do(user: User, *, today: date) -> ReminderQuerySet:
    """What still is to be done: the unread first, the muted last, and among each the most urgent first."""
    standing = Reminder.objects.visible_to(user).standing()
    said_last = standing.of_same_matter().order_by("is_muted", "-rung")
    return _only(standing, said_last).order_by(_loudness(), _urgency(today), "due_on", "-pk")


def earlier(user: User) -> ReminderQuerySet:
    """What was done, or is no longer the person's: said last first, and no more than `MOST_EARLIER`."""
    mine = Reminder.objects.visible_to(user)
    settled = mine.exclude(settled_at=None)
    said_last = settled.of_same_matter().filter(due_on=OuterRef("due_on")).order_by("-rung")
    return _only(settled, said_last).order_by("-planned_at", "-pk")[:MOST_EARLIER]


def entries(rows: Sequence[Reminder], *, user: User, today: date) -> list[Entry]:
    """The rows in words, in their order; a fixed number of queries, however many there are."""
    counts = _said_counts(rows, user=user)
    return [
        Entry(reminder=row, line=line, said_count=counts[row.matter, row.due_on])
        for row, line in zip(rows, lines_of(rows, today=today), strict=True)
    ]


def cure_of(reminder: Reminder, *, today: date) -> str:
    """Where the reminder's matter is mended: the address to which the reader is led."""
    return lines_of([reminder], today=today)[0].path


def _only(rows: ReminderQuerySet, said_last: ReminderQuerySet) -> ReminderQuerySet:
    """Each matter once."""
    return rows.filter(pk=Subquery(said_last.values("pk")[:1]))


def _loudness() -> Case:
    return Case(When(is_muted=True, then=Value(2)), When(read_at=None, then=Value(0)), default=Value(1))


def _urgency(today: date) -> Case:
    """The database's form of the first part of `Line.rank`; a test holds the two equal."""
    is_late = Q(what__in=DATED, due_on__lt=today)
    return Case(
        When(is_late | Q(is_escalation=True), then=Value(0)),
        When(what__in=(What.RETURNED, What.NUDGE), then=Value(1)),
        When(what__in=OF_THE_CYCLE, then=Value(3)),
        default=Value(2),
    )


def _said_counts(rows: Sequence[Reminder], *, user: User) -> dict[tuple[str, date], int]:
    said = Reminder.objects.visible_to(user).filter(matter__in={row.matter for row in rows})
    counted = said.order_by().values_list("matter", "due_on").annotate(count=Count("pk"))
    return {(matter, due_on): count for matter, due_on, count in counted}
