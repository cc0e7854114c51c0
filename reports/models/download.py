"""Downloads: each time that somebody took the bytes of a report out of Jejak."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from audit.guards import INSERT, done_by, final_after, immutable, must_be_now, no_delete, required
from reports.states import DownloadOutcome


class Download(models.Model):
    """One download of a report: who, when, and how it ended. Written before the first byte leaves.

    `sha256` and `size` (bytes) are of the bytes that left; `document` is the file that broke the stream.
    """

    report = models.ForeignKey("reports.Report", on_delete=models.PROTECT, related_name="downloads")
    downloaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_column="taken_by_id"
    )
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=6, choices=DownloadOutcome.choices, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    size = models.PositiveBigIntegerField(default=0)
    document = models.ForeignKey(
        "evidence.Document", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    web_grants: ClassVar[str] = "append"
    audit_type: ClassVar[str] = "reports.Taking"
    web_updates: ClassVar[tuple[str, ...]] = ("ended_at", "outcome", "sha256", "size", "document")

    class Meta:
        db_table = "reports_taking"
        ordering = ["-began_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", ended_at=None)
                | Q(outcome__in=DownloadOutcome.values, ended_at__isnull=False),
                name="taking_ended_whole",
            ),
        ]
        triggers = [
            *no_delete("taking"),
            *must_be_now("taking", "began_at", "ended_at"),
            *done_by("taking", "downloaded_by"),
            # A row is written before the first byte leaves: nobody inserts a finished download.
            *required(
                "taking",
                "begins_open",
                "NEW.outcome = '' AND NEW.ended_at IS NULL AND NEW.sha256 = ''",
                INSERT,
            ),
            *immutable("taking", ["report", "downloaded_by", "began_at"]),
            *final_after("taking", "ended_at", ["outcome", "sha256", "size", "document"]),
        ]

    def __str__(self) -> str:
        return f"{self.report}: {self.outcome or '…'}"
