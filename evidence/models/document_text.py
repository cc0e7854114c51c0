"""The text inside a file."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from audit import guards
from audit.guarded_text import GuardedTextField
from evidence.states import TextState


class DocumentText(models.Model):
    """The text inside a file, extracted by a worker for searching; it can be extracted again at any time.

    It is as secret as the file. Who may see the file may find it by these words; nobody reads them as a
    whole. `identities` counts by kind what in it seems to identify a person; None if it was not examined.
    """

    document = models.OneToOneField(
        "evidence.Document", on_delete=models.PROTECT, primary_key=True, related_name="text"
    )
    state = models.CharField(max_length=10, choices=TextState.choices, default=TextState.WAITING)
    text = GuardedTextField(blank=True)
    is_cut = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    after = models.DateTimeField(null=True, blank=True)
    extracted_at = models.DateTimeField(null=True, blank=True)
    identities = models.JSONField(null=True, blank=True)

    web_grants: ClassVar[str] = "keep"

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(state=TextState.DONE) & ~Q(text="")) | (~Q(state=TextState.DONE) & Q(text="")),
                name="document_text_where_done",
            ),
            models.CheckConstraint(condition=Q(state__in=TextState.values), name="document_text_state_known"),
        ]
        triggers = guards.required(
            "documenttext",
            "not_of_sealed",
            "NEW.text = '' OR NEW.document.sealed_at IS NULL",
            guards.WRITE,
        )

    def __str__(self) -> str:
        return f"{self.document_id}: {self.state}"
