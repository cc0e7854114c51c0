"""Sources: documents that printed figures, kept whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q

from audit.guards import append_only, must_be_now
from recommendations.models import Cycle
from recommendations.models.cycle import in_reading_language

if TYPE_CHECKING:
    from accounts.models import User


class SourceQuerySet(models.QuerySet["Source"]):
    def visible_to(self, user: User) -> SourceQuerySet:
        """What a source printed is open to everybody signed in once its cycle was opened; MAPO reads it before."""
        return self.all() if user.is_mapo else self.exclude(cycle__opened_at=None)


class Source(models.Model):
    """A document that printed figures of a cycle: its bytes, their SHA-256, and its text, line by line."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="sources")
    code = models.SlugField(max_length=80)
    title_ms = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    published_on = models.DateField()
    file_name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=80)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    text = models.TextField()
    loaded_at = models.DateTimeField()

    web_grants: ClassVar[str] = "append"

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["published_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "code"], name="source_once"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="source_has_hash"),
            models.CheckConstraint(condition=~Q(text=""), name="source_has_text"),
        ]
        triggers = [*append_only("source"), *must_be_now("source", "loaded_at")]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return in_reading_language(self, "title")
