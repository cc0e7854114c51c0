"""How the page of an item shows the agencies of the item; `item_page` fills it in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, QuerySet, Subquery

from accounts.models import AgencyVersion
from recommendations.models import Assignment
from recommendations.rollup import Verdict
from recommendations.states import AssignmentRole, Stage
from submissions.states import SubmissionState

if TYPE_CHECKING:
    from recommendations.models import AssignmentRequest, Item, Update
    from recommendations.queries.comments import NewestComments


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAgency:
    """An assignment of the item. Dates, waiting, updates, requests and comments are its agency's and MAPO's alone.

    `is_late`: an update was due before today, in an open cycle. `is_settled`: completed, and no regular update is due;
    `asked_reason`: why MAPO asks for one all the same.
    """

    assignment_id: int
    code: str
    name: str
    role: str
    stage: str
    verdict: Verdict
    decided_at: datetime | None
    accepted_until: date | None
    is_own: bool
    is_awaiting: bool
    next_due_on: date | None
    is_late: bool
    is_settled: bool
    asked_reason: str
    updates: list[Update]
    request: AssignmentRequest | None
    comments: NewestComments

    @property
    def is_lead(self) -> bool:
        return self.role == AssignmentRole.LEAD

    @property
    def role_label(self) -> str:
        return str(AssignmentRole(self.role).label)

    @property
    def is_in_force(self) -> bool:
        return self.stage == Stage.CONFIRMED

    @property
    def is_suggested(self) -> bool:
        return self.stage == Stage.SUGGESTED

    @property
    def open_update(self) -> Update | None:
        """The update that is being written or waits, within the reader's clearance."""
        return next((update for update in self.updates if update.is_open), None)

    @property
    def claim(self) -> Update | None:
        """What waits for MAPO's decision."""
        return next((update for update in self.updates if update.state == SubmissionState.SUBMITTED), None)

    @property
    def has_thread(self) -> bool:
        """Whether there is something to read, or somebody to write to."""
        return self.is_in_force or self.comments.count > 0

    @property
    def repeats_since(self) -> date | None:
        """The day since which its people may report "nothing new" in one click; None where they may not."""
        is_free = self.is_own and not self.is_awaiting and self.open_update is None
        return self.accepted_until if is_free else None


def agencies_as_at(item: Item, *, before: datetime | None) -> QuerySet[Any, Any]:
    """Return the item's assignments, also ended ones, with code and names of their agencies as at the instant, or now."""
    versions = AgencyVersion.objects.as_at(before) if before else AgencyVersion.objects.current()
    named = versions.filter(agency_id=OuterRef("agency_id")).order_by("-began_at")
    names = {name: Subquery(named.values(name)[:1]) for name in ("code", "name_ms", "name_en")}
    rows = Assignment.objects.filter(item=item).annotate(**names)
    return rows.values_list("pk", "agency_id", *names, named=True)
