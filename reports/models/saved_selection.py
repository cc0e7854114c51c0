"""Saved selections: what somebody summarises again and again, under a name."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from recommendations.saved_filters import SavedQuery


class SavedSelectionQuerySet(models.QuerySet["SavedSelection"]):
    def visible_to(self, user: User) -> SavedSelectionQuerySet:
        """One's own, and what was shared with one's agency; MAPO's stay with MAPO."""
        shared = Q(is_shared=True, agency_id=user.agency_id, is_of_mapo=user.is_mapo)
        return self.filter(Q(user=user) | shared)


class SavedSelection(SavedQuery):
    """A selection under a name, without its day. Its owner may share and delete it.

    `agency` and `is_of_mapo` say with whom it is shared: the colleagues of then, wherever its owner goes later. The
    table and the audit type keep the model's first name.
    """

    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="+")
    is_of_mapo = models.BooleanField(default=False)
    is_shared = models.BooleanField(_("shared with colleagues"), default=False)

    audit_type: ClassVar[str] = "reports.KeptSelection"

    objects = SavedSelectionQuerySet.as_manager()

    class Meta(SavedQuery.Meta):
        db_table = "reports_keptselection"
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="kept_selection_name_once"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(query=""), name="kept_selection_whole"),
        ]
