"""Overrides: what MAPO says an item's state is, beside what its agencies' verdicts give."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import CharField, F, OuterRef, Q, Subquery
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from audit.guarded_text import GuardedTextField
from audit.guards import done_by, final_after, immutable, must_be_now, no_delete
from audit.models import Event
from audit.services import audit_type_of
from recommendations.states import Status, percent_agrees


class ItemOverrideQuerySet(models.QuerySet["ItemOverride"]):
    def standing(self) -> ItemOverrideQuerySet:
        """Those that hold now."""
        return self.filter(ended_at=None)

    def with_setter(self) -> ItemOverrideQuerySet:
        """Add `set_by_name`: who set it, by the name that they had then, which its first Event says."""
        about = Event.objects.filter(
            object_type=audit_type_of(ItemOverride), object_id=Cast(OuterRef("pk"), CharField())
        )
        return self.annotate(set_by_name=Subquery(about.order_by("pk").values("actor_name")[:1]))

    def newest_first(self) -> ItemOverrideQuerySet:
        return self.order_by("-set_at", "-id")


class ItemOverride(models.Model):
    """MAPO's own state of an item, with a reason that everybody reads; it holds until it is ended or replaced."""

    item = models.ForeignKey("Item", on_delete=models.PROTECT, related_name="overrides")
    status = models.CharField(_("status"), max_length=10, choices=Status.choices)
    percent = models.PositiveSmallIntegerField(_("percentage"))
    reason = GuardedTextField(_("reason"))
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_reason = GuardedTextField(blank=True)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )

    web_grants: ClassVar[str] = "append"
    web_updates: ClassVar[tuple[str, ...]] = ("ended_by", "ended_at", "ended_reason")

    objects = ItemOverrideQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(ended_at=None), name="override_one_standing"
            ),
            models.CheckConstraint(condition=percent_agrees(), name="override_percent_agrees"),
            models.CheckConstraint(condition=~Q(reason=""), name="override_with_reason"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, ended_reason="")
                | (Q(ended_at__gte=F("set_at"), ended_by__isnull=False) & ~Q(ended_reason="")),
                name="override_end_whole",
            ),
        ]
        triggers = [
            *no_delete("override"),
            *immutable("override", ["item", "status", "percent", "reason", "set_by", "set_at", "replaces"]),
            *final_after("override", "ended_at", ["ended_by", "ended_reason"]),
            *must_be_now("override", "set_at", "ended_at"),
            *done_by("override", "set_by", "ended_by"),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.get_status_display()}"
