"""Kept selections: what somebody summarises again and again, under a name."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User

NAME_LENGTH = 60
QUERY_LENGTH = 1000


class SavedSelectionQuerySet(models.QuerySet["SavedSelection"]):
    def visible_to(self, user: User) -> SavedSelectionQuerySet:
        """One's own, and what was shared with one's agency; MAPO's stays with MAPO's people."""
        shared = Q(is_shared=True, agency_id=user.agency_id, is_of_mapo=user.is_mapo)
        return self.filter(Q(user=user) | shared)


class SavedSelection(models.Model):
    """A selection under a name, without its day: a convenience of its owner, who may share it and throw it away.

    `agency` and `is_of_mapo` say with whom it is shared: the colleagues of then, wherever its owner goes later.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="saved_selections"
    )
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    query = models.CharField(max_length=QUERY_LENGTH)
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="+")
    is_of_mapo = models.BooleanField(default=False)
    is_shared = models.BooleanField(_("shared with colleagues"), default=False)
    kept_at = models.DateTimeField()

    web_grants: ClassVar[str] = "free"
    audit_type: ClassVar[str] = "reports.KeptSelection"

    objects = SavedSelectionQuerySet.as_manager()

    class Meta:
        db_table = "reports_keptselection"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="kept_selection_name_once"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(query=""), name="kept_selection_whole"),
        ]

    def __str__(self) -> str:
        return self.name
