"""What a day would bring, and to whom: for the administrators' preview, and for the command."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from reminders.lines import Line, lines_of
from reminders.models import ReminderRule
from reminders.owed import Owed
from reminders.sentences import sentence_of, sentences_of
from reminders.states import Step


@dataclass(frozen=True)
class Recipient:
    """A person, or the shared mailbox of an agency, with the rows of the day; `key` as in the outbox."""

    key: str
    name: str
    email: str
    agency_code: str
    is_mailbox: bool
    rows: tuple[Owed, ...]

    @property
    def is_mailed(self) -> bool:
        """Whether anything is said by mail: not where all is muted."""
        return any(not row.is_muted for row in self.rows)


@dataclass(frozen=True)
class Counts:
    """How much a day would bring."""

    mails: int
    reminders: int
    escalations: int
    urgent: int
    muted: int


def counts_of(recipients: Iterable[Recipient]) -> Counts:
    """Add up, muted ones apart."""
    people = list(recipients)
    rows = [row for each in people for row in each.rows]
    said = [row for row in rows if not row.is_muted]
    return Counts(
        mails=sum(each.is_mailed for each in people),
        reminders=len(said),
        escalations=sum(row.is_escalation for row in said),
        urgent=sum(row.is_urgent for row in said),
        muted=len(rows) - len(said),
    )


def recipients_of(rows: Iterable[Owed]) -> list[Recipient]:
    """Group the rows of a day by who gets them, by name; shared mailboxes come last. Two queries."""
    owed = sorted(rows, key=lambda row: row.recipient)
    grouped = {key: tuple(group) for key, group in groupby(owed, key=lambda row: row.recipient)}
    firsts = [group[0] for group in grouped.values()]
    people = User.objects.order_by().in_bulk({row.user_id for row in firsts if row.user_id})
    agencies = Agency.objects.order_by().in_bulk(
        {row.agency_id for row in firsts if row.agency_id} | {person.agency_id for person in people.values()}
    )
    found = [_recipient(key, group, people, agencies) for key, group in grouped.items()]
    return sorted(found, key=lambda each: (each.is_mailbox, each.name.casefold(), each.key))


def _recipient(
    key: str, rows: tuple[Owed, ...], people: dict[int, User], agencies: dict[int, Agency]
) -> Recipient:
    person, mailbox = people.get(rows[0].user_id or 0), agencies.get(rows[0].agency_id or 0)
    if person is not None:
        code = agencies[person.agency_id].code
        return Recipient(key, person.name, person.email, code, is_mailbox=False, rows=rows)
    if mailbox is None:
        return Recipient(key, key, "", "", is_mailbox=True, rows=rows)
    name = _("Shared mailbox of %(agency)s") % {"agency": mailbox.code}
    return Recipient(key, name, mailbox.shared_mailbox, mailbox.code, is_mailbox=True, rows=rows)


@dataclass(frozen=True)
class Told:
    """One reminder of a day, with why it goes to this recipient."""

    row: Owed
    line: Line
    agency_code: str
    stands_in_for: str
    rule: ReminderRule
    is_without_coordinator: bool

    @property
    def rule_sentence(self) -> str:
        """What the rule does the first time."""
        return sentences_of(self.rule)[0]

    @property
    def whole_rule(self) -> str:
        """All that the rule does."""
        return sentence_of(self.rule)

    @property
    def rule_url(self) -> str:
        """Where the rule is kept."""
        return reverse("reminders:rule", args=[self.rule.pk])

    @property
    def step_text(self) -> str:
        """The step of the ladder that the recipient stands on, and how they came to stand there."""
        step = str(Step(self.row.step).label)
        words = {"step": step, "agency": self.agency_code}
        if self.is_without_coordinator:
            return _("%(step)s: %(agency)s has no coordinator who can act") % words
        if self.line.is_gap:
            return _("%(step)s: nobody at %(agency)s can act") % words
        if self.stands_in_for:
            return _("%(step)s: stands in for %(name)s") % {"step": step, "name": self.stands_in_for}
        if self.row.agency_id is not None:
            return _("%(step)s: a copy") % {"step": step}
        return step


@dataclass(frozen=True)
class Bundle:
    """What one recipient would get, the most urgent first."""

    recipient: Recipient
    told: list[Told]


def bundles_of(recipients: Sequence[Recipient], *, today: date) -> list[Bundle]:
    """Say in words what these would get on a day; the number of queries does not depend on how many they are."""
    rows = [row for each in recipients for row in each.rows]
    lines = iter(lines_of(rows, today=today))
    names = _Names(rows)
    return [
        Bundle(
            each, sorted((names.told(row, next(lines)) for row in each.rows), key=lambda told: told.line.rank)
        )
        for each in recipients
    ]


class _Names:
    """Codes of agencies, names of the absent and sentences of rules that rows point at, read once."""

    def __init__(self, rows: Sequence[Owed]) -> None:
        agencies = Agency.objects.order_by().filter(pk__in={row.about_id for row in rows if row.about_id})
        absent = User.objects.order_by().filter(
            pk__in={row.in_place_of_id for row in rows if row.in_place_of_id}
        )
        rules = ReminderRule.objects.order_by().filter(pk__in={row.rule_id for row in rows})
        self._codes = dict(agencies.values_list("pk", "code"))
        self._absent = dict(absent.values_list("pk", "name"))
        self._rules = {rule.pk: rule for rule in rules}

    def told(self, row: Owed, line: Line) -> Told:
        rule = self._rules[row.rule_id]
        return Told(
            row=row,
            line=line,
            agency_code=self._codes.get(row.about_id or 0, ""),
            stands_in_for=self._absent.get(row.in_place_of_id or 0, ""),
            rule=rule,
            is_without_coordinator=_is_without_coordinator(row, rule),
        )


def _is_without_coordinator(row: Owed, rule: ReminderRule) -> bool:
    """Whether MAPO is told what was the coordinators' to be told, because the agency has none who can act."""
    if row.step != Step.MAPO:
        return False
    if row.is_escalation:
        return rule.mapo_days is None or row.rung < rule.mapo_days
    return rule.audience == Step.COORDINATOR
