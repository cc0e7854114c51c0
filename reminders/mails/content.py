"""What a mail says, before it is rendered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings

from reminders.states import MailKind

if TYPE_CHECKING:
    from reminders.messages.texts import ReminderText


@dataclass(frozen=True, slots=True, kw_only=True)
class MailContent:
    """A mail to one recipient: to whom, in which language, with which texts.

    `message_id` is without its brackets and the same in every attempt. `name` is the person's, or the code of the
    agency whose shared mailbox it is. `day` is the day on which the mail is written; `late_since` the day on which
    the first of its texts was to go out, if that was missed. `texts` are in `language`, the most urgent first, and
    never empty. Of notices, `subject` is what the only text says without its particulars.
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
    texts: list[ReminderText]
    reminder_ids: list[int]
    subject: str = ""
    is_mailbox: bool = False
    late_since: date | None = None

    @property
    def is_news(self) -> bool:
        """Whether its texts are notices; those of any other mail are reminders."""
        return self.kind == MailKind.NEWS

    @property
    def is_urgent(self) -> bool:
        if self.is_news:
            return any(text.tone == "danger" for text in self.texts)
        return self.kind == MailKind.URGENT

    @property
    def late_count(self) -> int:
        """How many of the texts are about something late."""
        return sum(text.is_late for text in self.texts)


def site_host() -> str:
    """Return the host of the site, with which Message-IDs, the List-Id and calendar UIDs end."""
    return urlsplit(settings.SITE_URL).hostname or "localhost"
