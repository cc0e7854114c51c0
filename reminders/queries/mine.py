"""One's own reminders as a list: a line for each thing to do, in the words of the mails."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from accounts.models import User
from reminders.facts import facts_of
from reminders.gathering import gathered
from reminders.lines import Line, lines_of
from reminders.models import Reminder, ReminderQuerySet
from reminders.states import Step
from ui import dates

#: How far back the list of what is settled reaches.
MOST_EARLIER = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A line, and what it was made of: of each matter the reminder that said it last, the line's own first."""

    line: Line
    reminders: tuple[Reminder, ...]

    @property
    def reminder(self) -> Reminder:
        return self.reminders[0]

    @property
    def loudness(self) -> str:
        """Of what still is to be done: unread (the bell counts it), read, or muted."""
        if self.reminder.is_muted:
            return "muted"
        return "unread" if any(each.read_at is None for each in self.reminders) else "read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of the list. `said_count` is how often it was said; of a group, which is said in parts, once.

    `others_told` says of what was escalated who was told before the reader. `officers_url` is where the reader names
    who answers for an item for which nobody is named.
    """

    told: Told
    said_count: int
    others_told: str
    officers_url: str
    is_notice = False

    @property
    def line(self) -> Line:
        return self.told.line

    @property
    def reminder(self) -> Reminder:
        return self.told.reminder

    @property
    def others(self) -> tuple[Reminder, ...]:
        """What else the entry says: pressing it marks them as read with the first."""
        return self.told.reminders[1:]

    @property
    def said_at(self) -> datetime:
        """When it was said last: by mail where it went out by mail, else here."""
        return _said_at(self._last)

    @property
    def is_mailed(self) -> bool:
        return self._last.sent_at is not None

    @property
    def loudness(self) -> str:
        return self.told.loudness

    @property
    def is_unread(self) -> bool:
        return self.reminder.settled_at is None and self.loudness == "unread"

    @property
    def _last(self) -> Reminder:
        return max(self.told.reminders, key=_said_at)


def _said_at(reminder: Reminder) -> datetime:
    return reminder.sent_at or reminder.planned_at


def to_do(user: User, *, today: date) -> list[Told]:
    """What still is to be done: the unread first, the muted last, and among each the most urgent first.

    All of it, as what belongs together may stand anywhere. What is muted is drawn together by itself.
    """
    standing = Reminder.objects.visible_to(user).standing()
    said_last = standing.of_same_matter().order_by("is_muted", "-rung")
    rows = list(_only(standing, said_last).order_by("due_on", "-pk"))
    loud = drawn_together([row for row in rows if not row.is_muted], today=today)
    muted = drawn_together([row for row in rows if row.is_muted], today=today)
    unread = [told for told in loud if told.loudness == "unread"]
    return [*unread, *(told for told in loud if told.loudness != "unread"), *muted]


def earlier(user: User) -> ReminderQuerySet:
    """What was done, or is no longer the person's: said last first, and no more than `MOST_EARLIER`."""
    mine = Reminder.objects.visible_to(user)
    settled = mine.exclude(settled_at=None)
    said_last = settled.of_same_matter().filter(due_on=OuterRef("due_on")).order_by("-rung")
    return _only(settled, said_last).order_by("-planned_at", "-pk")[:MOST_EARLIER]


def drawn_together(rows: Sequence[Reminder], *, today: date) -> list[Told]:
    """One reader's reminders as lines, the most urgent first; at most seven queries, however many there are."""
    return [
        Told(line=each.line, reminders=tuple(rows[place] for place in each.places))
        for each in gathered(facts_of(rows), today=today)
    ]


def one_by_one(rows: Sequence[Reminder], *, today: date) -> list[Told]:
    """A line for each of the rows, in their order."""
    return [
        Told(line=line, reminders=(row,)) for row, line in zip(rows, lines_of(rows, today=today), strict=True)
    ]


def entries(found: Sequence[Told], *, user: User) -> list[Entry]:
    """The lines with what the list says beside them; three queries, however many there are."""
    counts = _said_counts(found, user=user)
    others = _others_told([told.reminder for told in found if told.line.is_escalation], user=user)
    return [
        Entry(
            told=told,
            said_count=1
            if told.line.parts
            else max(counts[row.matter, row.due_on] for row in told.reminders),
            others_told=others.get((told.reminder.matter, told.reminder.due_on), ""),
            officers_url=_officers_url(told, user=user),
        )
        for told in found
    ]


def _only(rows: ReminderQuerySet, said_last: ReminderQuerySet) -> ReminderQuerySet:
    """Each matter once."""
    return rows.filter(pk=Subquery(said_last.values("pk")[:1]))


def _said_counts(found: Sequence[Told], *, user: User) -> dict[tuple[str, date], int]:
    matters = {row.matter for told in found for row in told.reminders}
    said = Reminder.objects.visible_to(user).filter(matter__in=matters)
    counted = said.order_by().values_list("matter", "due_on").annotate(count=Count("pk"))
    return {(matter, due_on): count for matter, due_on, count in counted}


def _officers_url(told: Told, *, user: User) -> str:
    if not (told.line.is_unnamed and user.is_coordinator):
        return ""
    return reverse("recommendations:assignment_officers", args=[told.reminder.assignment_id])


def _others_told(rows: Collection[Reminder], *, user: User) -> dict[tuple[str, date], str]:
    """Of matters of one's own agency: who of it was told first, as those who answer for it. Two queries."""
    if not (rows and user.is_agency_actor):
        return {}
    people = User.objects.filter(agency=user.agency_id, is_active=True).exclude(pk=user.pk)
    names = dict(people.order_by("name").values_list("pk", "name"))
    said = (
        Reminder.objects.filter(
            recipient__in=[f"person:{pk}" for pk in names],
            matter__in={row.matter for row in rows},
            about=user.agency_id,
            step=Step.RESPONSIBLE,
            is_muted=False,
        )
        .order_by()
        .values_list("matter", "due_on", "user_id")
        .annotate(count=Count("pk"), last_at=Max(Coalesce("sent_at", "planned_at")))
    )
    found: dict[tuple[str, date], list[tuple[int, int, datetime]]] = defaultdict(list)
    for matter, due_on, user_id, count, last_at in said:
        found[matter, due_on].append((user_id, count, last_at))
    order = {pk: place for place, pk in enumerate(names)}
    return {
        key: _were_told(
            [names[pk] for pk, *_rest in sorted(told, key=lambda each: order[each[0]])],
            times=max(count for _pk, count, _at in told),
            last_at=max(at for *_rest, at in told),
        )
        for key, told in found.items()
    }


def _were_told(names: Sequence[str], *, times: int, last_at: datetime) -> str:
    """For example "Aminah and Rosli were told 4 times, last on 9 October 2023."""
    words = {"names": _listed(names), "times": times, "day": dates.day(last_at)}
    if times == 1:
        sentence = ngettext("%(names)s was told on %(day)s.", "%(names)s were told on %(day)s.", len(names))
    else:
        sentence = ngettext(
            "%(names)s was told %(times)s times, last on %(day)s.",
            "%(names)s were told %(times)s times, last on %(day)s.",
            len(names),
        )
    return sentence % words


def _listed(names: Iterable[str]) -> str:
    *most, last = names
    return gettext("%(names)s and %(last)s") % {"names": ", ".join(most), "last": last} if most else last
