"""The five roles."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Role(models.TextChoices):
    """What a person may do; each person has one role."""

    OFFICER = "officer", pgettext_lazy("role", "Officer")
    COORDINATOR = "coordinator", pgettext_lazy("role", "Coordinator")
    REVIEWER = "reviewer", pgettext_lazy("role", "MAPO reviewer")
    ADMINISTRATOR = "administrator", pgettext_lazy("role", "MAPO administrator")
    OBSERVER = "observer", pgettext_lazy("role", "Observer")


#: Those who write for one agency.
AGENCY_ROLES: tuple[str, ...] = (Role.OFFICER.value, Role.COORDINATOR.value)
#: Those who see every agency, up to their clearance.
MAPO_ROLES: tuple[str, ...] = (Role.REVIEWER.value, Role.ADMINISTRATOR.value)
