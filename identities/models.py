"""Proposals to show hidden words again."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.second_eyes import NOT_TIED
from audit import guards
from audit.guarded_text import GuardedTextField
from privacy.models import IdentityMark


class LiftRequest(models.Model):
    """A data officer proposes that a text is shown whole again; another one decides."""

    mark = models.ForeignKey(IdentityMark, on_delete=models.PROTECT, related_name="+")
    reason = GuardedTextField(_("reason"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    is_lifted = models.BooleanField(default=False)
    decision_reason = GuardedTextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mark"], condition=Q(decided_at=None), name="lift_is_asked_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")), name="lift_has_two_pairs_of_eyes"
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, is_lifted=False)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="lift_is_decided_by_somebody",
            ),
        ]
        triggers = [
            *guards.no_delete("liftrequest"),
            *guards.immutable("liftrequest", ["mark", "reason", "asked_by", "asked_at"]),
            *guards.final_after("liftrequest", "decided_at", ["decided_by", "is_lifted", "decision_reason"]),
            *guards.must_be_now("liftrequest", "asked_at", "decided_at"),
            *guards.required("liftrequest", "second_eyes", NOT_TIED, guards.UPDATE),
        ]

    def __str__(self) -> str:
        return f"lift of mark {self.mark_id}"
