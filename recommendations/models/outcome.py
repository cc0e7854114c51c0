"""The outcome of an assignment: what MAPO and its agency have made of it by now."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from recommendations.states import ShowsStatus, Status


class Outcome(ShowsStatus, models.Model):
    """MAPO's newest verdict on an assignment, and what waits or came back since.

    The database derives it (`sql/outcome_at.sql`), and nothing writes it: this is its view for now, every assignment
    has one. Status, percentage and verdict are everybody's; `waiting` (a version that waits for MAPO) and `returned`
    (the decision that sent it back) are its agency's and MAPO's, within their clearance.
    """

    assignment = models.OneToOneField(
        "Assignment", on_delete=models.DO_NOTHING, primary_key=True, related_name="outcome"
    )
    status = models.CharField(max_length=10, choices=Status.choices)
    percent = models.PositiveSmallIntegerField()
    decided_at = models.DateTimeField(null=True)
    verdict = models.ForeignKey("Review", on_delete=models.DO_NOTHING, null=True, related_name="+")
    waiting = models.ForeignKey("Submission", on_delete=models.DO_NOTHING, null=True, related_name="+")
    returned = models.ForeignKey("Review", on_delete=models.DO_NOTHING, null=True, related_name="+")

    web_grants: ClassVar[str] = "read"

    class Meta:
        managed = False

    def __str__(self) -> str:
        return f"{self.assignment}: {self.get_status_display()}"

    @property
    def is_completed(self) -> bool:
        """Whether MAPO's newest verdict is "completed"."""
        return self.status == Status.DONE

    @property
    def is_waiting(self) -> bool:
        """Whether a version waits for MAPO."""
        return self.waiting_id is not None
