from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import Agency, User
from audit.guarded_text import GuardedTextField
from audit.guards import append_only
from evidence.models import Document
from recommendations.models import Cycle
from submissions.models import (
    Draft,
    DraftWriter,
    SubmissionVersion,
    citation_guards,
    draft_constraints,
    draft_guards,
    version_guards,
)
from submissions.states import OPEN_STATES


class ContributionQuerySet(models.QuerySet["Contribution"]):
    def visible_to(self, user: User) -> ContributionQuerySet:
        """Its agency sees its own; MAPO what was sent."""
        if user.is_mapo:
            return self.exclude(submitted_at=None)
        return self.filter(agency_id=user.agency_id) if user.is_agency_actor else self.none()


class Contribution(Draft):
    """What an agency contributes to the country's own report in a cycle."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    text = GuardedTextField(blank=True)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        constraints = [
            *draft_constraints("contribution"),
            models.UniqueConstraint(
                fields=["agency", "cycle"], condition=Q(state__in=OPEN_STATES), name="contribution_one_open"
            ),
        ]
        triggers = draft_guards("contribution", content=["text"], identity=["agency", "cycle"])

    def __str__(self) -> str:
        return f"{self.agency.code} #{self.pk}"


class ContributionWriter(DraftWriter):
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="writers")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contribution", "user"], name="contribution_writer_once")
        ]
        triggers = append_only("contribution_writer")

    def __str__(self) -> str:
        return f"{self.contribution} · {self.user}"


class ContributionCitation(models.Model):
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="citations")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")

    web_grants: ClassVar[str] = "free"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contribution", "document"], name="contribution_cites_once")
        ]
        triggers = citation_guards("contribution_citation", parent="contribution")

    def __str__(self) -> str:
        return f"{self.contribution} ← {self.document}"


class SentContribution(SubmissionVersion):
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="submissions")
    text = GuardedTextField()
    documents = models.ManyToManyField(Document, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contribution", "number"], name="sent_contribution_number")
        ]
        triggers = version_guards("sent_contribution", parent="contribution")

    def __str__(self) -> str:
        return f"{self.contribution} / {self.number}"
