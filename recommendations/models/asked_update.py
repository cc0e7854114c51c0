"""Updates that MAPO asks for by a date, where no regular one is owed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.guarded_text import GuardedTextField
from audit.guards import done_by, final_after, immutable, must_be_now, no_delete

if TYPE_CHECKING:
    from accounts.models import User


class AskedUpdateQuerySet(models.QuerySet["AskedUpdate"]):
    def standing(self) -> AskedUpdateQuerySet:
        """Those that hold now: neither answered nor cancelled."""
        return self.filter(ended_at=None)

    def end(self, *, actor: User, now: datetime) -> None:
        """End these, because MAPO accepted an update, cancelled, or ended the assignment."""
        self.update(ended_by=actor, ended_at=now)


class AskedUpdate(models.Model):
    """MAPO asks for an update of a completed assignment by a date, with a reason (docs/rules.md, Cadence).

    It stands until MAPO accepts an update or cancels it, and `ended_by` is whoever did. While it stands, the assignment's
    `next_due_on` says by when; that moves where MAPO grants a later date, `due_on` is what was asked first.
    """

    assignment = models.ForeignKey("Assignment", on_delete=models.PROTECT, related_name="asked_updates")
    due_on = models.DateField(_("date"))
    reason = GuardedTextField(_("reason"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    web_grants: ClassVar[str] = "append"
    web_updates: ClassVar[tuple[str, ...]] = ("ended_by", "ended_at")

    objects = AskedUpdateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"], condition=Q(ended_at=None), name="askedupdate_one_standing"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="askedupdate_with_reason"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__gte=F("asked_at"), ended_by__isnull=False),
                name="askedupdate_end_whole",
            ),
        ]
        triggers = [
            *no_delete("askedupdate"),
            *immutable("askedupdate", ["assignment", "due_on", "reason", "asked_by", "asked_at"]),
            *final_after("askedupdate", "ended_at", ["ended_by"]),
            *must_be_now("askedupdate", "asked_at", "ended_at"),
            *done_by("askedupdate", "asked_by", "ended_by"),
        ]

    def __str__(self) -> str:
        return f"{self.assignment}: {self.due_on}"
