"""The outcome of an assignment, worked out from its rows in Python: what the database's own derivation is held to."""

from __future__ import annotations

from recommendations.models import Assignment, Review, Update
from recommendations.states import Decision
from submissions.states import SubmissionState


def pointers_by_hand(assignment: Assignment) -> tuple[int | None, int | None, int | None]:
    """The ids of the newest verdict, of the version that waits, and of the review that returned one."""
    accepted = list(Review.objects.filter(assignment=assignment, decision=Decision.ACCEPT))
    verdict = max(accepted, key=lambda review: (review.decided_at, review.pk), default=None)
    waiting, returned = None, None
    sent = assignment.updates.filter(state__in=[SubmissionState.SUBMITTED, SubmissionState.RETURNED])
    newest = max(sent, key=_reported_last, default=None)
    if newest is not None:
        version = newest.newest_submission
        assert version is not None
        if newest.state == SubmissionState.SUBMITTED:
            waiting = version.pk
        else:
            returned = version.reviews.get(decision=Decision.RETURN).pk
    return verdict.pk if verdict else None, waiting, returned


def _reported_last(update: Update) -> tuple[str, int]:
    return (update.reported_on.isoformat() if update.reported_on else "", update.pk)
