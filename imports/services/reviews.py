"""Decides on an opening import as a whole: accepts every row as claimed, or returns all of it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.acts import require_reason
from audit.errors import AlreadyDecided, NotAllowed, NotNow
from audit.services import digest
from imports.services.batches import change_state
from imports.services.shared import opening_updates
from privacy.checks import check_identities
from recommendations.errors import ABOVE_CLEARANCE
from recommendations.models import Assignment, OpeningImport, Submission, Update
from recommendations.permissions import is_above_opening
from recommendations.services.cadence import set_next_due, settle_next_due
from recommendations.services.reviews import (
    require_later_day,
    require_reviewer,
    write_acceptance,
    write_return,
)
from submissions.states import SubmissionState


def already_decided(opening: OpeningImport) -> AlreadyDecided:
    """Return the refusal of a decision that another reviewer took first."""
    words = _("%(reviewer)s has already decided on this import. Your decision was not recorded.")
    return AlreadyDecided(words % {"reviewer": opening.decided_by.name if opening.decided_by else ""})


@transaction.atomic
def accept_opening(opening: OpeningImport, *, actor: User, now: datetime) -> OpeningImport:
    """Accept every row of a batch as claimed, in order of time, so that the newest report is the newest verdict.

    Each row gets a review of its own; an assignment in force gets its next date once. Raises `AlreadyDecided` when
    another reviewer was first, `NotAllowed` for an author or somebody of the agency, `NotNow` when it was taken back.
    """
    opening, updates = _undecided(opening, actor=actor)
    versions = list(_versions(updates))
    newest = {update.assignment_id: version.status for update, version in versions}
    for assignment in _assignments_of(updates):
        settle_next_due(assignment, status=newest[assignment.pk], actor=actor, now=now)
    for update, version in versions:
        write_acceptance(
            update, version, status=version.status, percent=version.percent, actor=actor, now=now
        )
    _settle(opening, SubmissionState.ACCEPTED, actor=actor, now=now, after={"rows": len(updates)})
    return opening


@transaction.atomic
def return_opening(
    opening: OpeningImport,
    *,
    reason: str,
    resubmit_by: date,
    identities_reason: str = "",
    actor: User,
    now: datetime,
) -> OpeningImport:
    """Send a whole batch back with a reason and the date to resubmit by, from which lateness counts again."""
    opening, updates = _undecided(opening, actor=actor)
    reason = require_reason(reason)
    require_later_day(resubmit_by, now=now)
    identities = check_identities({"reason": reason}, reason=identities_reason)
    asked: dict[str, Any] = {"reason": reason, "resubmit_by": resubmit_by, "identities": identities}
    for assignment in _assignments_of(updates):
        set_next_due(assignment, resubmit_by)
    for update, version in _versions(updates):
        write_return(update, version, actor=actor, now=now, **asked)
    opening.reason, opening.resubmit_by = reason, resubmit_by
    after = {"resubmit_by": resubmit_by, "reason": digest(reason)}
    _settle(opening, SubmissionState.RETURNED, actor=actor, now=now, after=after)
    return opening


def _undecided(opening: OpeningImport, *, actor: User) -> tuple[OpeningImport, list[Update]]:
    """Lock the batch and its updates, and check that it waits for a decision that this person may take."""
    locked_assignments = Assignment.objects.select_for_update(no_key=True, of=("self",)).filter(
        pk__in=Update.objects.filter(opening=opening).values("assignment")
    )
    assignments = {
        each.pk: each for each in locked_assignments.select_related("item__cycle", "agency").order_by("pk")
    }
    rows = OpeningImport.objects.select_for_update(no_key=True, of=("self",))
    current = rows.select_related("cycle", "agency", "decided_by").get(pk=opening.pk)
    updates = opening_updates(current)
    for update in updates:
        update.assignment = assignments[update.assignment_id]
    _require_reviewer(current, updates, actor=actor)
    if current.decided_at is not None:
        raise already_decided(current)
    if not current.is_submitted:
        raise NotNow(_("This import was withdrawn, so there is nothing to decide."))
    return current, updates


def _require_reviewer(opening: OpeningImport, updates: Iterable[Update], *, actor: User) -> None:
    """Raise `NotAllowed` unless the person may decide. One version is checked for all: they differ in class only."""
    if is_above_opening(actor, opening):
        raise NotAllowed(ABOVE_CLEARANCE)
    for update, version in list(_versions(updates))[:1]:
        version.update = update
        require_reviewer(actor, version)


def _versions(updates: Iterable[Update]) -> Iterable[tuple[Update, Submission]]:
    """Return each update with the one version of it that was sent, in the same order (one query)."""
    updates = list(updates)
    sent = {each.update_id: each for each in Submission.objects.filter(update__in=updates)}
    return [(update, sent[update.pk]) for update in updates]


def _assignments_of(updates: Iterable[Update]) -> list[Assignment]:
    return list({update.assignment_id: update.assignment for update in updates}.values())


def _settle(
    opening: OpeningImport, state: SubmissionState, *, actor: User, now: datetime, after: Mapping[str, Any]
) -> None:
    opening.decided_by, opening.decided_at = actor, now
    fields = ("decided_by", "decided_at", "reason", "resubmit_by")
    change_state(opening, state, actor=actor, now=now, fields=fields, after=after)
