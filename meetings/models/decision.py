"""What the council decided at a meeting."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from audit.guarded_text import GuardedCharField, GuardedTextField
from audit.guards import WRITE, done_by, final_after, immutable, must_be_now, no_delete, parent_in
from meetings.states import DECISION_LENGTH, MeetingState
from recommendations.models import Action, Item
from recommendations.outcomes import DecisionOutcome, outcome_of

if TYPE_CHECKING:
    from accounts.models import User


class MeetingDecisionQuerySet(models.QuerySet["MeetingDecision"]):
    def visible_to(self, user: User) -> MeetingDecisionQuerySet:
        """MAPO sees all, an agency those that name it, nobody else any (docs/rules.md, Who sees what)."""
        if user.is_mapo:
            return self
        return self.filter(agency_id=user.agency_id) if user.is_agency_actor else self.none()

    def standing(self) -> MeetingDecisionQuerySet:
        """Neither corrected nor withdrawn."""
        return self.filter(ended_at=None)


class MeetingDecision(models.Model):
    """One decision of a meeting: on an item, for an agency or for MAPO itself (no agency), by a day.

    `action` is the planned step that follows from it. A correction is a new row with the same number, which replaces
    this one; `ended_at` is set then, or when the decision is withdrawn. `token` names the form from which it was sent,
    so that sending it twice records it once.
    """

    meeting = models.ForeignKey("Meeting", on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    text = GuardedCharField(_("decision"), max_length=DECISION_LENGTH)
    due_on = models.DateField(_("due date"))
    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="+")
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    token = models.UUIDField(unique=True, editable=False, db_default=RandomUUID())
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_reason = GuardedTextField(blank=True)

    web_grants: ClassVar[str] = "append"
    web_updates: ClassVar[tuple[str, ...]] = ("ended_by", "ended_at", "ended_reason")

    objects = MeetingDecisionQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "number"], condition=Q(ended_at=None), name="decision_number_once"
            ),
            models.UniqueConstraint(fields=["action"], condition=Q(ended_at=None), name="decision_step_once"),
            models.CheckConstraint(condition=~Q(text=""), name="decision_has_text"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, ended_reason="")
                | (Q(ended_at__gte=F("recorded_at"), ended_by__isnull=False) & ~Q(ended_reason="")),
                name="decision_end_whole",
            ),
        ]
        triggers = [
            *no_delete("decision"),
            *immutable(
                "decision",
                [
                    *("meeting", "number", "item", "agency", "text", "due_on", "action", "replaces"),
                    *("token", "recorded_by", "recorded_at"),
                ],
            ),
            *final_after("decision", "ended_at", ["ended_by", "ended_reason"]),
            *must_be_now("decision", "recorded_at", "ended_at"),
            *done_by("decision", "recorded_by", "ended_by"),
            # Decisions are recorded, corrected and withdrawn between the meeting and its closed minutes.
            *parent_in(
                "decision",
                "while_minutes_are_open",
                "meeting",
                [MeetingState.HELD],
                WRITE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting}, {self.number}"

    @property
    def whose(self) -> str:
        """The agency's code, or MAPO."""
        return self.agency.code if self.agency else "MAPO"

    def outcome(self, today: date) -> DecisionOutcome:
        """Return what became of it by `today`."""
        step = self.action
        return outcome_of(
            is_done=step.done_on is not None,
            is_cancelled=step.cancelled_at is not None,
            due_on=step.due_on,
            today=today,
        )
