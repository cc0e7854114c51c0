"""One's own reminders and notices as a list: an entry for each thing to do, in the words of the mails."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.db.models import Count, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from accounts.models import User
from reminders.messages.details import load_details
from reminders.messages.grouping import group_reminders
from reminders.messages.notices import NoticeKind, kind_of
from reminders.messages.texts import ReminderText
from reminders.messages.wording import describe
from reminders.models import Notice, Reminder, ReminderQuerySet
from reminders.states import Audience, DeliveryState
from ui import dates

#: The most settled reminders that the list shows.
MAX_SETTLED = 500


@dataclass(slots=True, kw_only=True)
class ReminderEntry:
    """An entry of the list, with its reminders: of each matter the newest, that of the text first.

    `add_notes` sets the rest. `said_count` is how often it was said; of a group for MAPO, whose parts were said, once.
    `others_told` says who was told before an escalation. `officers_url` is where the reader names officers for an item
    for which nobody is named.
    """

    text: ReminderText
    reminders: tuple[Reminder, ...]
    said_count: int = 1
    others_told: str = ""
    officers_url: str = ""
    is_notice = False

    @property
    def reminder(self) -> Reminder:
        return self.reminders[0]

    @property
    def others(self) -> tuple[Reminder, ...]:
        """The other reminders of the entry: opening it marks them as read with the first."""
        return self.reminders[1:]

    @property
    def group(self) -> str:
        """Where an open reminder is listed: as unread (the bell counts it), read, or muted."""
        if self.reminder.is_muted:
            return "muted"
        return "unread" if any(each.read_at is None for each in self.reminders) else "read"

    @property
    def is_unread(self) -> bool:
        return self.reminder.settled_at is None and self.group == "unread"

    @property
    def said_at(self) -> datetime:
        """When it was said last: by mail if it was mailed, else here."""
        return _said_at(self._last)

    @property
    def is_mailed(self) -> bool:
        return self._last.sent_at is not None

    @property
    def _last(self) -> Reminder:
        return max(self.reminders, key=_said_at)


def _said_at(reminder: Reminder) -> datetime:
    return reminder.sent_at or reminder.planned_at


def open_reminders(user: User, *, today: date) -> list[ReminderEntry]:
    """Return what is still to be done: unread first, then read, then muted, the most urgent first within each.

    All of it, because reminders that belong together may be anywhere. Muted ones are grouped apart.
    """
    unsettled = Reminder.objects.visible_to(user).open()
    newest = unsettled.of_same_matter().order_by("is_muted", "-level")
    rows = list(_only(unsettled, newest).order_by("due_on", "-pk"))
    shown = grouped_entries([row for row in rows if not row.is_muted], today=today)
    muted = grouped_entries([row for row in rows if row.is_muted], today=today)
    return [*sorted(shown, key=lambda entry: entry.group != "unread"), *muted]


def settled_reminders(user: User) -> ReminderQuerySet:
    """Return what was done, or is no longer the user's, the newest first; at most `MAX_SETTLED`."""
    settled = Reminder.objects.visible_to(user).exclude(settled_at=None)
    newest = settled.of_same_matter().filter(due_on=OuterRef("due_on")).order_by("-level")
    return _only(settled, newest).order_by("-planned_at", "-pk")[:MAX_SETTLED]


def grouped_entries(rows: Sequence[Reminder], *, today: date) -> list[ReminderEntry]:
    """Return one reader's reminders as entries, the most urgent first; at most seven queries."""
    return [
        ReminderEntry(text=group.text, reminders=tuple(rows[place] for place in group.positions))
        for group in group_reminders(load_details(rows), today=today)
    ]


def single_entries(rows: Sequence[Reminder], *, today: date) -> list[ReminderEntry]:
    """Return an entry for each row, in their order; at most seven queries."""
    return [
        ReminderEntry(text=describe(details, today=today), reminders=(row,))
        for row, details in zip(rows, load_details(rows), strict=True)
    ]


def add_notes(entries: Sequence[ReminderEntry], *, user: User) -> None:
    """Set what the list says beside the texts; three queries, however many entries there are."""
    counts = _said_counts(entries, user=user)
    escalated = [entry.reminder for entry in entries if entry.text.is_escalation]
    others = _others_told(escalated, user=user)
    for entry in entries:
        if not entry.text.parts:
            entry.said_count = max(counts[row.matter, row.due_on] for row in entry.reminders)
        entry.others_told = others.get((entry.reminder.matter, entry.reminder.due_on), "")
        if entry.text.is_unnamed and user.is_coordinator:
            assignment = entry.reminder.assignment_id
            entry.officers_url = reverse("recommendations:assignment_officers", args=[assignment])


def _only(rows: ReminderQuerySet, newest: ReminderQuerySet) -> ReminderQuerySet:
    """Return one row for each matter: the first of the subquery `newest`."""
    return rows.filter(pk=Subquery(newest.values("pk")[:1]))


def _said_counts(entries: Sequence[ReminderEntry], *, user: User) -> dict[tuple[str, date], int]:
    """Return how often each matter was said to the user, by matter and due date."""
    matters = {row.matter for entry in entries for row in entry.reminders}
    said = Reminder.objects.visible_to(user).filter(matter__in=matters)
    counted = said.order_by().values_list("matter", "due_on").annotate(count=Count("pk"))
    return {(matter, due_on): count for matter, due_on, count in counted}


def _others_told(rows: Collection[Reminder], *, user: User) -> dict[tuple[str, date], str]:
    """Return who of the user's agency was told first, as a sentence by matter and due date. Two queries."""
    if not (rows and user.is_agency_actor):
        return {}
    people = User.objects.filter(agency=user.agency_id, is_active=True).exclude(pk=user.pk)
    names = dict(people.order_by("name").values_list("pk", "name"))
    said = Reminder.objects.order_by().filter(
        recipient__in=[f"person:{pk}" for pk in names],
        matter__in={row.matter for row in rows},
        about=user.agency_id,
        step=Audience.RESPONSIBLE,
        is_muted=False,
    )
    found: dict[tuple[str, date], dict[int | None, tuple[int, datetime]]] = defaultdict(dict)
    last_at = Max(Coalesce("sent_at", "planned_at"))
    counted = said.values_list("matter", "due_on", "user_id").annotate(count=Count("pk"), last_at=last_at)
    for matter, due_on, user_id, count, last in counted:
        found[matter, due_on][user_id] = (count, last)
    return {
        key: _were_told([name for pk, name in names.items() if pk in told], list(told.values()))
        for key, told in found.items()
    }


def _were_told(names: Sequence[str], said: Sequence[tuple[int, datetime]]) -> str:
    """Return "Aminah and Rosli were told 4 times, last on 9 October 2023."; `said` has each one's count and last time."""
    times, last_at = max(count for count, _last in said), max(last for _count, last in said)
    if times == 1:
        sentence = ngettext("%(names)s was told on %(day)s.", "%(names)s were told on %(day)s.", len(names))
    else:
        sentence = ngettext(
            "%(names)s was told %(times)s times, last on %(day)s.",
            "%(names)s were told %(times)s times, last on %(day)s.",
            len(names),
        )
    return sentence % {"names": _listed(names), "times": times, "day": dates.day(last_at)}


def _listed(names: Sequence[str]) -> str:
    *most, last = names
    return gettext("%(names)s and %(last)s") % {"names": ", ".join(most), "last": last} if most else last


#: Read notices stay in the list for so long.
READ_SHOWN_FOR = timedelta(days=30)
#: The most notices that the list shows, the newest first.
MAX_SHOWN = 200


@dataclass(frozen=True)
class NoticeEntry:
    """A notice in the list, in the language in force."""

    notice: Notice
    kind: NoticeKind
    is_notice = True

    @cached_property
    def sentence(self) -> str:
        return self.kind.text(self.notice.values)

    @property
    def is_unread(self) -> bool:
        return self.notice.read_at is None

    @property
    def group(self) -> str:
        return "unread" if self.is_unread else "quiet"

    @property
    def is_mailed(self) -> bool:
        mail = self.notice.delivery
        return mail is not None and mail.state == DeliveryState.SENT


def list_notices(user: User, *, now: datetime) -> list[NoticeEntry]:
    """Return the user's unread notices, the urgent first, then those read lately, the newest first. One query."""
    lately = Q(read_at=None) | Q(read_at__gt=now - READ_SHOWN_FOR)
    rows = Notice.objects.standing_for(user).filter(lately).select_related("delivery")
    unread_first = rows.order_by(F("read_at").desc(nulls_first=True), "-made_at", "-pk")
    found = [NoticeEntry(notice, kind_of(notice.what)) for notice in unread_first[:MAX_SHOWN]]
    return sorted(found, key=lambda each: (not each.is_unread, each.is_unread and not each.kind.is_urgent))
