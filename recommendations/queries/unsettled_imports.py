"""The opening imports of an agency that are not settled, for My work and the overview."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Func, IntegerField, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from recommendations.models import OpeningImport
from recommendations.models.opening import OpeningState

#: The states in which the agency or MAPO still has something to do.
OPEN_STATES = (OpeningState.DRAFT, OpeningState.SUBMITTED, OpeningState.RETURNED)


class RowsLength(Func):
    """How many rows a batch holds, without reading them."""

    function = "jsonb_array_length"
    output_field = IntegerField()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsettledImport:
    """A batch of the agency that is not settled. Names are empty where nobody has acted yet."""

    id: int
    state: str
    rows_count: int
    sender_name: str
    submitted_at: datetime | None
    reviewer_name: str
    decided_at: datetime | None
    reason: str
    resubmit_by: date | None

    @property
    def is_draft(self) -> bool:
        return self.state == OpeningState.DRAFT

    @property
    def is_returned(self) -> bool:
        return self.state == OpeningState.RETURNED

    @property
    def is_submitted(self) -> bool:
        return self.state == OpeningState.SUBMITTED


def unsettled_imports(user: User) -> list[UnsettledImport]:
    """Return the agency's batches that are not settled, those first that ask it for something. One query."""
    found = OpeningImport.objects.visible_to(user).filter(state__in=OPEN_STATES, cycle__closed_at=None)
    rows = found.order_by("pk").values(
        "id",
        "state",
        "submitted_at",
        "decided_at",
        "reason",
        "resubmit_by",
        rows_count=RowsLength(F("rows")),
        sender_name=Coalesce(F("submitted_by__name"), Value("")),
        reviewer_name=Coalesce(F("decided_by__name"), Value("")),
    )
    rank = {OpeningState.RETURNED: 0, OpeningState.DRAFT: 1, OpeningState.SUBMITTED: 2}
    unsettled = [UnsettledImport(**row) for row in rows]
    return sorted(unsettled, key=lambda each: (rank[OpeningState(each.state)], each.id))
