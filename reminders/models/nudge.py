"""Nudges: what MAPO says by hand to the people responsible for an assignment."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from audit.guards import append_only, must_be_now

#: The most characters of MAPO's own message.
LINE_LENGTH = 200


class Nudge(models.Model):
    """One message of MAPO about one assignment. Its recipients are in the reminders that point to it."""

    assignment = models.ForeignKey(
        "recommendations.Assignment", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    line = models.CharField(max_length=LINE_LENGTH, blank=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()

    web_grants: ClassVar[str] = "append"

    class Meta:
        ordering = ["-sent_at", "-pk"]
        indexes = [models.Index(fields=["assignment", "-sent_at"], name="nudge_by_assignment")]
        triggers = [*append_only("nudge"), *must_be_now("nudge", "sent_at")]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.sent_at:%Y-%m-%d}"
