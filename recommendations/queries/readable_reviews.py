"""Whose accepted texts a reader may read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from recommendations.models import Review
from recommendations.queries.sql import fetch_rows, seen_candidate

if TYPE_CHECKING:
    from accounts.models import User


_READABLE = """
SELECT candidate.id, submission.covers_to
FROM recommendations_review candidate
JOIN recommendations_submission submission ON submission.id = candidate.submission_id
WHERE candidate.id = ANY(%s) AND EXISTS ({seen} OFFSET 0)
"""


def readable_reviews(review_ids: Iterable[int], *, user: User) -> dict[int, date]:
    """Return those of these reviews whose text the person may read, each with the last day that it covers (one query).

    Asked apart and by id: as a condition inside a longer query the planner would weigh every review there is.
    """
    seen, of_seen = seen_candidate(Review, user, "with_narrative_for")
    return dict(fetch_rows(_READABLE.format(seen=seen), (list(review_ids), *of_seen)))
