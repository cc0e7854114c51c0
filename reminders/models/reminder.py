"""The outbox: what is to be said to whom. The bell, the list and the mails all read these rows."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q

from accounts.models import User
from audit.guarded_text import GuardedCharField
from audit.guards import (
    append_only,
    done_by,
    final_after,
    immutable,
    must_be_now,
    no_delete,
    refuse_update,
    vouched,
)
from reminders.kinds import ReminderKind
from reminders.states import Audience

#: The most characters of MAPO's own message.
LINE_LENGTH = 200


class Nudge(models.Model):
    """One message of MAPO about one assignment. Its recipients are in the reminders that point to it."""

    assignment = models.ForeignKey(
        "recommendations.Assignment", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    line = GuardedCharField(max_length=LINE_LENGTH, blank=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()

    web_grants: ClassVar[str] = "append"

    class Meta:
        ordering = ["-sent_at", "-pk"]
        indexes = [models.Index(fields=["assignment", "-sent_at"], name="nudge_by_assignment")]
        triggers = [
            *append_only("nudge"),
            *must_be_now("nudge", "sent_at"),
            *done_by("nudge", "sent_by"),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.sent_at:%Y-%m-%d}"


#: Columns that keep what the planning wrote.
_FIXED_FIELDS = (
    "recipient user agency matter what due_on level step is_escalation is_urgent in_place_of cycle about assignment "
    "update action month rule nudge send_on planned_at"
)


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def visible_to(self, user: User) -> ReminderQuerySet:
        """Return the user's own reminders; nobody sees another person's, whatever their role.

        A reminder about an agency is hidden from whoever has left that agency or MAPO since.
        """
        own = self.filter(user_id=user.pk)
        if user.is_mapo:
            return own
        return own.filter(about=user.agency_id) if user.is_agency_actor else self.none()

    def open(self) -> ReminderQuerySet:
        """Return those about something that is still to be done."""
        return self.filter(settled_at=None)

    def unread(self) -> ReminderQuerySet:
        """Return what the bell counts: open, not muted and not read."""
        return self.filter(settled_at=None, is_muted=False, read_at=None)

    def of_same_matter(self) -> ReminderQuerySet:
        """For a subquery: the rows with the outer row's recipient and matter, found by the unique key."""
        return self.filter(recipient=OuterRef("recipient"), matter=OuterRef("matter"))


class Reminder(models.Model):
    """Something to be said to one recipient: once for each matter, due date and level.

    `recipient` is "person:12", or "mailbox:3" for the shared mailbox of an agency. `matter` is what it is about, such
    as "update_due:31". `level` counts working days from `due_on` (negative: before it). `send_on` is the working day
    of that level: a later `planned_at` shows how late the planning was. `step` is the audience that the recipient
    belongs to; `in_place_of` is the absent person for whom a stand-in gets it. `settled_at`: it was done, or is no
    longer this recipient's; what was not sent by then never is.
    """

    recipient = models.CharField(max_length=24)
    # These foreign keys have no index: nothing here is deleted, and no query uses one of them alone. Each index would
    # be written to for every row that the planning adds.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    agency = models.ForeignKey(
        "accounts.Agency", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    matter = models.CharField(max_length=40)
    what = models.CharField(max_length=16, choices=ReminderKind.choices)
    due_on = models.DateField()
    level = models.SmallIntegerField(db_column="rung")
    step = models.CharField(max_length=12, choices=Audience.choices)
    is_escalation = models.BooleanField(default=False)
    is_urgent = models.BooleanField(default=False)
    is_muted = models.BooleanField(default=False)
    in_place_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    cycle = models.ForeignKey(
        "recommendations.Cycle", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    #: The agency that the matter is about, or empty for MAPO's own dates.
    about = models.ForeignKey(
        "accounts.Agency", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    assignment = models.ForeignKey(
        "recommendations.Assignment", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    update = models.ForeignKey(
        "recommendations.Update", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    action = models.ForeignKey(
        "recommendations.Action", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    #: The first day of the month whose figures it is about.
    month = models.DateField(null=True)
    rule = models.ForeignKey(
        "reminders.ReminderRule", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    nudge = models.ForeignKey(
        "reminders.Nudge", on_delete=models.PROTECT, null=True, related_name="reminders"
    )
    send_on = models.DateField()
    planned_at = models.DateTimeField()
    delivery = models.ForeignKey(
        "reminders.Delivery", on_delete=models.PROTECT, null=True, related_name="reminders"
    )
    sent_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        ordering = ["-planned_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "matter", "due_on", "level"], name="reminder_owed_once"
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, agency=None) | Q(user=None, agency__isnull=False),
                name="reminder_one_recipient",
            ),
            models.CheckConstraint(condition=Q(what__in=ReminderKind.values), name="reminder_what_known"),
            models.CheckConstraint(condition=Q(step__in=Audience.values), name="reminder_step_known"),
            models.CheckConstraint(
                condition=Q(nudge=None, rule__isnull=False) | Q(nudge__isnull=False, rule=None),
                name="reminder_from_rule_or_nudge",
            ),
        ]
        indexes = [
            models.Index(
                fields=["user", "matter"],
                include=["about"],
                condition=Q(settled_at=None, is_muted=False, read_at=None),
                name="reminder_unread",
            ),
            models.Index(fields=["user", "-planned_at", "-id"], name="reminder_of_person"),
            models.Index(
                fields=["recipient"],
                condition=Q(delivery=None, sent_at=None, settled_at=None, is_muted=False),
                name="reminder_to_pack",
            ),
            models.Index(fields=["id"], condition=Q(settled_at=None), name="reminder_standing"),
        ]
        triggers = [
            *no_delete("reminder"),
            *vouched("reminder", "delivery_id", "sent_at", "settled_at"),
            *immutable("reminder", _FIXED_FIELDS.split()),
            # That it was sent, and when it was read, is never undone.
            *final_after("reminder_read", "read_at", []),
            refuse_update("reminder_said", "OLD.sent_at IS NOT NULL AND NEW.sent_at IS NULL"),
        ]

    def __str__(self) -> str:
        return f"{self.recipient} {self.matter} {self.level:+d}"


class PlanningRun(models.Model):
    """One run of the planning that changed something, or was the first of its day.

    Every run sets `checked_at` of the newest row, so a wide gap to the next row means that nothing ran in between.
    `late_count` of the planned reminders belonged to an earlier working day, the earliest of them to `late_since`.
    """

    day = models.DateField()
    checked_at = models.DateTimeField()
    planned_count = models.PositiveIntegerField(default=0)
    settled_count = models.PositiveIntegerField(default=0)
    late_count = models.PositiveIntegerField(default=0)
    late_since = models.DateField(null=True)

    class Meta:
        db_table = "reminders_round"
        ordering = ["-pk"]
        triggers = [
            *no_delete("round"),
            *vouched("round", "checked_at"),
            *immutable("round", ["day", "planned_count", "settled_count", "late_count", "late_since"]),
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}: {self.planned_count}"
