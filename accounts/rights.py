"""Administrators and higher clearances: one administrator asks, another decides."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.clearance import Clearance
from accounts.roles import Role
from accounts.second_eyes import NOT_TIED, AskedOfAnother
from audit import guards
from audit.guarded_text import GuardedTextField


class RightsOutcome(models.TextChoices):
    """How a request ended."""

    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class RightsRequestQuerySet(models.QuerySet["RightsRequest"]):
    def open(self) -> RightsRequestQuerySet:
        """Return what nobody has decided or withdrawn."""
        return self.filter(decided_at=None)


class RightsRequest(AskedOfAnother):
    """An administrator asks that a person gets this role and clearance, and is let in if they are not yet.

    Another administrator grants or refuses it; who asked may withdraw it. The database refuses one pair of eyes.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="rights_requests"
    )
    role = models.CharField(max_length=20, choices=Role.choices)
    clearance = models.PositiveSmallIntegerField(choices=Clearance.choices)
    #: Whether the person cannot sign in until it is granted: invited anew, or deactivated.
    is_activating = models.BooleanField()
    reason = GuardedTextField(_("reason"))
    outcome = models.CharField(max_length=10, choices=RightsOutcome.choices, blank=True)
    decision_reason = GuardedTextField(blank=True)

    objects = RightsRequestQuerySet.as_manager()

    class Meta(AskedOfAnother.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(decided_at=None), name="rights_asked_once_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(asked_by=F("person")), name="rights_asked_by_another"),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, outcome="")
                | Q(decided_at__isnull=False, decided_by__isnull=False, outcome__in=RightsOutcome.values),
                name="rights_outcome_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=[RightsOutcome.GRANTED, RightsOutcome.REFUSED])
                | (~Q(decided_by=F("asked_by")) & ~Q(decided_by=F("person"))),
                name="rights_decided_by_a_third",
            ),
        ]
        triggers = [
            *guards.no_delete("rights"),
            *guards.immutable(
                "rights",
                ["person", "role", "clearance", "is_activating", "reason", "asked_by", "asked_at"],
            ),
            *guards.final_after("rights", "decided_at", ["decided_by", "outcome", "decision_reason"]),
            *guards.must_be_now("rights", "asked_at", "decided_at"),
            *guards.done_by("rights", "asked_by", "decided_by"),
            *guards.required("rights", "second_eyes", NOT_TIED, guards.UPDATE),
        ]
