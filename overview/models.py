"""Kept views: a page's filters under a name, for the person who kept them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from recommendations.saved_filters import NAME_LENGTH, QUERY_LENGTH


class SavedFilter(models.Model):
    """The query string of a page under a name. A convenience of its owner, who may throw it away."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="kept_views")
    page = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    query = models.CharField(max_length=QUERY_LENGTH)
    kept_at = models.DateTimeField()

    web_grants: ClassVar[str] = "free"
    audit_type: ClassVar[str] = "recommendations.KeptView"

    class Meta:
        db_table = "recommendations_keptview"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "page", "name"], name="kept_view_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="kept_view_named"),
        ]

    def __str__(self) -> str:
        return self.name
