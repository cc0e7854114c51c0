"""Runs of the planning, which show a day that was missed."""

from django.db import models

from audit.guards import immutable, no_delete


class Round(models.Model):
    """One run of the planning that changed something, or was the first of its day.

    Every run sets `checked_at` of the newest row, so a wide gap to the next row means that nothing ran in between.
    `late_count` of the planned reminders belonged to an earlier working day, the earliest of them to `late_since`.
    """

    day = models.DateField()
    checked_at = models.DateTimeField()
    planned_count = models.PositiveIntegerField(default=0)
    settled_count = models.PositiveIntegerField(default=0)
    late_count = models.PositiveIntegerField(default=0)
    late_since = models.DateField(null=True)

    class Meta:
        ordering = ["-pk"]
        triggers = [
            *no_delete("round"),
            *immutable("round", ["day", "planned_count", "settled_count", "late_count", "late_since"]),
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}: {self.planned_count}"
