"""Days off that no library knows: proclaimed at short notice, or kept by one state alone."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.places import Place
from audit.guards import final_after, immutable, must_be_now, no_delete


class DayOffQuerySet(models.QuerySet["DayOff"]):
    def standing(self) -> DayOffQuerySet:
        """Those that have not been taken back."""
        return self.filter(removed_at=None)


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
