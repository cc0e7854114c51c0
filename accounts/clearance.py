"""Classes of official documents, after the Official Secrets Act 1972."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from accounts.models import User


class Clearance(models.IntegerChoices):
    """Ordered classes: a person reads what is classified up to their own clearance."""

    OPEN = 0, pgettext_lazy("classification", "Open")
    RESTRICTED = 1, pgettext_lazy("classification", "Restricted")
    CONFIDENTIAL = 2, pgettext_lazy("classification", "Confidential")
    SECRET = 3, pgettext_lazy("classification", "Secret")
    TOP_SECRET = 4, pgettext_lazy("classification", "Top secret")


def highest_class(person: User) -> int:
    """Return the highest class that a person may give: their clearance, up to the installation's ceiling."""
    return min(person.clearance, settings.CLASSIFICATION_CEILING)


def usual_class(person: User) -> Clearance:
    """Return the class of what a person begins, until somebody changes it."""
    return Clearance(min(Clearance.RESTRICTED, highest_class(person)))
