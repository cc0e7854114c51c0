"""Figures: numbers as they were given, never overwritten."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from audit.guarded_text import GuardedTextField
from audit.guards import done_by, final_after, immutable, must_be_now, no_delete
from audit.past import held_before
from indicators.models.source import Source
from indicators.states import TEXT_LENGTH, PeriodKind

if TYPE_CHECKING:
    from accounts.models import User


class FigureQuerySet(models.QuerySet["Figure"]):
    def visible_to(self, user: User) -> FigureQuerySet:
        """Figures are open to everybody signed in, printed ones from when their cycle is opened.

        Before, they count for nobody: MAPO reads them in the source's tables alone.
        """
        return self.exclude(source__in=Source.objects.filter(cycle__opened_at=None))

    def standing(self) -> FigureQuerySet:
        """Figures that no revision has replaced."""
        return self.filter(ended_at=None)

    def as_at(self, instant: datetime) -> FigureQuerySet:
        """Figures that stood just before an instant; for a day, pass `clock.end_of_day(day)`."""
        return self.filter(held_before(instant, began="recorded_at"))


class Figure(models.Model):
    """A number of a series for a period, exactly as given (`text`) and as a number (`value`).

    `source` is the document that printed it; a figure that an agency reported has none. `counted_to` is the last day that
    was counted, where the giver says one. A revision is a new row that replaces this one, with its reason; `ended_at` is
    set then.
    """

    series = models.ForeignKey("Series", on_delete=models.PROTECT, related_name="figures")
    period_kind = models.CharField(max_length=8, choices=PeriodKind.choices)
    begins_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    is_partial = models.BooleanField(default=False)
    counted_to = models.DateField(null=True, blank=True)
    text = models.CharField(max_length=TEXT_LENGTH)
    value = models.DecimalField(max_digits=18, decimal_places=2)
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, null=True, blank=True, related_name="figures"
    )
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    reason = GuardedTextField(blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    web_grants: ClassVar[str] = "append"
    web_updates: ClassVar[tuple[str, ...]] = ("ended_at",)

    objects = FigureQuerySet.as_manager()

    class Meta:
        ordering = ["series", "begins_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "period_kind", "begins_on", "ends_on", "source"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
                name="figure_once",
            ),
            models.CheckConstraint(
                condition=Q(period_kind__in=PeriodKind.values), name="figure_period_known"
            ),
            models.CheckConstraint(
                condition=Q(period_kind=PeriodKind.UNSTATED, begins_on=None, ends_on=None)
                | (~Q(period_kind=PeriodKind.UNSTATED) & Q(begins_on__lte=F("ends_on"))),
                name="figure_period_whole",
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="figure_not_negative"),
            models.CheckConstraint(condition=~Q(text=""), name="figure_as_given"),
            models.CheckConstraint(
                condition=Q(replaces=None) | ~Q(reason=""), name="figure_revised_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("recorded_at")), name="figure_ends_later"
            ),
        ]
        indexes = [
            models.Index(
                fields=["series", "period_kind", "begins_on", "recorded_at"], name="figure_by_series"
            )
        ]
        triggers = [
            *no_delete("figure"),
            *immutable(
                "figure",
                [
                    *("series", "period_kind", "begins_on", "ends_on", "is_partial", "counted_to"),
                    *("text", "value", "source", "replaces", "reason", "recorded_by", "recorded_at"),
                ],
            ),
            *final_after("figure", "ended_at", []),
            *must_be_now("figure", "recorded_at", "ended_at"),
            *done_by("figure", "recorded_by"),
        ]

    def __str__(self) -> str:
        return f"{self.series}: {self.text}"
