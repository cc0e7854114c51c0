"""Kinds of notices for tests, and how a notice gets into a mail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from accounts.models import User
from reminders.messages.notices import NOTICE_KINDS, NoticeKind
from reminders.models import Notice
from reminders.services.notices import give_notice
from reminders.services.packing import pack
from reminders.services.sending import SendingSummary, send

#: Its mail goes in working hours; at any hour, because it is waited for; at any hour, because it is urgent.
QUIET, AWAITED, URGENT = "test_quiet", "test_awaited", "test_urgent"
PATH, SITE = "/evidence/?from=notice", "https://jejak.mapo.example"


def _sentence(about: Mapping[str, Any]) -> str:
    return f"{gettext('Reminders')} <b>{about['file']}</b>"


for _what, _facts in (
    (QUIET, {}),
    (AWAITED, {"is_awaited": True}),
    (URGENT, {"is_urgent": True, "icon": "shield-alert"}),
):
    NOTICE_KINDS[_what] = NoticeKind(sentence=_sentence, subject=gettext_lazy("Settings"), **_facts)


def give(
    person: User, now: datetime, what: str = QUIET, *, in_minutes: float | None = None, **values: Any
) -> Notice:
    """News for a person; its mail is ready after so many minutes of the machine's clock, or never."""
    facts: dict[str, Any] = {"about": {"file": "rahsia.pdf"}, "path": PATH} | values
    if in_minutes is not None:
        facts["mail_after"] = timezone.now() + timedelta(minutes=in_minutes)
    notice = give_notice(person, what=what, now=now, **facts)
    assert notice is not None
    return notice


def due(person: User, now: datetime, what: str = QUIET, **values: Any) -> Notice:
    """News whose mail is ready."""
    return give(person, now, what, in_minutes=-1, **values)


def sent(now: datetime) -> SendingSummary:
    """One turn of the beat."""
    pack(now=now)
    return send(now=now)
