"""Agendas as they were laid before the council."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.clearance import Clearance
from audit.guarded_text import GuardedJSONField
from audit.guards import INSERT, append_only, done_by, must_be_now, parent_in
from meetings.states import LAID_STATES

if TYPE_CHECKING:
    from accounts.models import User


class LaidAgendaQuerySet(models.QuerySet["LaidAgenda"]):
    def visible_to(self, user: User) -> LaidAgendaQuerySet:
        """Papers of meetings are MAPO's alone, within the reader's clearance."""
        return self.filter(classification__lte=user.clearance) if user.is_mapo else self.none()


class LaidAgenda(models.Model):
    """What was laid before the council: points in order, texts and gathered facts, kept as they were.

    `content` is what `meetings.services.laying` writes; `sha256` is the hash of its canonical JSON.
    """

    meeting = models.ForeignKey("Meeting", on_delete=models.PROTECT, related_name="laid_agendas")
    number = models.PositiveSmallIntegerField()
    content = GuardedJSONField()
    sha256 = models.CharField(max_length=64)
    classification = models.PositiveSmallIntegerField(choices=Clearance.choices)
    laid_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    laid_at = models.DateTimeField()

    web_grants: ClassVar[str] = "append"

    objects = LaidAgendaQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="laid_number_once"),
            models.CheckConstraint(condition=Q(classification__in=Clearance.values), name="laid_class_known"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="laid_has_hash"),
        ]
        triggers = [
            *append_only("laidagenda"),
            *must_be_now("laidagenda", "laid_at"),
            *done_by("laidagenda", "laid_by"),
            *parent_in("laidagenda", "at_a_meeting", "meeting", LAID_STATES, INSERT),
        ]

    def __str__(self) -> str:
        return f"{self.meeting}, {self.number}"
