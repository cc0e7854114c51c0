"""Bulk acts: one act on many assignments, kept so that it can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import pgettext_lazy

from audit.guarded_text import GuardedJSONField, GuardedTextField
from audit.guards import append_only, done_by, final_after, immutable, must_be_now, no_delete
from recommendations.models.assignment import Assignment
from recommendations.models.cycle import Cycle

if TYPE_CHECKING:
    from accounts.models import User

#: The dates that an act can move.
DUE_DATES = ("next_due_on", "due_on")


class BulkKind(models.TextChoices):
    """What one act does to each of many assignments."""

    ASSIGN = "assign", pgettext_lazy("bulk", "Assign an agency")
    CONFIRM = "confirm", pgettext_lazy("bulk", "Confirm suggestions")
    TURN_DOWN = "turn_down", pgettext_lazy("bulk", "Turn suggestions down")
    MOVE_DUE = "move_due", pgettext_lazy("bulk", "Move due dates")
    OFFICERS = "officers", pgettext_lazy("bulk", "Name officers")


class BulkActQuerySet(models.QuerySet["BulkAct"]):
    def visible_to(self, user: User) -> BulkActQuerySet:
        """MAPO sees all; coordinators those by which officers of their agency were named."""
        if user.is_mapo:
            return self
        if not user.is_coordinator:
            return self.none()
        own = BulkStep.objects.filter(act=OuterRef("pk"), assignment__agency=user.agency_id)
        return self.filter(Exists(own), kind=BulkKind.OFFICERS)


class BulkAct(models.Model):
    """One act on many assignments: done and undone as a whole. Undoing is a new act that compensates.

    `token` names the preview from which it was sent, so that sending it twice does it once.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="bulk_acts")
    kind = models.CharField(max_length=10, choices=BulkKind.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = GuardedTextField(blank=True, default="")
    token = models.UUIDField(unique=True, editable=False, db_default=RandomUUID())
    done_at = models.DateTimeField()
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    web_grants: ClassVar[str] = "append"
    audit_type: ClassVar[str] = "recommendations.BulkAct"
    web_updates: ClassVar[tuple[str, ...]] = ("undone_by", "undone_at")

    objects = BulkActQuerySet.as_manager()

    class Meta:
        db_table = "recommendations_bulkact"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=BulkKind.values), name="bulk_kind_known"),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="bulk_undone_whole",
            ),
        ]
        triggers = [
            *no_delete("bulkact"),
            *immutable("bulkact", ["cycle", "kind", "actor", "reason", "token", "done_at"]),
            *final_after("bulkact", "undone_at", ["undone_by"]),
            *must_be_now("bulkact", "done_at", "undone_at"),
            *done_by("bulkact", "actor", "undone_by"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"


class BulkStep(models.Model):
    """What a bulk act did to one assignment: the fields before (None for a new assignment) and after."""

    act = models.ForeignKey(BulkAct, on_delete=models.PROTECT, related_name="steps")
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="bulk_steps")
    before = GuardedJSONField(null=True, encoder=DjangoJSONEncoder)
    after = GuardedJSONField(encoder=DjangoJSONEncoder)

    web_grants: ClassVar[str] = "append"
    audit_type: ClassVar[str] = "recommendations.BulkStep"

    class Meta:
        db_table = "recommendations_bulkstep"
        constraints = [models.UniqueConstraint(fields=["act", "assignment"], name="bulk_step_once")]
        triggers = append_only("bulkstep")

    def __str__(self) -> str:
        return f"{self.act}: {self.assignment}"

    @property
    def facts_before(self) -> dict[str, Any] | None:
        """Return the fields before the act with their dates as dates; None for a new assignment."""
        return None if self.before is None else _with_dates(self.before)

    @property
    def facts_after(self) -> dict[str, Any]:
        """Return the fields after the act with their dates as dates."""
        return _with_dates(self.after)


def _with_dates(kept: Mapping[str, Any]) -> dict[str, Any]:
    dates = {name: kept.get(name) for name in DUE_DATES}
    return {**kept, **{name: date.fromisoformat(day) if day else None for name, day in dates.items()}}
