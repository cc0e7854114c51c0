"""Schedules: reports that are made every month for named readers."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.clock import local_date
from audit.guards import append_only, final_after, immutable, must_be_now, no_delete
from recommendations.saved_filters import NAME_LENGTH, QUERY_LENGTH
from reports.months import due_day, end_of_month_before
from reports.states import ExportFormat


class ScheduleQuerySet(models.QuerySet["Schedule"]):
    def running(self) -> ScheduleQuerySet:
        """Not stopped, in cycles that are open."""
        return self.filter(stopped_at=None, cycle__closed_at=None)


class Schedule(models.Model):
    """A selection of which a report is made on a day of each month, as at the end of the month before.

    `query` is the selection without its day. Each of the readers gets a report of their own
    with what they may see. A schedule never changes: MAPO stops it and makes another.
    """

    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    cycle = models.ForeignKey("recommendations.Cycle", on_delete=models.PROTECT, related_name="+")
    export_format = models.CharField(
        _("made as"), max_length=8, choices=ExportFormat.choices, db_column="paper"
    )
    query = models.CharField(max_length=QUERY_LENGTH)
    day_of_month = models.PositiveSmallIntegerField(_("day of the month"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    stopped_at = models.DateTimeField(null=True, blank=True)

    web_grants: ClassVar[str] = "append"
    web_updates: ClassVar[tuple[str, ...]] = ("stopped_by", "stopped_at")

    objects = ScheduleQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "name"], condition=Q(stopped_at=None), name="schedule_name_once"
            ),
            models.CheckConstraint(
                condition=Q(day_of_month__range=(1, 28)), name="schedule_day_in_every_month"
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(query=""), name="schedule_whole"),
            models.CheckConstraint(
                condition=Q(stopped_at=None, stopped_by=None)
                | Q(stopped_at__isnull=False, stopped_by__isnull=False),
                name="schedule_stop_whole",
            ),
        ]
        triggers = [
            *no_delete("schedule"),
            *must_be_now("schedule", "made_at", "stopped_at"),
            *immutable(
                "schedule", ["name", "cycle", "export_format", "query", "day_of_month", "made_by", "made_at"]
            ),
            *final_after("schedule", "stopped_at", ["stopped_by"]),
        ]

    def __str__(self) -> str:
        return self.name

    def day_due(self, today: date) -> date | None:
        """Return the day as at which a report is due this month; None before its day of the month or the window."""
        due = due_day(self.day_of_month, today=today, since=local_date(self.made_at))
        day = end_of_month_before(today)
        return day if due and day >= self.cycle.window_start else None


class ScheduleReader(models.Model):
    """A person for whom a schedule makes reports."""

    schedule = models.ForeignKey(Schedule, on_delete=models.PROTECT, related_name="readers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    web_grants: ClassVar[str] = "append"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["schedule", "user"], name="schedule_reader_once")]
        triggers = append_only("schedulereader")

    def __str__(self) -> str:
        return f"{self.schedule}: {self.user_id}"
