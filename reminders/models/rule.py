"""What administrators and people set: the rules of a cycle, days off, and their own preferences."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.regions import Place
from audit.guards import final_after, immutable, must_be_now, no_delete, refuse_update
from audit.past import held_before
from reminders.kinds import RULE_KINDS, ReminderKind
from reminders.states import CLOSING_HOUR, DEFAULT_HOUR, MAX_RULE_DAYS, OPENING_HOUR, Audience

if TYPE_CHECKING:
    from recommendations.models import Cycle


class ReminderRuleQuerySet(models.QuerySet["ReminderRule"]):
    def on(self) -> ReminderRuleQuerySet:
        """Return the rules that are switched on."""
        return self.filter(is_on=True)

    def others(self, cycle: Cycle, rule: ReminderRule | None) -> ReminderRuleQuerySet:
        """Return the rules of a cycle that are on, without this one."""
        rules = self.on().filter(cycle=cycle)
        return rules.exclude(pk=rule.pk) if rule is not None else rules


class ReminderRule(models.Model):
    """One rule of a cycle. Days are working days of the recipient, counted from the date; negative ones lie before it.

    `audience` is told first, on `first_days`; then every `every_days`, `times` more times, or until it is done. From
    `coordinator_days` and `mapo_days` on, these are told as well, as often again. Rules are switched off, not deleted.
    """

    cycle = models.ForeignKey("recommendations.Cycle", on_delete=models.PROTECT, related_name="+")
    what = models.CharField(
        _("date"), max_length=16, choices=[(kind.value, kind.label) for kind in RULE_KINDS]
    )
    audience = models.CharField(_("who is told first"), max_length=12, choices=Audience.choices)
    first_days = models.SmallIntegerField(
        _("working days from the date"),
        validators=[MinValueValidator(-MAX_RULE_DAYS), MaxValueValidator(MAX_RULE_DAYS)],
    )
    every_days = models.PositiveSmallIntegerField(
        _("again every so many working days"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    times = models.PositiveSmallIntegerField(
        _("how many times more"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    coordinator_days = models.SmallIntegerField(
        _("working days until the coordinators are told"), null=True, blank=True
    )
    mapo_days = models.SmallIntegerField(_("working days until MAPO is told"), null=True, blank=True)
    is_urgent = models.BooleanField(_("goes out at once, outside the digest"), default=False)
    is_on = models.BooleanField(_("switched on"), default=True)
    added_at = models.DateTimeField()

    objects = ReminderRuleQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(what__in=RULE_KINDS), name="rule_what_known"),
            models.CheckConstraint(condition=Q(audience__in=Audience.values), name="rule_audience_known"),
            models.CheckConstraint(
                condition=Q(every_days=None) | Q(every_days__gte=1), name="rule_every_positive"
            ),
            models.CheckConstraint(
                condition=Q(times=None) | Q(times__gte=1, every_days__isnull=False),
                name="rule_times_of_repeats",
            ),
        ]
        triggers = [*no_delete("rule"), *immutable("rule", ["cycle", "added_at"])]

    def __str__(self) -> str:
        return f"{ReminderKind(self.what).label} ({self.first_days:+d})"


class DayOffQuerySet(models.QuerySet["DayOff"]):
    def in_force(self) -> DayOffQuerySet:
        """Return those that were not removed."""
        return self.filter(removed_at=None)

    def in_force_before(self, instant: datetime) -> DayOffQuerySet:
        """Return those that had been added, and not removed, before an instant."""
        return self.filter(held_before(instant, began="added_at", ended="removed_at"))

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
            *must_be_now("dayoff", "added_at", "removed_at"),
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.name}"

    @property
    def where(self) -> str:
        """Where nothing is sent, in words."""
        return str(self.get_place_display() if self.place else _("All states and federal territories"))


class Preference(models.Model):
    """The choices of a person who changed the defaults (at eight, nothing muted).

    `feed_number` is part of the secret in the address of their calendar: raising it makes the old address invalid.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reminder_preference"
    )
    hour = models.PositiveSmallIntegerField(
        _("hour of the digest"),
        default=DEFAULT_HOUR,
        validators=[MinValueValidator(OPENING_HOUR), MaxValueValidator(CLOSING_HOUR - 1)],
    )
    muted: ArrayField[list[str], list[str]] = ArrayField(
        models.CharField(max_length=16, choices=ReminderKind.choices), default=list, blank=True
    )
    feed_number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(hour__gte=OPENING_HOUR, hour__lt=CLOSING_HOUR), name="preference_hour_open"
            ),
        ]
        triggers = [
            *no_delete("preference"),
            *immutable("preference", ["user"]),
            # A renewed calendar link stays invalid.
            refuse_update("preference_feed_renewed", "NEW.feed_number < OLD.feed_number"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}"
