"""The council's decisions are recorded, corrected and withdrawn; each is a planned step of an agency or of MAPO."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from audit.acts import require_reason
from audit.errors import BadValue, NotNow
from audit.services import digest
from meetings.models import Meeting, MeetingDecision
from meetings.services.checks import locked_meeting, record_meeting
from meetings.states import MeetingState
from privacy.checks import check_identities
from recommendations.models import Action, Item
from recommendations.services import cancel_action, change_action, plan_decision_step
from recommendations.services.step_changes import current_version

#: Decisions that a meeting may have.
MOST_DECISIONS = 200


@transaction.atomic
def record_decision(
    meeting: Meeting,
    *,
    text: str,
    item: Item,
    agency: Agency | None,
    due_on: date,
    token: UUID,
    identities_reason: str = "",
    actor: User,
    now: datetime,
) -> MeetingDecision:
    """Record what the council decided, and plan it as a step of the agency, or of MAPO itself where `agency` is None.

    The same `token` records once. Raises as `plan_decision_step` does, and `NotNow` unless the minutes are open.
    """
    meeting = locked_meeting(meeting, actor=actor)
    known = MeetingDecision.objects.filter(meeting=meeting, token=token).first()
    if known is not None:
        return known
    _require_open_minutes(meeting)
    _require_of_cycle(item, meeting)
    number = meeting.decisions.order_by("-number").values_list("number", flat=True).first() or 0
    if number >= MOST_DECISIONS:
        raise NotNow(_("This meeting has %(count)s decisions already.") % {"count": MOST_DECISIONS})
    about: dict[str, Any] = {"text": text, "due_on": due_on, "identities_reason": identities_reason}
    step = plan_decision_step(item, agency, actor=actor, now=now, **about)
    decision = _create(
        meeting, step, number=number + 1, agency=agency, token=token, due_on=due_on, actor=actor, now=now
    )
    _record(decision, "decision.recorded", actor=actor, now=now, after=_facts(decision))
    return decision


@transaction.atomic
def correct_decision(
    decision: MeetingDecision,
    *,
    text: str,
    item: Item,
    agency: Agency | None,
    due_on: date,
    reason: str,
    identities_reason: str = "",
    actor: User,
    now: datetime,
) -> MeetingDecision:
    """Correct a decision, with a reason; the former wording is kept. Returns the decision that stands from now on.

    Its step changes with it; for another item or agency it is cancelled and planned again. Raises `NotNow` unless the
    minutes are open and nothing was built on it, and as `plan_decision_step` and `change_action` do.
    """
    decision = _standing(decision, actor=actor)
    _require_of_cycle(item, decision.meeting)
    reason = require_reason(reason)
    identities = check_identities({"text": text, "reason": reason}, reason=identities_reason)
    wanted = (text.strip(), item.pk, agency.pk if agency else None, due_on)
    if wanted == (decision.text, decision.item_id, decision.agency_id, decision.due_on):
        raise NotNow(_("The decision already says this. Nothing was changed."))
    about: dict[str, Any] = {"identities_reason": identities_reason, "actor": actor, "now": now}
    step = decision.action
    if (item.pk, wanted[2]) == (decision.item_id, decision.agency_id):
        seen = current_version(step).pk
        step = change_action(
            step, seen=seen, text=text, owner=step.owner, due_on=due_on, reason=reason, **about
        )
    else:
        cancel_action(step, reason=reason, **about)
        step = plan_decision_step(item, agency, text=text, due_on=due_on, **about)
    _end(decision, reason=reason, actor=actor, now=now)
    corrected = _create(
        decision.meeting,
        step,
        number=decision.number,
        agency=agency,
        due_on=due_on,
        replaces=decision,
        actor=actor,
        now=now,
    )
    facts = {"before": _facts(decision), "after": _facts(corrected) | identities.trail_facts}
    _record(corrected, "decision.corrected", actor=actor, now=now, reason=reason, **facts)
    return corrected


@transaction.atomic
def withdraw_decision(
    decision: MeetingDecision, *, reason: str, identities_reason: str = "", actor: User, now: datetime
) -> MeetingDecision:
    """Withdraw a decision that was recorded by mistake, with a reason; its step is cancelled.

    Raises `NotNow` unless the minutes are open and nothing was built on it.
    """
    decision = _standing(decision, actor=actor)
    reason = require_reason(reason)
    about: dict[str, Any] = {"reason": reason, "actor": actor, "now": now}
    cancel_action(decision.action, identities_reason=identities_reason, **about)
    _end(decision, **about)
    _record(decision, "decision.withdrawn", before=_facts(decision), **about)
    return decision


def _standing(decision: MeetingDecision, *, actor: User) -> MeetingDecision:
    """Return the decision as it is now, with its meeting locked; `NotNow` when it can no longer be changed."""
    meeting = locked_meeting(decision.meeting, actor=actor)
    current = MeetingDecision.objects.select_related("action__owner", "agency", "item").get(pk=decision.pk)
    current.meeting = meeting
    _require_open_minutes(meeting)
    if current.ended_at is not None:
        raise NotNow(_("This decision was corrected or withdrawn meanwhile. Nothing was changed."))
    if not current.action.is_planned or current.action.proposed_on is not None:
        raise NotNow(
            _(
                "Something was done about this decision already: its step is done or cancelled, or a later date was "
                "asked. Nothing was changed; record a new decision."
            )
        )
    return current


def _require_open_minutes(meeting: Meeting) -> None:
    if meeting.state != MeetingState.HELD:
        raise NotNow(
            _(
                "Decisions are recorded once the meeting is held and until its minutes are closed. It is now “%(state)s”."
            )
            % {"state": meeting.get_state_display()}
        )


def _require_of_cycle(item: Item, meeting: Meeting) -> None:
    if item.cycle_id != meeting.cycle_id:
        raise BadValue(_("Choose an item of the meeting’s own cycle."), field="item")


def _create(
    meeting: Meeting,
    step: Action,
    *,
    number: int,
    agency: Agency | None,
    actor: User,
    now: datetime,
    **values: Any,
) -> MeetingDecision:
    """Store a decision with the text and the item of its step."""
    return MeetingDecision.objects.create(
        meeting=meeting,
        number=number,
        item=step.item,
        agency=agency,
        text=step.text,
        action=step,
        recorded_by=actor,
        recorded_at=now,
        **values,
    )


def _end(decision: MeetingDecision, *, reason: str, actor: User, now: datetime) -> None:
    decision.ended_by, decision.ended_at, decision.ended_reason = (
        actor,
        max(now, decision.recorded_at),
        reason,
    )
    decision.save(update_fields=["ended_by", "ended_at", "ended_reason"])


def _record(decision: MeetingDecision, action: str, *, actor: User, now: datetime, **facts: Any) -> None:
    record_meeting(decision.meeting, action, actor=actor, now=now, obj=decision, **facts)


def _facts(decision: MeetingDecision) -> dict[str, Any]:
    return {
        "number": decision.number,
        "item": decision.item_id,
        "agency": decision.whose,
        "due_on": decision.due_on,
        "text": digest(decision.text),
    }
