"""What a day would bring, and to whom, for the administrators' preview and for the command."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from accounts.models import Agency, User
from reminders.messages.details import column_of, ids_of, load_details
from reminders.messages.wording import ReminderText, describe
from reminders.models import ReminderRule
from reminders.rules.wording import rule_sentences
from reminders.states import Audience

if TYPE_CHECKING:
    from reminders.due.reminders import DueReminder


@dataclass(frozen=True)
class PreviewRecipient:
    """A person, or the shared mailbox of an agency, with the reminders of the day; `key` as in the outbox."""

    key: str
    name: str
    email: str
    agency_code: str
    is_mailbox: bool
    rows: tuple[DueReminder, ...]


def count_preview(recipients: Iterable[PreviewRecipient]) -> Counter[str]:
    """Return how much a day would bring: `mails`, `reminders`, `escalations`, `urgent`, and apart from them `muted`."""
    counts: Counter[str] = Counter(mails=0, reminders=0, escalations=0, urgent=0, muted=0)
    for recipient in recipients:
        said = [row for row in recipient.rows if not row.is_muted]
        counts["mails"] += bool(said)
        counts["reminders"] += len(said)
        counts["escalations"] += sum(row.is_escalation for row in said)
        counts["urgent"] += sum(row.is_urgent for row in said)
        counts["muted"] += len(recipient.rows) - len(said)
    return counts


def group_by_recipient(rows: Iterable[DueReminder]) -> list[PreviewRecipient]:
    """Return the reminders of a day by who gets them, sorted by name; shared mailboxes come last. Two queries."""
    by_key = attrgetter("recipient")
    grouped = {key: tuple(group) for key, group in groupby(sorted(rows, key=by_key), key=by_key)}
    firsts = [group[0] for group in grouped.values()]
    people = User.objects.order_by().in_bulk({row.user_id for row in firsts if row.user_id})
    mailboxes = {row.agency_id for row in firsts if row.agency_id}
    agencies = Agency.objects.order_by().in_bulk(mailboxes | {each.agency_id for each in people.values()})
    found = [_recipient(key, group, people, agencies) for key, group in grouped.items()]
    return sorted(found, key=lambda each: (each.is_mailbox, each.name.casefold(), each.key))


def _recipient(
    key: str, rows: tuple[DueReminder, ...], people: dict[int, User], agencies: dict[int, Agency]
) -> PreviewRecipient:
    person, mailbox = people.get(rows[0].user_id or 0), agencies.get(rows[0].agency_id or 0)
    if person is not None:
        code = agencies[person.agency_id].code
        return PreviewRecipient(key, person.name, person.email, code, is_mailbox=False, rows=rows)
    if mailbox is None:
        return PreviewRecipient(key, key, "", "", is_mailbox=True, rows=rows)
    name = _("Shared mailbox of %(agency)s") % {"agency": mailbox.code}
    return PreviewRecipient(key, name, mailbox.shared_mailbox, mailbox.code, is_mailbox=True, rows=rows)


@dataclass(frozen=True)
class PreviewReminder:
    """One reminder of a day in words, with the rule that it follows."""

    row: DueReminder
    text: ReminderText
    rule: ReminderRule
    agency_code: str
    stands_in_for: str

    @property
    def sentences(self) -> list[str]:
        """What the rule does."""
        return rule_sentences(self.rule)

    @property
    def step_text(self) -> str:
        """The step of the ladder that the recipient stands on, and why."""
        step = str(Audience(self.row.step).label)
        words = {"step": step, "agency": self.agency_code, "name": self.stands_in_for}
        if self._is_without_coordinator:
            return _("%(step)s: %(agency)s has no coordinator who can act") % words
        if self.text.is_gap:
            return _("%(step)s: nobody at %(agency)s can act") % words
        if self.stands_in_for:
            return _("%(step)s: stands in for %(name)s") % words
        if self.row.agency_id is not None:
            return _("%(step)s: a copy") % words
        return step

    @property
    def _is_without_coordinator(self) -> bool:
        """Whether MAPO is told in the place of coordinators, because the agency has none who can act."""
        row, rule = self.row, self.rule
        if row.step != Audience.MAPO:
            return False
        if row.is_escalation:
            return rule.mapo_days is None or row.level < rule.mapo_days
        return rule.audience == Audience.COORDINATOR


def describe_preview(
    recipients: Sequence[PreviewRecipient], *, today: date
) -> list[tuple[PreviewRecipient, list[PreviewReminder]]]:
    """Return each recipient with what they would get, the most urgent first.

    The number of queries does not depend on how many recipients there are.
    """
    rows = [row for each in recipients for row in each.rows]
    codes = column_of(Agency, "code", ids_of(rows, "about_id"))
    names = column_of(User, "name", ids_of(rows, "in_place_of_id"))
    rules = ReminderRule.objects.order_by().in_bulk(ids_of(rows, "rule_id"))
    reminders = iter(
        PreviewReminder(
            row=row,
            text=describe(details, today=today),
            rule=rules[row.rule_id],
            agency_code=codes.get(row.about_id, ""),
            stands_in_for=names.get(row.in_place_of_id, ""),
        )
        for row, details in zip(rows, load_details(rows), strict=True)
    )
    return [
        (each, sorted((next(reminders) for _row in each.rows), key=lambda reminder: reminder.text.rank))
        for each in recipients
    ]
