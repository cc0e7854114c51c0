"""Days off that the holiday library does not know: announced at short notice, or in one state only."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.places import Place
from audit.guards import final_after, immutable, must_be_now, no_delete


class DayOffQuerySet(models.QuerySet["DayOff"]):
    def in_force(self) -> DayOffQuerySet:
        """Return those that were not removed."""
        return self.filter(removed_at=None)

    def coming(self, today: date) -> DayOffQuerySet:
        """Return those in force from a day on, the next first."""
        return self.in_force().filter(day__gte=today).order_by("day", "place", "pk")

    def over(self, today: date) -> DayOffQuerySet:
        """Return those in force before a day, the last first."""
        return self.in_force().filter(day__lt=today).order_by("-day", "place")


class DayOff(models.Model):
    """A day on which nothing is sent, in one state or federal territory, or in all (empty)."""

    day = models.DateField(_("day"))
    place = models.CharField(_("state or federal territory"), max_length=3, choices=Place.choices, blank=True)
    name = models.CharField(_("what the day is"), max_length=120)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    removed_at = models.DateTimeField(null=True)

    objects = DayOffQuerySet.as_manager()

    class Meta:
        ordering = ["day", "place", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "place"], condition=Q(removed_at=None), name="day_off_once"
            ),
            models.CheckConstraint(condition=Q(place__in=[*Place.values, ""]), name="day_off_place_known"),
        ]
        triggers = [
            *no_delete("dayoff"),
            *immutable("dayoff", ["day", "place", "name", "added_by", "added_at"]),
            *final_after("dayoff", "removed_at", ["removed_by"]),
            *must_be_now("dayoff", "added_at"),
            *must_be_now("dayoff", "removed_at"),
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.name}"

    @property
    def where(self) -> str:
        """Where nothing is sent, in words."""
        return str(self.get_place_display() if self.place else _("All states and federal territories"))
