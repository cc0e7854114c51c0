"""MAPO's decisions on figures that an agency sent, one for each."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from audit.guarded_text import GuardedTextField
from audit.guards import append_only, done_by, must_be_now, required
from recommendations.states import Decision


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
            *required(
                "figure_decision",
                "not_by_writer",
                """NOT EXISTS (
                    SELECT FROM public.indicators_sentfigure sent
                    JOIN public.indicators_figuresubmission submission ON submission.id = sent.submission_id
                    JOIN public.indicators_figurereportwriter writer ON writer.report_id = submission.report_id
                    WHERE sent.id = NEW.sent_id AND writer.user_id = NEW.decided_by_id
                )""",
                pgtrigger.Insert,
            ),
            *required(
                "figure_decision",
                "of_waiting_report",
                """EXISTS (
                    SELECT FROM public.indicators_sentfigure sent
                    JOIN public.indicators_figuresubmission submission ON submission.id = sent.submission_id
                    JOIN public.indicators_figurereport report ON report.id = submission.report_id
                    LEFT JOIN public.indicators_figure figure ON figure.id = NEW.figure_id
                    WHERE sent.id = NEW.sent_id AND report.state = 'submitted'
                      AND (figure.id IS NULL
                           OR (figure.series_id = sent.series_id AND figure.value = sent.value
                               AND figure.begins_on = report.month))
                )""",
                pgtrigger.Insert,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sent}: {self.get_decision_display()}"

    @property
    def is_accepted(self) -> bool:
        return self.decision == Decision.ACCEPT
