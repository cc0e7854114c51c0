"""Lost second factors: one administrator asks that they be removed, another grants it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.second_eyes import NOT_TIED, AskedOfAnother
from audit import guards
from audit.guarded_text import GuardedCharField

#: How long another administrator may grant what one has asked.
OPEN_FOR = timedelta(hours=24)
REASON_LENGTH = 500


class LostDeviceOutcome(models.TextChoices):
    """How an ask ended."""

    GRANTED = "granted", _("Granted")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class LostDeviceQuerySet(models.QuerySet["LostDevice"]):
    def open(self, now: datetime) -> LostDeviceQuerySet:
        """Return what may still be granted."""
        return self.filter(decided_at=None, asked_at__gt=now - OPEN_FOR)


class LostDevice(AskedOfAnother):
    """An administrator's ask to remove a person's second factors, because the device is lost.

    Granted by another administrator within a day, or withdrawn; after a day it is void. The database refuses that the
    person asks, or that anybody grants what they asked, what is about themselves, or for who is tied to them.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="lost_devices"
    )
    reason = GuardedCharField(max_length=REASON_LENGTH)
    outcome = models.CharField(max_length=10, choices=LostDeviceOutcome.choices, blank=True)

    objects = LostDeviceQuerySet.as_manager()

    class Meta(AskedOfAnother.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(asked_by=F("person")), name="lost_device_asked_by_another"),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, outcome="")
                | Q(decided_at__isnull=False, decided_by__isnull=False, outcome__in=LostDeviceOutcome.values),
                name="lost_device_outcome_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="granted") | (~Q(decided_by=F("asked_by")) & ~Q(decided_by=F("person"))),
                name="lost_device_granted_by_a_third",
            ),
        ]
        triggers = [
            *guards.no_delete("lostdevice"),
            *guards.immutable("lostdevice", ["person", "reason", "asked_by", "asked_at"]),
            *guards.final_after("lostdevice", "decided_at", ["decided_by", "outcome"]),
            *guards.must_be_now("lostdevice", "asked_at", "decided_at"),
            *guards.required(
                "lostdevice",
                "second_eyes",
                f"NEW.outcome <> '{LostDeviceOutcome.GRANTED}' OR {NOT_TIED}",
                guards.UPDATE,
            ),
        ]

    @property
    def open_until(self) -> datetime:
        """The instant after which it can no longer be granted."""
        return self.asked_at + OPEN_FOR
