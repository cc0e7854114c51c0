"""MAPO's decisions on figures that an agency sent, one for each."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from audit.guarded_text import GuardedTextField
from audit.guards import INSERT, append_only, done_by, must_be_now, required
from recommendations.states import Decision
from submissions.models import not_by_writer


class FigureDecision(models.Model):
    """MAPO accepts one figure that was sent, which then is `figure`, or returns it with a reason."""

    sent = models.OneToOneField("SentFigure", on_delete=models.PROTECT, related_name="decision_on")
    decision = models.CharField(max_length=8, choices=Decision.choices)
    reason = GuardedTextField(blank=True)
    figure = models.OneToOneField(
        "Figure", on_delete=models.PROTECT, null=True, blank=True, related_name="decision_on"
    )
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    web_grants: ClassVar[str] = "append"

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decision=Decision.ACCEPT, figure__isnull=False, reason="")
                | (Q(decision=Decision.RETURN, figure=None) & ~Q(reason="")),
                name="figure_decision_whole",
            )
        ]
        triggers = [
            *append_only("figure_decision"),
            *must_be_now("figure_decision", "decided_at"),
            *done_by("figure_decision", "decided_by"),
            *not_by_writer(
                "figure_decision",
                "decided_by",
                "indicators_figurereportwriter",
                "report",
                "NEW.sent.submission.report",
            ),
            # The figure is the one that was sent, of a month that waits.
            *required(
                "figure_decision",
                "of_waiting_report",
                "NEW.sent.submission.report.state = 'submitted' AND (NEW.figure_id IS NULL OR"
                " NEW.figure.series = NEW.sent.series AND NEW.figure.value = NEW.sent.value"
                " AND NEW.figure.begins_on = NEW.sent.submission.report.month)",
                INSERT,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sent}: {self.get_decision_display()}"

    @property
    def is_accepted(self) -> bool:
        return self.decision == Decision.ACCEPT
