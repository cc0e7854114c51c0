"""Kept views: a page's filters under a name, for the person who kept them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class KeptView(models.Model):
    """The query string of a page under a name. A convenience of its owner: it may be renamed and thrown away."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="kept_views")
    page = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=1000)
    kept_at = models.DateTimeField()

    web_grants: ClassVar[str] = "free"

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "page", "name"], name="kept_view_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="kept_view_named"),
        ]

    def __str__(self) -> str:
        return self.name
