"""The next reminders of a rule in words: real people and days, and who would be passed by, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, groupby, islice
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import Agency, User
from recommendations.models import Action, AssignmentOfficer
from reminders.kinds import ReminderKind
from reminders.messages.details import ReminderDetails, column_of, ids_of, load_details
from reminders.messages.wording import describe
from reminders.models import ReminderRule
from reminders.queries.clearance import within_clearance
from reminders.queries.recipients import PreviewRecipient, group_by_recipient
from reminders.states import Audience

if TYPE_CHECKING:
    from reminders.due.reminders import ComingReminders, DueReminder

#: So many recipients are listed, each with so many reminders, and as many of those who are passed by.
RECIPIENTS_LISTED, REMINDERS_LISTED = 20, 3

#: Recipients by day, each with the rows of that day.
_Days = list[tuple[date, list[PreviewRecipient]]]


@dataclass(frozen=True)
class ListedRecipient:
    """Somebody on a day, and what they are told of, a line for each due date; `more_count` reminders are left out."""

    recipient: PreviewRecipient
    lines: list[str]
    more_count: int

    @property
    def is_escalation(self) -> bool:
        return any(row.is_escalation for row in self.recipient.rows)

    @property
    def channel(self) -> str:
        """By bell, by mail, or by both, and when."""
        is_urgent = any(row.is_urgent for row in self.recipient.rows)
        if self.recipient.is_mailbox:
            return (
                pgettext("reminder", "E-mail at once") if is_urgent else pgettext("reminder", "Daily e-mail")
            )
        if is_urgent:
            return pgettext("reminder", "Bell, and e-mail at once")
        return pgettext("reminder", "Bell and daily e-mail")


@dataclass(frozen=True)
class ListedDay:
    """A day with its recipients by agency; `count` is how many there are, `more_count` of them are left out."""

    day: date
    agencies: list[tuple[str, list[ListedRecipient]]]
    count: int

    @property
    def more_count(self) -> int:
        return self.count - sum(len(listed) for _code, listed in self.agencies)


@dataclass(frozen=True)
class PassedBy:
    """Somebody whom the rule names and who is not told, or only in their list; or an agency where nobody can be told."""

    name: str
    post: str
    agency_code: str
    reason: str
    count: int


@dataclass(frozen=True)
class RulePreview:
    """What a rule does next. `later_count` recipients were found on days that are not listed.

    `asked_until`: nothing was looked up for later days; `has_more`: there may be some.
    """

    days: list[ListedDay]
    later_count: int
    passed_by: list[PassedBy]
    passed_by_more: int
    asked_until: date
    has_more: bool


def describe_coming(coming: ComingReminders, *, rule: ReminderRule, reader: User) -> RulePreview:
    """Return what a rule does next, nothing above the reader's clearance. At most 18 queries.

    `rule` is as it was supposed, saved or not; `coming` is what was found for it.
    """
    found, barred = _within_clearance(coming, reader)
    rows = [row for _day, some in found for row in some]
    recipients = {each.key: each for each in group_by_recipient(rows)}
    days = [(day, _of_day(some, recipients)) for day, some in found]
    days = [each for each in days if each[1]]
    listed = _list_days(days, rule)
    passed_by = [*_agencies_without(rows, rule), *_muted(rows, recipients), *_unable(barred)]
    return RulePreview(
        days=listed,
        later_count=sum(len(some) for _day, some in days[len(listed) :]),
        passed_by=passed_by[:RECIPIENTS_LISTED],
        passed_by_more=max(0, len(passed_by) - RECIPIENTS_LISTED),
        asked_until=coming.asked_until,
        has_more=coming.has_more,
    )


def _within_clearance(
    coming: ComingReminders, reader: User
) -> tuple[list[tuple[date, list[DueReminder]]], list[DueReminder]]:
    """Return the days, and the reminders of who is passed by, as far as the reader may know of them. One query at most."""
    rows = chain(coming.passed_by, *(each.rows for each in coming.days))
    seen = set(within_clearance(rows, user=reader))
    days = [(each.day, [row for row in each.rows if row in seen]) for each in coming.days]
    return days, [row for row in coming.passed_by if row in seen]


def _of_day(rows: Sequence[DueReminder], recipients: dict[str, PreviewRecipient]) -> list[PreviewRecipient]:
    """Return who is told of these rows of one day, by agency and name, the shared mailbox of an agency last."""
    grouped: dict[str, list[DueReminder]] = defaultdict(list)
    for row in rows:
        if not row.is_muted:
            grouped[row.recipient].append(row)
    found = [replace(recipients[key], rows=tuple(group)) for key, group in grouped.items()]
    return sorted(found, key=lambda each: (each.agency_code, each.is_mailbox, each.name.casefold(), each.key))


def _list_days(days: _Days, rule: ReminderRule) -> list[ListedDay]:
    """Return the first recipients of the days, with what they are told. At most nine queries."""
    room, chosen = RECIPIENTS_LISTED, []
    for day, recipients in days:
        if room > 0:
            chosen.append((day, recipients[:room], len(recipients)))
            room -= len(recipients)
    rows = [row for _day, some, _count in chosen for each in some for row in each.rows[:REMINDERS_LISTED]]
    details = iter(load_details(rows, supposed=rule))
    found = []
    for day, some, count in chosen:
        listed = [_list(each, islice(details, len(each.rows[:REMINDERS_LISTED])), day) for each in some]
        by_agency = groupby(listed, key=lambda each: each.recipient.agency_code)
        found.append(ListedDay(day, [(code, list(group)) for code, group in by_agency], count))
    return found


def _list(recipient: PreviewRecipient, details: Iterable[ReminderDetails], day: date) -> ListedRecipient:
    texts: dict[str, list[str]] = defaultdict(list)
    for each in details:
        text = describe(each, today=day)
        about = text.item_label or str(ReminderKind(text.what).label)
        texts[text.when].append(f"{text.agency} · {about}" if text.agency else about)
    lines = [f"{', '.join(about)}: {when}" for when, about in texts.items()]
    return ListedRecipient(recipient, lines, len(recipient.rows) - sum(map(len, texts.values())))


def _agencies_without(rows: Iterable[DueReminder], rule: ReminderRule) -> list[PassedBy]:
    """Return the agencies in whose place MAPO is told. One query."""
    matters: dict[tuple[int, bool], set[str]] = defaultdict(set)
    for row in rows:
        if row.about_id is not None and row.step == Audience.MAPO and _comes_in_place(row, rule):
            is_coordinator = row.is_escalation or rule.audience == Audience.COORDINATOR
            matters[row.about_id, is_coordinator].add(row.matter)
    codes = column_of(Agency, "code", {agency_id for agency_id, _is in matters}) if matters else {}
    return [
        PassedBy(
            name=codes[agency_id],
            post="",
            agency_code="",
            reason=_("No coordinator there can act: MAPO is told")
            if is_coordinator
            else _("Nobody there can act: MAPO is told"),
            count=len(found),
        )
        for (agency_id, is_coordinator), found in sorted(matters.items(), key=lambda each: codes[each[0][0]])
    ]


def _comes_in_place(row: DueReminder, rule: ReminderRule) -> bool:
    """Whether MAPO gets a row because the audience of the rule has nobody."""
    if row.is_escalation:
        return rule.mapo_days is None or row.level < rule.mapo_days
    return rule.audience != Audience.MAPO


def _muted(rows: Iterable[DueReminder], recipients: dict[str, PreviewRecipient]) -> list[PassedBy]:
    """Return who has muted the kind of reminder: it stands in their list without a count and without a mail."""
    matters: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.is_muted:
            matters[row.recipient].add(row.matter)
    found = [
        PassedBy(
            each.name, each.post, each.agency_code, _("Muted by this person: in their list only"), len(about)
        )
        for key, about in matters.items()
        for each in [recipients[key]]
    ]
    return sorted(found, key=lambda each: (each.agency_code, each.name.casefold()))


def _unable(rows: Sequence[DueReminder]) -> list[PassedBy]:
    """Return who would be told if they could sign in, or were cleared for it. At most three queries.

    Of deactivated people only those who are still named for an assignment, or own a step.
    """
    grouped: dict[int, list[DueReminder]] = defaultdict(list)
    for row in rows:
        if row.user_id is not None and row.in_place_of_id is None:
            grouped[row.user_id].append(row)
    if not grouped:
        return []
    people = (
        User.objects.select_related("agency").order_by("agency__code", "name", "pk").filter(pk__in=grouped)
    )
    named = _named(rows)
    found = []
    for person in people:
        about = [row for row in grouped[person.pk] if person.is_active or _is_named(row, named)]
        reason = _reason(person, about)
        if reason:
            count = len({row.matter for row in about})
            found.append(PassedBy(person.name, person.post, person.agency.code, reason, count))
    return found


def _named(rows: Sequence[DueReminder]) -> set[tuple[str, int, int]]:
    """Return the people named for the assignments, and the owners of the steps, of these rows. Two queries."""
    officers = AssignmentOfficer.objects.order_by().filter(assignment__in=ids_of(rows, "assignment_id"))
    owners = Action.objects.order_by().filter(pk__in=ids_of(rows, "action_id"), owner__isnull=False)
    return {
        *(("assignment", *pair) for pair in officers.values_list("assignment_id", "user_id")),
        *(("step", *pair) for pair in owners.values_list("pk", "owner_id")),
    }


def _is_named(row: DueReminder, named: set[tuple[str, int, int]]) -> bool:
    if row.action_id is not None:
        return ("step", row.action_id, row.user_id) in named
    return ("assignment", row.assignment_id, row.user_id) in named


def _reason(person: User, about: Sequence[DueReminder]) -> str:
    """Return why a person is not told; empty where nothing bars them."""
    if not about:
        return ""
    if not person.is_active:
        return _("Deactivated, but still named")
    if not person.has_joined:
        return _("Invited, not yet joined")
    if person.is_mapo and any(row.update_id is not None for row in about):
        return _("The update is above their clearance")
    return ""
