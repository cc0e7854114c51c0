"""What each person chose about their reminders. Their language stands with the person."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.guards import immutable, no_delete, refuse_update
from reminders.hours import CLOSES, OPENS, USUAL_HOUR
from reminders.states import What


class Preference(models.Model):
    """One row a person who chose otherwise than the defaults: at eight, nothing muted.

    `feed_number` is part of the secret of the calendar's address: raising it kills the old one.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reminder_preference"
    )
    hour = models.PositiveSmallIntegerField(
        _("hour of the digest"),
        default=USUAL_HOUR,
        validators=[MinValueValidator(OPENS), MaxValueValidator(CLOSES - 1)],
    )
    muted: ArrayField[list[str], list[str]] = ArrayField(
        models.CharField(max_length=16, choices=What.choices), default=list, blank=True
    )
    feed_number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(hour__gte=OPENS, hour__lt=CLOSES), name="preference_hour_open"
            ),
        ]
        triggers = [
            *no_delete("preference"),
            *immutable("preference", ["user"]),
            # A calendar's link that was renewed stays dead.
            refuse_update("preference_feed_renewed", "NEW.feed_number < OLD.feed_number"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}"
