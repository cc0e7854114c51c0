"""Classes of official documents, after the Official Secrets Act 1972."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Clearance(models.IntegerChoices):
    """Ordered classes: a person reads what is classified up to their own clearance."""

    OPEN = 0, pgettext_lazy("classification", "Open")
    RESTRICTED = 1, pgettext_lazy("classification", "Restricted")
    CONFIDENTIAL = 2, pgettext_lazy("classification", "Confidential")
    SECRET = 3, pgettext_lazy("classification", "Secret")
    TOP_SECRET = 4, pgettext_lazy("classification", "Top secret")
