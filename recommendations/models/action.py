"""Actions: the dated steps that an agency plans under an assignment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.guards import no_delete

if TYPE_CHECKING:
    from accounts.models import User


class ActionQuerySet(models.QuerySet["Action"]):
    def visible_to(self, user: User) -> ActionQuerySet:
        """Its agency and MAPO; a suggested assignment has none."""
        if user.is_mapo:
            return self
        if not user.is_agency_actor:
            return self.none()
        return self.filter(assignment__agency_id=user.agency_id, assignment__confirmed_at__isnull=False)

    def planned(self) -> ActionQuerySet:
        """Neither done nor cancelled, soonest first."""
        return self.filter(done_on=None, cancelled_at=None).order_by("due_on", "pk")


class Action(models.Model):
    """A dated step that an agency plans; its owner is a person of that agency."""

    assignment = models.ForeignKey("Assignment", on_delete=models.PROTECT, related_name="actions")
    text = models.CharField(_("step"), max_length=500)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(_("due date"))
    done_on = models.DateField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_reason = models.TextField(blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on=None) | Q(cancelled_at=None), name="action_done_or_cancelled"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None) | ~Q(cancelled_reason=""), name="action_cancelled_with_reason"
            ),
        ]
        indexes = [models.Index(fields=["assignment", "due_on"], name="action_by_assignment")]
        triggers = no_delete("action")

    def __str__(self) -> str:
        return self.text

    @property
    def is_planned(self) -> bool:
        return self.done_on is None and self.cancelled_at is None
