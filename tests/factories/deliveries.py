"""Reminders and mails as planning and sending leave them, written directly."""

from __future__ import annotations

from datetime import date, datetime
from uuid import uuid4

from accounts.models import Agency, User
from audit.clock import local_date
from recommendations.models import Assignment
from reminders.kinds import FIGURE_KINDS, ReminderKind
from reminders.models import Attempt, Delivery, Notice, Reminder, ReminderRule
from reminders.states import AttemptOutcome, Audience, DeliveryState, MailKind
from tests.vouching import acting


def recipient_of(to: User | Agency) -> dict[str, object]:
    """The columns that say who gets it."""
    if isinstance(to, User):
        return {"recipient": f"person:{to.pk}", "user": to}
    return {"recipient": f"mailbox:{to.pk}", "agency": to}


def make_reminder(
    to: User | Agency, assignment: Assignment, *, due_on: date, now: datetime, **values: object
) -> Reminder:
    """One that stands: the next update of the assignment, on the day itself, by a rule of its cycle."""
    cycle = assignment.item.cycle
    rule = ReminderRule.objects.filter(cycle=cycle).first() or ReminderRule.objects.create(
        cycle=cycle, what=ReminderKind.UPDATE_DUE, audience=Audience.RESPONSIBLE, first_days=0, added_at=now
    )
    facts: dict[str, object] = {
        **recipient_of(to),
        "matter": f"{ReminderKind.UPDATE_DUE}:{assignment.pk}",
        "what": ReminderKind.UPDATE_DUE,
        "due_on": due_on,
        "level": 0,
        "step": Audience.RESPONSIBLE,
        "cycle": cycle,
        "about": assignment.agency,
        "assignment": assignment,
        "rule": rule,
        "send_on": due_on,
        "planned_at": now,
    }
    if values.get("what") in FIGURE_KINDS:
        facts |= {"assignment": None, "month": due_on.replace(day=1)}
    with acting():
        return Reminder.objects.create(**(facts | values))


def make_delivery(
    to: User | Agency,
    *,
    now: datetime,
    state: str = DeliveryState.SENT,
    reminders: tuple[Reminder, ...] = (),
    **values: object,
) -> Delivery:
    """A mail made at an instant, with the reminders in it; without attempts unless `attempt` makes some."""
    facts: dict[str, object] = {
        **recipient_of(to),
        "kind": MailKind.DIGEST,
        "day": local_date(now),
        "state": state,
        "message_id": f"{uuid4()}@jejak.example",
        "address": to.email if isinstance(to, User) else to.shared_mailbox,
        "made_at": now,
        "next_attempt_at": now,
        "settled_at": None if state == DeliveryState.WAITING else now,
    }
    with acting():
        made = Delivery.objects.create(**(facts | values))
        for reminder in reminders:
            reminder.delivery = made
            reminder.sent_at = now if state == DeliveryState.SENT else None
            reminder.save(update_fields=["delivery", "sent_at"])
    return made


def make_notice(to: User, *, now: datetime, **values: object) -> Notice:
    """Unread news without a mail, of which the registry knows nothing unless `what` says otherwise."""
    facts: dict[str, object] = {"what": "unknown", "about": {}, "path": "/evidence/", "made_at": now}
    return Notice.objects.create(user=to, **(facts | values))


def attempt(
    delivery: Delivery, *, now: datetime, outcome: str = AttemptOutcome.SENT, words: str = ""
) -> Attempt:
    """A try to hand the mail over under its present Message-ID; without an outcome one that was cut off."""
    with acting():
        return Attempt.objects.create(
            delivery=delivery,
            message_id=delivery.message_id,
            began_at=now,
            ended_at=now if outcome else None,
            outcome=outcome,
            server_words=words,
        )
