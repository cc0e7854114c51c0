"""One's own notices as entries of the list."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import F, Q

from accounts.models import User
from reminders.messages.notices import NoticeKind, kind_of
from reminders.models.notice import Notice
from reminders.states import DeliveryState

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
        return self.kind.text(self.notice.about)

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
    rows = Notice.objects.of(user).filter(lately).select_related("delivery")
    unread_first = rows.order_by(F("read_at").desc(nulls_first=True), "-made_at", "-pk")
    found = [NoticeEntry(notice, kind_of(notice.what)) for notice in unread_first[:MAX_SHOWN]]
    return sorted(found, key=lambda each: (not each.is_unread, each.is_unread and not each.kind.is_urgent))
