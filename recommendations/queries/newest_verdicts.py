"""What an agency's newest accepted update says, for lists that need more than the verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from recommendations.models import Review

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True, slots=True)
class NewestVerdict:
    """MAPO's newest verdict on an assignment, without the text that it judged."""

    review_id: int
    status: str
    percent: int
    decided_at: datetime


def readable_reviews(review_ids: Iterable[int], *, user: User) -> dict[int, date]:
    """Return those of these reviews whose text the person may read, each with the last day that it covers (one query).

    Asked apart and by id: as a condition inside a longer query the planner would weigh every review there is.
    """
    readable = Review.objects.with_narrative_for(user).filter(pk__in=review_ids)
    return dict(readable.order_by("pk").values_list("pk", "submission__covers_to"))
