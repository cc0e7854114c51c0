"""Reads what mails are to say at the moment of sending: only what still stands, to the address of now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import F, Q
from django.utils import translation

from accounts.models import Language
from audit.clock import KUALA_LUMPUR, local_date
from reminders.facts import Facts, facts_of
from reminders.gathering import gathered
from reminders.hours import USUAL_HOUR
from reminders.models import Delivery, Notice, Reminder, Round
from reminders.news import words_of
from reminders.notice_lines import line_of_notice
from reminders.services.letters.letter import Letter
from reminders.states import Kind


def read_letters(delivery_ids: Collection[int], *, today: date) -> dict[int, Letter]:
    """Return the letters of these mails by the mails' ids, in order of these; at most ten queries for any number.

    Only what is not settled and not muted is said, each matter once, by its highest rung, and drawn together where one
    act mends several; of notices, those that are unread (one query more, where a mail has news). A mail without anything
    left, or to somebody who was deactivated since, has no letter.
    """
    mails = _mails(delivery_ids)
    said = _Said(_reminders(delivery_ids), today=today)
    news = _News([mail["pk"] for mail in mails if mail["kind"] == Kind.NEWS])
    found = {}
    for mail in mails:
        says = news.says(mail) if mail["kind"] == Kind.NEWS else said.says(mail)
        if says["lines"]:
            found[mail["pk"]] = Letter(**_head(mail, today=today), **says)
    return found


def _language_of(mail: dict[str, Any]) -> str:
    return Language.MALAY.value if mail["user_id"] is None else mail["user__language"]


def _head(mail: dict[str, Any], *, today: date) -> dict[str, Any]:
    """To whom it goes, and what is known of it before its lines."""
    is_mailbox = mail["user_id"] is None
    return {
        "delivery_id": mail["pk"],
        "message_id": mail["message_id"],
        "address": (mail["agency__shared_mailbox"] if is_mailbox else mail["user__email"]) or "",
        "name": mail["agency__code"] if is_mailbox else mail["user__name"],
        "language": _language_of(mail),
        "kind": mail["kind"],
        "day": today,
        "made_at": mail["made_at"],
        "attempts_count": mail["attempts_count"],
        "is_mailbox": is_mailbox,
    }


def _mails(delivery_ids: Collection[int]) -> list[dict[str, Any]]:
    rows = Delivery.objects.filter(pk__in=delivery_ids).filter(Q(user=None) | Q(user__is_active=True))
    return [
        dict(row)
        for row in rows.order_by("pk").values(
            "pk",
            "message_id",
            "kind",
            "day",
            "made_at",
            "attempts_count",
            "user_id",
            "user__name",
            "user__email",
            "user__language",
            "agency__code",
            "agency__shared_mailbox",
            hour=F("user__reminder_preference__hour"),
        )
    ]


#: What `facts_of` asks of a row, and when it was to go out.
_FIELDS = (
    "pk",
    "delivery_id",
    "matter",
    "user_id",
    "agency_id",
    "what",
    "due_on",
    "step",
    "is_escalation",
    "in_place_of_id",
    "cycle_id",
    "about_id",
    "assignment_id",
    "update_id",
    "rule_id",
    "nudge_id",
    "send_on",
    "planned_at",
)


def _reminders(delivery_ids: Collection[int]) -> list[Any]:
    rows = Reminder.objects.standing().filter(delivery__in=delivery_ids, is_muted=False)
    return list(rows.order_by("rung", "pk").values_list(*_FIELDS, named=True))


class _Said:
    """What the reminders of some mails say, by mail."""

    def __init__(self, reminders: list[Any], *, today: date) -> None:
        self._today = today
        self._rows: dict[int, list[tuple[Any, Facts]]] = defaultdict(list)
        for reminder, facts in zip(reminders, facts_of(reminders), strict=True):
            self._rows[reminder.delivery_id].append((reminder, facts))
        self._missed_days = _missed_days(reminders)

    def says(self, mail: dict[str, Any]) -> dict[str, Any]:
        """What a letter holds beside its head; without lines where nothing is left."""
        rows = self._rows.get(mail["pk"], [])
        with translation.override(_language_of(mail)):
            newest = {reminder.matter: facts for reminder, facts in rows}
            lines = [each.line for each in gathered([*newest.values()], today=self._today)]
        return {
            "lines": lines,
            "reminder_ids": [reminder.pk for reminder, _facts in rows],
            "late_since": self._late_since(mail, [reminder for reminder, _facts in rows]),
        }

    def _late_since(self, mail: dict[str, Any], reminders: list[Any]) -> date | None:
        hour = USUAL_HOUR if mail["hour"] is None else mail["hour"]
        missed = [reminder.send_on for reminder in reminders if self._is_missed(reminder, hour=hour)]
        return min([*missed, mail["day"]]) if missed or mail["day"] < self._today else None

    def _is_missed(self, reminder: Any, *, hour: int) -> bool:
        """Whether it was to go out on an earlier day, and nobody had planned it by then or nobody took it along."""
        if reminder.send_on >= self._today:
            return False
        if local_date(reminder.planned_at) > reminder.send_on:
            return reminder.send_on in self._missed_days
        return reminder.planned_at.astimezone(KUALA_LUMPUR).hour < hour


class _News:
    """What the notices of some mails say, by mail: those that nobody has read, the newest first."""

    def __init__(self, delivery_ids: Collection[int]) -> None:
        self._notices: dict[int, list[Notice]] = defaultdict(list)
        rows = Notice.objects.unread().filter(delivery__in=delivery_ids)
        for notice in rows.order_by("-made_at", "-pk") if delivery_ids else ():
            self._notices[notice.delivery_id or 0].append(notice)

    def says(self, mail: dict[str, Any]) -> dict[str, Any]:
        """What a letter holds beside its head; without lines where nothing is left."""
        notices = self._notices.get(mail["pk"], [])
        with translation.override(_language_of(mail)):
            lines = sorted(map(line_of_notice, notices), key=lambda line: line.rank)
            subject = words_of(notices[0].what, notices[0].about).subject if len(notices) == 1 else ""
        return {"lines": lines, "reminder_ids": [], "subject": subject}


def _missed_days(reminders: list[Any]) -> set[date]:
    """Of the days on which something planned later was to go out, those on which no planning ran, though it had before.

    What came to be owed since then, or was owed when the installation began, was not missed.
    """
    days = {row.send_on for row in reminders if local_date(row.planned_at) > row.send_on}
    if not days:
        return set()
    found = Round.objects.order_by().filter(day__lte=max(days)).values_list("day", flat=True)
    ran = set(found.distinct())
    return {day for day in days - ran if ran and min(ran) < day}
