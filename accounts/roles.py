"""The five roles of the domain."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Role(models.TextChoices):
    """What a person may do; `docs/` describes each. One role for a person."""

    OFFICER = "officer", pgettext_lazy("role", "Officer")
    COORDINATOR = "coordinator", pgettext_lazy("role", "Coordinator")
    REVIEWER = "reviewer", pgettext_lazy("role", "MAPO reviewer")
    ADMINISTRATOR = "administrator", pgettext_lazy("role", "MAPO administrator")
    OBSERVER = "observer", pgettext_lazy("role", "Observer")
