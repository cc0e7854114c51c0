"""What was hidden of texts, and since when."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from audit.guards import append_only

#: Acts that hide words of texts that others may have read before.
HIDDEN_LATER = ("identity.redacted", "identity.found_again")
#: The same, and showing them again.
CHANGED_LATER = (*HIDDEN_LATER, "identity.lifted")


class IdentityMark(models.Model):
    """Words of one text that some readers may not see, or that they may see it whole again (`is_hidden` is false).

    The text itself is not here: it is known by its SHA-256 and its length in characters, wherever it stands. `spans` are
    [start, end, kind]. Whose the text is, its agency reads it whole. The Event says who, when and why; the database
    writes the row with it, from `identity_marks` among its values, and nobody else can.
    """

    event_id = models.BigIntegerField()
    field = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    length = models.PositiveIntegerField(db_index=True)
    spans = models.JSONField()
    is_hidden = models.BooleanField()
    agency_id = models.BigIntegerField(null=True)

    web_grants: ClassVar[str] = "read"

    class Meta:
        indexes = [
            models.Index(fields=["sha256", "id"], name="privacy_mark_text"),
            models.Index(fields=["event_id"], name="privacy_mark_event"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="mark_sha256_is_hex")
        ]
        triggers = append_only("identitymark")

    def __str__(self) -> str:
        return f"{self.field} of event {self.event_id}"


class MarksVersion(models.Model):
    """One row, once there are marks: the transaction that added the last ones. Written by the database alone.

    Transactions move it one after another, when they end: who reads the same number sees the same marks.
    """

    id = models.PositiveSmallIntegerField(primary_key=True)
    moved_in = models.BigIntegerField()

    web_grants: ClassVar[str] = "read"

    def __str__(self) -> str:
        return str(self.moved_in)
