"""One mail before it is written: to whom, in which language, with which lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from reminders.lines import Line
from reminders.states import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail that is owed to one recipient.

    `message_id` is without its brackets and the same in every attempt. `name` is the person's, or the code of the
    agency whose shared mailbox it is. `day` is the day on which it is written; `late_since` the day on which the
    first of its lines was to go out, where that was earlier and not by a rule. `lines` are in `language`, the most
    urgent first, and are never empty. Of news, `subject` is what the only line says without its particulars.
    """

    delivery_id: int
    message_id: str
    address: str
    name: str
    language: str
    kind: str
    day: date
    made_at: datetime
    attempts_count: int
    lines: list[Line]
    reminder_ids: list[int]
    subject: str = ""
    is_mailbox: bool = False
    late_since: date | None = None

    @property
    def is_news(self) -> bool:
        """Its lines are notices; of any other mail they are reminders."""
        return self.kind == Kind.NEWS

    @property
    def is_urgent(self) -> bool:
        if self.is_news:
            return any(line.tone == "danger" for line in self.lines)
        return self.kind == Kind.URGENT

    @property
    def late_count(self) -> int:
        """How many of the matters are late."""
        return sum(line.is_late for line in self.lines)
