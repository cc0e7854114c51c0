"""The wording of notices. The apps that give notices register their kinds here when the site starts.

A notice outlives the code that gave it: wording that is gone, or that fails over a value, breaks no page and no mail.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext

from reminders.messages.texts import ReminderText
from ui import dates

if TYPE_CHECKING:
    from accounts.models import User
    from reminders.models import Notice

logger = logging.getLogger(__name__)

#: The values for a notice's wording: plain texts and numbers, nothing classified.
NoticeValues = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeKind:
    """The wording of one kind of notice.

    `sentence` returns it in the language in force, without a full stop. `subject` says what happened without any
    particulars: mail servers, and MAPO's page of mails, read no more. Its mail goes out in working hours; at any hour
    if it `is_urgent`, or if its reader asked for it and waits (`is_awaited`). `on_read` does what else reading it means,
    in the transaction that marks it as read.
    """

    sentence: Callable[[NoticeValues], str]
    subject: str | Promise = ""
    icon: str = "info"
    is_urgent: bool = False
    is_awaited: bool = False
    on_read: Callable[[NoticeValues, User, datetime], None] | None = None

    def text(self, values: NoticeValues) -> str:
        """Return the sentence, or a general one where a value is missing."""
        try:
            return self.sentence(values)
        except Exception:  # The reader of an old notice still learns that there is something.
            logger.exception("The wording of a notice failed: %s", self.subject)
            return _unknown_sentence({})


def _unknown_sentence(values: NoticeValues) -> str:
    return gettext("Something happened in Jejak that concerns you")


#: The registered kinds, by the name in `Notice.what`.
NOTICE_KINDS: dict[str, NoticeKind] = {}
_UNKNOWN = NoticeKind(sentence=_unknown_sentence)


def kind_of(what: str) -> NoticeKind:
    """Return the kind of this name, or a general one if no app knows it any more."""
    return NOTICE_KINDS.get(what, _UNKNOWN)


def subject_of(what: str) -> str:
    """Return the subject of a notice in the language in force."""
    return str(kind_of(what).subject) or pgettext("mail", "A notice from Jejak")


def anytime_kinds() -> list[str]:
    """Return the names of the kinds whose mails do not wait for working hours."""
    return sorted(what for what, kind in NOTICE_KINDS.items() if kind.is_urgent or kind.is_awaited)


def describe_notice(notice: Notice) -> ReminderText:
    """Return a notice as the text of a mail, in the language in force. Urgent ones come first."""
    kind = kind_of(notice.what)
    return ReminderText(
        id=notice.pk,
        what=notice.what,
        task=kind.text(notice.values),
        when=dates.day_time(notice.made_at),
        path=notice.path,
        button=pgettext("notice", "Open"),
        tone="danger" if kind.is_urgent else "info",
        rank=(0 if kind.is_urgent else 1, -round(notice.made_at.timestamp()), 0, "", -notice.pk),
    )
