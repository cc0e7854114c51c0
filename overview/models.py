"""Saved filters of the overview."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from recommendations.saved_filters import SavedQuery

#: The value of `SavedFilter.page`: so far one page offers saved filters.
PAGE = "overview"


class SavedFilter(SavedQuery):
    """The filters of a page under a name. The table and the audit type keep the model's first name."""

    page = models.CharField(max_length=40)

    audit_type: ClassVar[str] = "recommendations.KeptView"

    class Meta(SavedQuery.Meta):
        db_table = "recommendations_keptview"
        constraints = [
            models.UniqueConstraint(fields=["user", "page", "name"], name="kept_view_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="kept_view_named"),
        ]
