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
from reminders.models import Delivery, Reminder, Round
from reminders.services.letters.letter import Letter


def read_letters(delivery_ids: Collection[int], *, today: date) -> dict[int, Letter]:
    """Return the letters of these mails by the mails' ids, in order of these; at most ten queries for any number.

    Only what is not settled and not muted is said, each matter once, by its highest rung, and drawn together where one
    act mends several. A mail without anything
    left, or to somebody who was deactivated since, has no letter.
    """
    reminders = _reminders(delivery_ids)
    said = _Said(reminders, today=today)
    found = {}
    for mail in _mails(delivery_ids):
        if letter := said.letter(mail):
            found[letter.delivery_id] = letter
    return found


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

    def letter(self, mail: dict[str, Any]) -> Letter | None:
        rows = self._rows.get(mail["pk"])
        if not rows:
            return None
        is_mailbox = mail["user_id"] is None
        language = Language.MALAY.value if is_mailbox else mail["user__language"]
        with translation.override(language):
            newest = {reminder.matter: facts for reminder, facts in rows}
            lines = [each.line for each in gathered([*newest.values()], today=self._today)]
        return Letter(
            delivery_id=mail["pk"],
            message_id=mail["message_id"],
            address=(mail["agency__shared_mailbox"] if is_mailbox else mail["user__email"]) or "",
            name=mail["agency__code"] if is_mailbox else mail["user__name"],
            language=language,
            kind=mail["kind"],
            day=self._today,
            made_at=mail["made_at"],
            attempts_count=mail["attempts_count"],
            lines=lines,
            reminder_ids=[reminder.pk for reminder, _facts in rows],
            is_mailbox=is_mailbox,
            late_since=self._late_since(mail, [reminder for reminder, _facts in rows]),
        )

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
