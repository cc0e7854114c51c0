"""The outbox: what is owed to whom. The bell, the list and the mails all read these rows."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q

from accounts.models import User
from audit.guards import final_after, immutable, no_delete, refuse_update
from reminders.models.delivery import Delivery
from reminders.models.nudge import Nudge
from reminders.models.rule import ReminderRule
from reminders.states import Step, What


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def visible_to(self, user: User) -> ReminderQuerySet:
        """A person's own; nobody else's, whatever their role.

        What is about an agency goes out of sight with it: who was moved, or left MAPO, finds nothing of it here.
        """
        own = self.filter(user=user)
        if user.is_mapo:
            return own
        return own.filter(about=user.agency_id) if user.is_agency_actor else self.none()

    def standing(self) -> ReminderQuerySet:
        """Those about something that still is to be done."""
        return self.filter(settled_at=None)

    def unread(self) -> ReminderQuerySet:
        """What the bell counts: standing, not muted, and not read."""
        return self.standing().filter(is_muted=False, read_at=None)

    def of_same_matter(self) -> ReminderQuerySet:
        """In a subquery: what was said to the same recipient of the same matter; the unique key finds it."""
        return self.filter(recipient=OuterRef("recipient"), matter=OuterRef("matter"))


class Reminder(models.Model):
    """Something owed to one recipient: once a matter, day that it counts from, and rung.

    `recipient` is "person:12", or "mailbox:3" for the shared mailbox of an agency. `matter` is what it is about, such
    as "update_due:31"; `rung` counts working days from `due_on` (negative ones before). `send_on` is the working
    day on which it was owed: a later `planned_at` says how late it was. `step` says why this person;
    `in_place_of` whom a stand-in stands in for. `settled_at`: it was done, or is no longer this person's; what was
    not sent by then never is.
    """

    recipient = models.CharField(max_length=24)
    # Foreign keys without an index of their own: nothing here is deleted, and nobody asks by them alone. Each would
    # be written with every row that the planning adds.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    agency = models.ForeignKey(
        "accounts.Agency", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    matter = models.CharField(max_length=40)
    what = models.CharField(max_length=16, choices=What.choices)
    due_on = models.DateField()
    rung = models.SmallIntegerField()
    step = models.CharField(max_length=12, choices=Step.choices)
    is_escalation = models.BooleanField(default=False)
    is_urgent = models.BooleanField(default=False)
    is_muted = models.BooleanField(default=False)
    in_place_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    cycle = models.ForeignKey(
        "recommendations.Cycle", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    #: The agency that the matter is about; empty for MAPO's own dates.
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
    rule = models.ForeignKey(
        ReminderRule, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    nudge = models.ForeignKey(Nudge, on_delete=models.PROTECT, null=True, related_name="reminders")
    send_on = models.DateField()
    planned_at = models.DateTimeField()
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, null=True, related_name="reminders")
    sent_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        ordering = ["-planned_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "matter", "due_on", "rung"], name="reminder_owed_once"
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, agency=None) | Q(user=None, agency__isnull=False),
                name="reminder_one_recipient",
            ),
            models.CheckConstraint(condition=Q(what__in=What.values), name="reminder_what_known"),
            models.CheckConstraint(condition=Q(step__in=Step.values), name="reminder_step_known"),
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
            *immutable(
                "reminder",
                [
                    "recipient",
                    "user",
                    "agency",
                    "matter",
                    "what",
                    "due_on",
                    "rung",
                    "step",
                    "is_escalation",
                    "is_urgent",
                    "in_place_of",
                    "cycle",
                    "about",
                    "assignment",
                    "update",
                    "action",
                    "rule",
                    "nudge",
                    "send_on",
                    "planned_at",
                ],
            ),
            # That it was said, and when it was read, is never taken back.
            *final_after("reminder_read", "read_at", []),
            refuse_update("reminder_said", "OLD.sent_at IS NOT NULL AND NEW.sent_at IS NULL"),
        ]

    def __str__(self) -> str:
        return f"{self.recipient} {self.matter} {self.rung:+d}"
