"""What each person chose for their reminders. Their language is a field of the person."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.guards import immutable, no_delete, refuse_update
from reminders.kinds import ReminderKind
from reminders.states import CLOSING_HOUR, DEFAULT_HOUR, OPENING_HOUR


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
