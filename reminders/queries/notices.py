"""News of one person as entries of their list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q

from accounts.models import User
from reminders.models import Notice
from reminders.news import Words, words_of
from reminders.states import DeliveryState

#: What was read stays in the list for so long.
QUIET_FOR = timedelta(days=30)
#: The list shows no more than so many, the newest first.
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class NewsEntry:
    """A notice in the list: unread, or read and quiet."""

    notice: Notice
    words: Words
    is_notice = True

    @property
    def is_unread(self) -> bool:
        return self.notice.read_at is None

    @property
    def loudness(self) -> str:
        return "unread" if self.is_unread else "quiet"

    @property
    def is_mailed(self) -> bool:
        mail = self.notice.delivery
        return mail is not None and mail.state == DeliveryState.SENT


def news_of(user: User, *, now: datetime) -> list[NewsEntry]:
    """A person's unread news, then what was read lately; the urgent first, then the newest. One query."""
    lately = Q(read_at=None) | Q(read_at__gt=now - QUIET_FOR)
    rows = Notice.objects.of(user).filter(lately).select_related("delivery")
    unread_first = rows.order_by(F("read_at").desc(nulls_first=True), "-made_at", "-pk")
    found = [NewsEntry(notice, words_of(notice.what, notice.about)) for notice in unread_first[:MOST_SHOWN]]
    return sorted(found, key=lambda each: (not each.is_unread, each.is_unread and not each.words.is_urgent))
