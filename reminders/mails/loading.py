"""Loads what mails are to say at the moment of sending: only what still stands, to the present address."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import translation

from accounts.models import Language
from audit.clock import KUALA_LUMPUR, local_date
from privacy.reading import NOBODY, reading_as
from reminders.mails.content import MailContent
from reminders.messages.details import ReminderDetails, load_details
from reminders.messages.grouping import group_reminders
from reminders.messages.notices import describe_notice, subject_of
from reminders.models import Delivery, Notice, PlanningRun, Reminder
from reminders.states import CONCERNING, DEFAULT_HOUR, MailKind


@reading_as(NOBODY)
def load_mails(delivery_ids: Collection[int], *, today: date) -> dict[int, MailContent]:
    """Return the content of these mails by their ids, in order of these; at most ten queries for any number.

    Hidden words are hidden from everybody: a mail leaves Jejak. Of reminders, only what is neither settled nor muted is said, each matter once, by its highest level, and grouped.
    Of notices, only unread ones (one query more if any mail has notices,
    and one for each that may concern its reader no more). A mail that has nothing left to say, or is
    for somebody who was deactivated since, is left out.
    """
    recipients = ("user__reminder_preference", "agency")
    rows = Delivery.objects.filter(pk__in=delivery_ids).filter(Q(user=None) | Q(user__is_active=True))
    mails = list(rows.select_related(*recipients).order_by("pk"))
    reminders = _ReminderTexts(delivery_ids, today=today)
    notices = _NoticeTexts([mail.pk for mail in mails if mail.kind == MailKind.NEWS])
    found = {}
    for mail in mails:
        source = notices if mail.kind == MailKind.NEWS else reminders
        head = _head(mail, today=today)
        with translation.override(head["language"]):
            parts = source.parts(mail)
        if parts["texts"]:
            found[mail.pk] = MailContent(**head, **parts)
    return found


def _head(mail: Delivery, *, today: date) -> dict[str, Any]:
    """Return the fields of `MailContent` that do not depend on its texts."""
    person, mailbox = mail.user, mail.agency
    return {
        "delivery_id": mail.pk,
        "message_id": mail.message_id,
        "address": (person.email if person else mailbox.shared_mailbox if mailbox else "") or "",
        "name": person.name if person else mailbox.code if mailbox else "",
        "language": person.language if person else Language.MALAY.value,
        "kind": mail.kind,
        "day": today,
        "made_at": mail.made_at,
        "attempts_count": mail.attempts_count,
        "is_mailbox": person is None,
    }


#: What `load_details` needs of a reminder, its level's order, and when it was to go out.
_REMINDER_COLUMNS = (
    "pk delivery_id matter user_id agency_id what due_on step is_escalation in_place_of_id cycle_id about_id "
    "assignment_id update_id action_id month rule_id nudge_id send_on planned_at"
)


class _ReminderTexts:
    """What the reminders of some mails say."""

    def __init__(self, delivery_ids: Collection[int], *, today: date) -> None:
        self._today = today
        self._rows: dict[int, list[tuple[Any, ReminderDetails]]] = defaultdict(list)
        unsettled = Reminder.objects.open().filter(delivery__in=delivery_ids, is_muted=False)
        columns = _REMINDER_COLUMNS.split()
        reminders = list(unsettled.order_by("level", "pk").values_list(*columns, named=True))
        for reminder, details in zip(reminders, load_details(reminders), strict=True):
            self._rows[reminder.delivery_id].append((reminder, details))
        self._missed_days = _missed_days(reminders)

    def parts(self, mail: Delivery) -> dict[str, Any]:
        """Return the other fields of `MailContent`, in the language in force; no texts if nothing is left."""
        rows = self._rows.get(mail.pk, [])
        highest = {reminder.matter: details for reminder, details in rows}
        return {
            "texts": [each.text for each in group_reminders([*highest.values()], today=self._today)],
            "reminder_ids": [reminder.pk for reminder, _details in rows],
            "late_since": self._late_since(mail, [reminder for reminder, _details in rows]),
        }

    def _late_since(self, mail: Delivery, reminders: list[Any]) -> date | None:
        preference = getattr(mail.user, "reminder_preference", None)
        hour = preference.hour if preference else DEFAULT_HOUR
        missed = [reminder.send_on for reminder in reminders if self._was_missed(reminder, hour=hour)]
        return min([*missed, mail.day]) if missed or mail.day < self._today else None

    def _was_missed(self, reminder: Any, *, hour: int) -> bool:
        """Whether it was to go out on an earlier day, and was not planned by then or not taken along."""
        if reminder.send_on >= self._today:
            return False
        if local_date(reminder.planned_at) > reminder.send_on:
            return reminder.send_on in self._missed_days
        return reminder.planned_at.astimezone(KUALA_LUMPUR).hour < hour


class _NoticeTexts:
    """What the notices of some mails say: the unread ones, the newest first."""

    def __init__(self, delivery_ids: Collection[int]) -> None:
        self._notices: dict[int | None, list[Notice]] = defaultdict(list)
        unread = Notice.objects.unread().filter(delivery__in=delivery_ids)
        for notice in unread.order_by("-made_at", "-pk") if delivery_ids else ():
            self._notices[notice.delivery_id].append(notice)

    def parts(self, mail: Delivery) -> dict[str, Any]:
        """Return the other fields of `MailContent`, in the language in force; no texts if nothing is left."""
        notices = self._standing(mail, self._notices.get(mail.pk, []))
        return {
            "texts": sorted(map(describe_notice, notices), key=lambda text: text.rank),
            "reminder_ids": [],
            "subject": subject_of(notices[0].what) if len(notices) == 1 else "",
        }

    def _standing(self, mail: Delivery, notices: list[Notice]) -> list[Notice]:
        """Leave out what does not concern the reader any more; one query if any may be so."""
        asked = [notice.pk for notice in notices if notice.what in CONCERNING]
        if not asked or mail.user is None:
            return notices
        standing = Notice.objects.standing_for(mail.user).filter(pk__in=asked)
        known = set(standing.values_list("pk", flat=True))
        return [notice for notice in notices if notice.what not in CONCERNING or notice.pk in known]


def _missed_days(reminders: list[Any]) -> set[date]:
    """Return the days on which no planning ran, of those on which something planned later was to go out.

    Days before the first planning of the installation are not missed.
    """
    days = {row.send_on for row in reminders if local_date(row.planned_at) > row.send_on}
    if not days:
        return set()
    found = PlanningRun.objects.order_by().filter(day__lte=max(days)).values_list("day", flat=True)
    ran = set(found.distinct())
    return {day for day in days - ran if ran and min(ran) < day}
