"""When the bytes of a document were last read again, and what was found."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit import guards
from evidence.states import Harm

#: Within so many days each file is read again.
CHECKED_WITHIN = timedelta(days=30)


class FileCheck(models.Model):
    """The newest check of one file. `harm` is "" where the bytes are those that were received."""

    web_grants: ClassVar[str] = "keep"

    document = models.OneToOneField(
        "evidence.Document", on_delete=models.PROTECT, primary_key=True, related_name="file_check"
    )
    checked_at = models.DateTimeField(_("last checked"), db_index=True)
    harm = models.CharField(_("state of the bytes"), max_length=10, choices=Harm.choices, blank=True)
    harmed_at = models.DateTimeField(_("first found harmed"), null=True, blank=True)

    class Meta:
        verbose_name = _("check of a file")
        verbose_name_plural = _("checks of files")
        indexes = [
            models.Index(fields=["document"], name="file_check_harmed", condition=~Q(harm="")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(harm="", harmed_at__isnull=True)
                | Q(harm__in=Harm.values, harmed_at__isnull=False),
                name="file_check_harm_has_its_instant",
            ),
        ]
        triggers = [
            *guards.no_delete("filecheck"),
            *guards.must_be_now("filecheck", "checked_at", "harmed_at"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}: {self.harm or 'whole'}"
