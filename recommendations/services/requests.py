"""Requests of agencies about their assignments, and MAPO's answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.acts import require, require_reason
from audit.clock import local_date
from audit.errors import NotNow
from audit.services import digest
from privacy.checks import NO_IDENTITIES, IdentityNote, check_identities
from recommendations.models import Assignment, AssignmentRequest
from recommendations.models.assignment import RequestAnswer, RequestKind
from recommendations.permissions import may_report, may_steer
from recommendations.services.cadence import set_next_due
from recommendations.services.checks import (
    close_assignment,
    locked_assignment,
    record_on,
    require_in_force,
    require_none_waiting,
    require_somebody_elses,
)


@transaction.atomic
def decline_assignment(
    assignment: Assignment, *, reason: str, identities_reason: str = "", actor: User, now: datetime
) -> AssignmentRequest:
    """Ask MAPO to remove the assignment. It stays in force until MAPO grants it."""
    wanted: dict[str, Any] = {"kind": RequestKind.DECLINE, "reason": reason, "proposed_on": None}
    return _ask(assignment, identities_reason=identities_reason, actor=actor, now=now, **wanted)


@transaction.atomic
def ask_later_date(
    assignment: Assignment,
    *,
    reason: str,
    proposed_on: date,
    identities_reason: str = "",
    actor: User,
    now: datetime,
) -> AssignmentRequest:
    """Ask MAPO to move the next update's date. The date stands until MAPO grants it."""
    if assignment.is_settled:
        raise NotNow(_("No regular update is due on this item, so no date can be moved."))
    if proposed_on <= (assignment.next_due_on or local_date(now)):
        raise NotNow(_("Propose a date after the current one."))
    if proposed_on > assignment.cycle.window_end:
        raise NotNow(_("Propose a date within the assessment window."))
    wanted: dict[str, Any] = {"kind": RequestKind.LATER, "reason": reason, "proposed_on": proposed_on}
    return _ask(assignment, identities_reason=identities_reason, actor=actor, now=now, **wanted)


def _ask(
    assignment: Assignment,
    *,
    kind: RequestKind,
    reason: str,
    proposed_on: date | None,
    identities_reason: str,
    actor: User,
    now: datetime,
) -> AssignmentRequest:
    """Write the request. Raises `IdentitiesFound` as `check_identities` does."""
    assignment = locked_assignment(assignment)
    require(may_report(actor, assignment))
    require_in_force(assignment)
    reason = require_reason(reason)
    identities = check_identities({"reason": reason}, reason=identities_reason)
    try:
        with transaction.atomic():
            request = AssignmentRequest.objects.create(
                assignment=assignment,
                kind=kind,
                reason=reason,
                proposed_on=proposed_on,
                asked_by=actor,
                asked_at=now,
            )
    except IntegrityError as error:
        raise NotNow(_("A request on this assignment is already waiting for MAPO.")) from error
    after = {"kind": kind, "proposed_on": proposed_on, "reason": digest(reason), **identities.event_facts}
    about: dict[str, Any] = {"obj": request, "after": after, "reason": identities.reason}
    record_on(assignment, action="request.asked", actor=actor, now=now, **about)
    return request


@transaction.atomic
def withdraw_request(request: AssignmentRequest, *, actor: User, now: datetime) -> AssignmentRequest:
    """Take a request back before MAPO has answered it. It stays on record; withdrawing twice changes nothing more."""
    assignment = locked_assignment(request.assignment)
    require(may_report(actor, assignment))
    require_in_force(assignment)
    request = _locked_request(request, assignment)
    if request.answer == RequestAnswer.WITHDRAWN:
        return request
    if request.answer:
        raise NotNow(_("MAPO has already answered this request. Nothing was changed."))
    _close(request, RequestAnswer.WITHDRAWN, action="request.withdrawn", actor=actor, now=now)
    return request


@transaction.atomic
def answer_request(
    request: AssignmentRequest,
    *,
    grant: bool,
    reason: str = "",
    identities_reason: str = "",
    actor: User,
    now: datetime,
) -> AssignmentRequest:
    """Grant or refuse (a refusal needs a reason). Granting ends the assignment or moves its date at once."""
    require(may_steer(actor))
    assignment = locked_assignment(request.assignment)
    require_in_force(assignment)
    request = _locked_request(request, assignment)
    if request.answer == RequestAnswer.WITHDRAWN:
        raise NotNow(_("The agency has withdrawn this request, so there is nothing to answer."))
    if request.answer:
        raise NotNow(_("This request has already been answered. Nothing was changed."))
    require_somebody_elses(request.asked_by, actor)
    request.answer_reason = reason.strip() if grant else require_reason(reason)
    identities = check_identities({"reason": request.answer_reason}, reason=identities_reason)
    answer = RequestAnswer.GRANTED if grant else RequestAnswer.REFUSED
    _close(request, answer, action="request.answered", identities=identities, actor=actor, now=now)
    if grant:
        _carry_out(request, assignment, actor=actor, now=now)
    return request


def _locked_request(request: AssignmentRequest, assignment: Assignment) -> AssignmentRequest:
    """Return the request as it is now, locked. Its assignment is locked already."""
    current = AssignmentRequest.objects.select_for_update(no_key=True).get(pk=request.pk)
    current.assignment = assignment
    return current


def _close(
    request: AssignmentRequest,
    answer: RequestAnswer,
    *,
    action: str,
    identities: IdentityNote = NO_IDENTITIES,
    actor: User,
    now: datetime,
) -> None:
    """Write how the locked request ended, and record it as this action."""
    request.answer, request.answered_by, request.answered_at = answer, actor, now
    request.save(update_fields=["answer", "answer_reason", "answered_by", "answered_at"])
    after = {"answer": request.answer, "kind": request.kind, "proposed_on": request.proposed_on}
    about: dict[str, Any] = {
        "obj": request,
        "after": after | identities.event_facts,
        "reason": identities.reason,
    }
    record_on(request.assignment, action=action, actor=actor, now=now, **about)


def _carry_out(request: AssignmentRequest, assignment: Assignment, *, actor: User, now: datetime) -> None:
    if request.kind == RequestKind.DECLINE:
        require_none_waiting(assignment)
        about: dict[str, Any] = {"action": "assignment.ended", "reason": request.reason}
        close_assignment(assignment, **about, actor=actor, now=now)
        return
    before = {"next_due_on": assignment.next_due_on}
    set_next_due(assignment, request.proposed_on)
    after = {"next_due_on": assignment.next_due_on}
    record_on(assignment, action="assignment.changed", actor=actor, now=now, before=before, after=after)
