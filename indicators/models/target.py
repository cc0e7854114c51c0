"""Targets: the number that an indicator shall reach by a day."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.guarded_text import GuardedTextField
from audit.guards import done_by, final_after, immutable, must_be_now, no_delete
from audit.past import held_before
from recommendations.models import Cycle

if TYPE_CHECKING:
    from accounts.models import User


class TargetQuerySet(models.QuerySet["Target"]):
    def visible_to(self, user: User) -> TargetQuerySet:
        """A target's number is open to everybody signed in; its reason and pace only to its agency and MAPO."""
        return self.all()

    def standing(self) -> TargetQuerySet:
        """Those that hold now."""
        return self.filter(ended_at=None)

    def as_at(self, instant: datetime) -> TargetQuerySet:
        """Those that held just before an instant; for a day, pass `clock.end_of_day(day)`."""
        return self.filter(held_before(instant, began="set_at"))


class Target(models.Model):
    """What an indicator shall reach in a cycle, by a day, with the reason; it holds until it is ended or replaced."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="targets")
    indicator = models.ForeignKey("Indicator", on_delete=models.PROTECT, related_name="targets")
    number = models.DecimalField(_("number"), max_digits=18, decimal_places=2)
    due_on = models.DateField(_("due date"))
    reason = GuardedTextField(_("reason"))
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_reason = GuardedTextField(blank=True)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )

    web_grants: ClassVar[str] = "append"
    web_updates: ClassVar[tuple[str, ...]] = ("ended_by", "ended_at", "ended_reason")

    objects = TargetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "indicator"], condition=Q(ended_at=None), name="target_one_standing"
            ),
            models.CheckConstraint(condition=Q(number__gt=0), name="target_positive"),
            models.CheckConstraint(condition=~Q(reason=""), name="target_with_reason"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, ended_reason="")
                | (Q(ended_at__gte=F("set_at"), ended_by__isnull=False) & ~Q(ended_reason="")),
                name="target_end_whole",
            ),
        ]
        triggers = [
            *no_delete("target"),
            *immutable(
                "target",
                ["cycle", "indicator", "number", "due_on", "reason", "set_by", "set_at", "replaces"],
            ),
            *final_after("target", "ended_at", ["ended_by", "ended_reason"]),
            *must_be_now("target", "set_at", "ended_at"),
            *done_by("target", "set_by", "ended_by"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.number}"
