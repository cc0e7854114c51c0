"""Reminder rules: of which date, how many working days from it, to whom, and how often again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.guards import immutable, no_delete
from reminders.kinds import RULE_KINDS, ReminderKind
from reminders.states import MAX_RULE_DAYS, Audience

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
