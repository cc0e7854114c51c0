"""What became of a decision of the council that a planned step carries out."""

from datetime import date

from django.db import models
from django.utils.translation import pgettext_lazy


class DecisionOutcome(models.TextChoices):
    """What became of a decision of the council: it follows from its planned step, and is not stored."""

    OPEN = "open", pgettext_lazy("decision of the council", "Open")
    LATE = "late", pgettext_lazy("decision of the council", "Late")
    DONE = "done", pgettext_lazy("decision of the council", "Done")
    CANCELLED = "cancelled", pgettext_lazy("decision of the council", "Cancelled")


def outcome_of(*, is_done: bool, is_cancelled: bool, due_on: date, today: date) -> DecisionOutcome:
    """Return what became of a decision whose step is in this state; a step is late from the day after it was due."""
    if is_cancelled:
        return DecisionOutcome.CANCELLED
    if is_done:
        return DecisionOutcome.DONE
    return DecisionOutcome.LATE if due_on < today else DecisionOutcome.OPEN
