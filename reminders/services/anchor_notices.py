"""Notices that tell MAPO's administrators that the head of the log has not gone outside for days."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.clock import local_date
from reminders.messages.notices import NOTICE_KINDS, NoticeKind, NoticeValues
from reminders.services.notices import tell_administrators
from reminders.states import ANCHOR_LATE
from ui.dates import day


def register() -> None:
    """Register the text of the notice."""
    NOTICE_KINDS[ANCHOR_LATE] = NoticeKind(
        sentence=_sentence, subject=_("The log is not kept outside"), icon="shield-alert"
    )


def notify_late(last: datetime | None, now: datetime) -> None:
    """Tell all administrators, and by mail where they do not read it; `last` is when a place took something, or None."""
    about = {"last": local_date(last).isoformat()} if last is not None else {}
    tell_administrators(what=ANCHOR_LATE, about=about, path=reverse("audit:trail"), now=now)


def _sentence(values: NoticeValues) -> str:
    if "last" not in values:
        return gettext(
            "No place outside has taken the last hash of the audit log yet: see below the audit trail what to do"
        )
    return gettext(
        "No place outside has taken the last hash of the audit log since %(day)s: see below the audit trail what to do"
    ) % {"day": day(datetime.fromisoformat(values["last"]).date())}
