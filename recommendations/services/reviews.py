"""MAPO's decisions on what agencies submitted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.acts import require_reason
from audit.clock import local_date
from audit.errors import NotAllowed, NotNow
from audit.services import digest
from privacy.checks import NO_IDENTITIES, IdentityNote, check_identities
from recommendations.errors import ABOVE_CLEARANCE, already_decided
from recommendations.models import Outcome, Review, Submission, Update
from recommendations.permissions import (
    OWN_AGENCY,
    OWN_TEXT,
    belongs_to_agency,
    is_above_clearance,
    is_author,
    may_review,
)
from recommendations.services.cadence import correct_next_due, set_next_due, settle_next_due
from recommendations.services.checks import (
    locked_update,
    record_on,
    require_alone,
    require_fitting_percent,
    require_open_cycle,
)
from recommendations.states import Decision
from submissions.states import SubmissionState


@transaction.atomic
def accept_update(
    submission: Submission,
    *,
    status: str,
    percent: int,
    reason: str = "",
    identities_reason: str = "",
    actor: User,
    now: datetime,
) -> Review:
    """Accept one version with MAPO's own verdict; the assignment's next date is set from today.

    A reason is required where the verdict differs from the claim. Raises `AlreadyDecided` when another
    reviewer was first, `NotNow` while a cited file is held, and `IdentitiesFound` as `check_identities` does.
    """
    update = _undecided(submission, actor=actor)
    require_fitting_percent(status, percent)
    require_released_files(submission)
    if (status, percent) != (submission.status, submission.percent):
        reason = require_reason(reason)
    identities = check_identities({"reason": reason}, reason=identities_reason)
    settle_next_due(update.assignment, status=status, actor=actor, now=now)
    verdict: dict[str, Any] = {"status": status, "percent": percent, "reason": reason.strip()}
    return write_acceptance(update, submission, identities=identities, actor=actor, now=now, **verdict)


@transaction.atomic
def return_update(
    submission: Submission,
    *,
    reason: str,
    resubmit_by: date,
    identities_reason: str = "",
    actor: User,
    now: datetime,
) -> Review:
    """Send one version back with a reason and the date to resubmit by, from which lateness counts again."""
    update = _undecided(submission, actor=actor)
    reason = require_reason(reason)
    require_later_day(resubmit_by, now=now)
    identities = check_identities({"reason": reason}, reason=identities_reason)
    set_next_due(update.assignment, resubmit_by)
    asked: dict[str, Any] = {"reason": reason, "resubmit_by": resubmit_by}
    return write_return(update, submission, identities=identities, actor=actor, now=now, **asked)


@transaction.atomic
def supersede_verdict(
    review: Review,
    *,
    status: str,
    percent: int,
    reason: str,
    identities_reason: str = "",
    actor: User,
    now: datetime,
) -> Review:
    """Correct a wrong verdict by a new review with a reason; the old one stays as it was.

    Only the verdict that counts now can be superseded: an older one has been overtaken already.
    """
    update = locked_update(review.submission.update)
    submission = review.submission
    require_open_cycle(update.assignment)
    require_reviewer(actor, submission)
    reason = require_reason(reason)
    require_fitting_percent(status, percent)
    if Outcome.objects.get(pk=update.assignment_id).verdict_id != review.pk:
        raise NotNow(_("There is a newer verdict on this assignment. Replace that one instead."))
    if (status, percent) == (review.status, review.percent):
        raise NotNow(_("This is already the verdict. Nothing was changed."))
    identities = check_identities({"reason": reason}, reason=identities_reason)
    correct_next_due(update.assignment, old=review, status=status, now=now)
    verdict = {"status": status, "percent": percent, "reason": reason, "supersedes": review}
    correction = _create(
        update, submission, decision=Decision.ACCEPT, reviewer=actor, decided_at=now, **verdict
    )
    _record_decision(correction, update, action="verdict.superseded", identities=identities)
    return correction


def _undecided(submission: Submission, *, actor: User) -> Update:
    """Lock the update and check that this version waits for a decision that this person may take."""
    update = locked_update(submission.update)
    require_reviewer(actor, submission)
    require_alone(update)
    decided = submission.reviews.select_related("reviewer").order_by("id").first()
    if decided is not None:
        raise already_decided(decided)
    if update.state != SubmissionState.SUBMITTED:
        raise NotNow(_("The agency has withdrawn this update, so there is nothing to decide."))
    newest = update.newest_submission
    if newest is None or newest.pk != submission.pk:
        raise NotNow(_("The agency has sent a newer version. Open it from the queue and read that one."))
    return update


def require_later_day(resubmit_by: date, *, now: datetime) -> None:
    """Raise `NotNow` unless the agency has at least a day to send it again."""
    if resubmit_by <= local_date(now):
        raise NotNow(_("Enter a date after today, so that the agency has time to resubmit."))


def require_reviewer(actor: User, submission: Submission) -> None:
    """Raise `NotAllowed`, with the reason, when this person may not decide on this submission."""
    if may_review(actor, submission):
        return
    if is_above_clearance(actor, submission):
        raise NotAllowed(ABOVE_CLEARANCE)
    if is_author(actor, submission):
        raise NotAllowed(OWN_TEXT)
    if belongs_to_agency(actor, submission):
        raise NotAllowed(OWN_AGENCY)
    raise NotAllowed(_("Only MAPO decides on updates."))


def require_released_files(submission: Submission) -> None:
    """Raise `NotNow` while a cited file waits for its scan or did not pass it (docs/rules.md, Documents)."""
    held = [document.display_name for document in submission.documents.all() if document.is_held]
    if held:
        raise NotNow(
            _(
                "It cannot be accepted while a file is held: %(names)s. Wait for the scan, or return the update."
            )
            % {"names": ", ".join(held)}
        )


def write_acceptance(
    update: Update,
    submission: Submission,
    *,
    status: str,
    percent: int,
    reason: str = "",
    identities: IdentityNote = NO_IDENTITIES,
    actor: User,
    now: datetime,
) -> Review:
    """Accept one version that may be decided on, and record it; the caller has set the assignment's next date."""
    verdict = {"status": status, "percent": percent, "reason": reason}
    review = _create(update, submission, decision=Decision.ACCEPT, reviewer=actor, decided_at=now, **verdict)
    update.state, update.closed_at = SubmissionState.ACCEPTED, now
    update.save(update_fields=["state", "closed_at"])
    _record_decision(review, update, action="update.accepted", identities=identities)
    return review


def write_return(
    update: Update,
    submission: Submission,
    *,
    reason: str,
    resubmit_by: date,
    identities: IdentityNote = NO_IDENTITIES,
    actor: User,
    now: datetime,
) -> Review:
    """Return one version that may be decided on, and record it; the caller has set the assignment's next date."""
    asked = {"reason": reason, "resubmit_by": resubmit_by}
    review = _create(update, submission, decision=Decision.RETURN, reviewer=actor, decided_at=now, **asked)
    update.state = SubmissionState.RETURNED
    update.save(update_fields=["state"])
    _record_decision(review, update, action="update.returned", identities=identities)
    return review


def _create(update: Update, submission: Submission, **values: Any) -> Review:
    assignment = update.assignment
    return Review.objects.create(
        submission=submission, assignment=assignment, item_id=assignment.item_id, **values
    )


def _record_decision(review: Review, update: Update, *, action: str, identities: IdentityNote) -> None:
    old = review.supersedes
    before = {"status": old.status, "percent": old.percent} if old else {"state": SubmissionState.SUBMITTED}
    after = {
        "version": review.submission.number,
        "status": review.status,
        "percent": review.percent,
        "resubmit_by": review.resubmit_by,
        "reason": digest(review.reason) if review.reason else None,
        "next_due_on": update.assignment.next_due_on,
        **identities.event_facts,
    }
    about: dict[str, Any] = {"obj": review, "before": before, "after": after, "reason": identities.reason}
    record_on(update.assignment, action=action, actor=review.reviewer, now=review.decided_at, **about)
