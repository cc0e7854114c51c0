"""Whose accepted texts a reader may read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from recommendations.models import Review

if TYPE_CHECKING:
    from accounts.models import User


def readable_reviews(review_ids: Iterable[int], *, user: User) -> dict[int, date]:
    """Return those of these reviews whose text the person may read, each with the last day that it covers (one query).

    Asked apart and by id: as a condition inside a longer query the planner would weigh every review there is.
    """
    readable = Review.objects.filter(pk__in=list(review_ids)).with_narrative_for(user)
    return dict(readable.values_list("pk", "submission__covers_to"))
