"""What an agency's newest accepted update says, for lists that need more than the verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from recommendations.models import Review
from ui import dates

if TYPE_CHECKING:
    from accounts.models import User
    from recommendations.models import Submission


@dataclass(frozen=True, slots=True)
class NewestVerdict:
    """MAPO's newest verdict on an assignment, without the text that it judged."""

    review_id: int
    status: str
    percent: int
    decided_at: datetime


def _readable(user: User, *, review_ids: Iterable[int]) -> QuerySet[Any, Any]:
    readable = Review.objects.with_narrative_for(user).filter(pk__in=review_ids)
    return readable.order_by("pk").values_list("pk", "submission__covers_to", named=True)


def readable_reviews(review_ids: Iterable[int], *, user: User) -> dict[int, date]:
    """Of these reviews, those whose text the person may read, each with the last day that it covers (one query).

    Asked apart and by number: as a condition inside a longer query the planner would weigh every review there is.
    """
    return {row.pk: row.submission__covers_to for row in _readable(user, review_ids=review_ids)}


def narrative_text(narrative: str, *, covers_from: date, is_nothing_new: bool) -> str:
    """The text of a version; "nothing new since" in the reader's own words (it has no other text)."""
    if not is_nothing_new:
        return narrative
    return _("Nothing new since %(day)s.") % {"day": dates.day(covers_from)}


def submission_narrative(submission: Submission, *, is_nothing_new: bool) -> str:
    """`narrative_text` for a submission in hand."""
    return narrative_text(
        submission.narrative, covers_from=submission.covers_from, is_nothing_new=is_nothing_new
    )
