"""Comparisons: a report with many rows is read again by a worker for somebody who verifies its file."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import User
from audit.guards import final_after, immutable, must_be_now, no_delete, transitions
from reports.states import COMPARISON_MOVES, ReportState


class ComparisonQuerySet(models.QuerySet["Comparison"]):
    def of(self, user: User) -> ComparisonQuerySet:
        """Those that a person asked for; nobody else sees them."""
        return self.filter(asked_by=user)


class Comparison(models.Model):
    """One comparison of a report with today's content, for a person who showed its file or the file's SHA-256.

    It is made as a report is: leased until `leased_until` (the machine's real clock) by one worker, with its progress
    in `done_count`. `differs` and `reasons` (values of `ChangeReason`) say what came of it.
    """

    report = models.ForeignKey("reports.Report", on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    has_bytes = models.BooleanField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    state = models.CharField(max_length=10, choices=ReportState.choices, default=ReportState.WAITING)
    done_count = models.PositiveIntegerField(default=0)
    total_count = models.PositiveIntegerField(default=0)
    attempts_count = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)

    settled_at = models.DateTimeField(null=True, blank=True)
    differs = models.BooleanField(default=False)
    reasons = ArrayField(models.CharField(max_length=20), default=list, blank=True)

    objects = ComparisonQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "making"], settled_at=None)
                | (Q(state__in=["ready", "failed"]) & Q(settled_at__isnull=False)),
                name="comparison_settled_when",
            ),
            # Each reads all rows: one at a time for a person, so a second click finds the first.
            models.UniqueConstraint(
                fields=["asked_by"], condition=Q(settled_at=None), name="comparison_one_at_a_time"
            ),
        ]
        indexes = [
            models.Index(fields=["asked_at", "id"], condition=Q(settled_at=None), name="comparison_to_make"),
        ]
        triggers = [
            *no_delete("comparison"),
            *transitions("comparison", "state", COMPARISON_MOVES),
            *must_be_now("comparison", "asked_at", "settled_at"),
            *immutable("comparison", ["report", "sha256", "has_bytes", "asked_by", "asked_at"]),
            *final_after("comparison", "settled_at", ["differs", "reasons"]),
        ]

    def __str__(self) -> str:
        return f"{self.report}: {self.state}"

    @property
    def is_settled(self) -> bool:
        return self.settled_at is not None
