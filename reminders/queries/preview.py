"""What a day would bring, and to whom, for the administrators' preview and for the command."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from accounts.models import Agency, User
from reminders.messages.details import column_of, ids_of, load_details
from reminders.messages.texts import ReminderText
from reminders.messages.wording import describe
from reminders.models import ReminderRule
from reminders.queries.recipients import PreviewRecipient
from reminders.rules.wording import rule_sentences
from reminders.states import Audience

if TYPE_CHECKING:
    from reminders.due.reminders import DueReminder


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
