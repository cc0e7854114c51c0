"""Changes of planned steps, each with what stood before: text, owner and due date; a later date asked; undo."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.acts import changed_fields, require, require_reason
from audit.clock import local_date
from audit.errors import BadValue, NotNow
from audit.services import digest
from privacy.checks import check_identities
from recommendations.errors import stale_step
from recommendations.extensions import StepNews
from recommendations.models import Action, ActionVersion
from recommendations.permissions import may_cancel_step, may_change_step, may_edit_decision, may_work_on_step
from recommendations.services.checks import (
    locked_step,
    record_step,
    require_owner,
    require_somebody_elses,
    require_step_open,
    require_timely,
    require_within_reach,
    tell_of_step,
)

_CHANGEABLE = ("text", "owner_id", "due_on")
_PROPOSED = ("proposed_on", "proposed_reason", "proposed_by")
_UNDOABLE = (*_CHANGEABLE, "done_on", "cancelled_at", "cancelled_reason", "changed_reason")


@transaction.atomic
def change_action(
    action: Action,
    *,
    seen: int,
    text: str,
    owner: User | None,
    due_on: date,
    reason: str = "",
    identities_reason: str = "",
    actor: User,
    now: datetime,
) -> Action:
    """Change the text, the owner or the due date of a planned step; the database keeps what stood before.

    What the council decided (ADR 10): its agency changes the owner alone; MAPO changes the text or the date, with a
    reason, and answers by it whoever asked for a later date. `seen` is the number of the version that the person
    saw. Saving what stands changes nothing. Raises `Stale` when somebody else changed it since, `BadValue` for a
    new date that has passed, `NotNow`, and `IdentitiesFound` as `check_identities` does.
    """
    step = locked_step(action)
    require(may_change_step(actor, step))
    require_step_open(step)
    current = current_version(step)
    if current.pk != seen:
        raise stale_step(current)
    owner_id = owner.pk if owner else None
    before, after = changed_fields(step, {"text": text.strip(), "owner_id": owner_id, "due_on": due_on})
    if not after:
        return step
    if step.is_decision and after.keys() & {"text", "due_on"}:
        require(may_edit_decision(actor, step))
        reason = require_reason(reason)
    _require_fitting(step, owner, after, today=local_date(now))
    if step.is_decision and "due_on" in after:
        require_somebody_elses(step.proposed_by, actor)
    identities = check_identities({"text": text, "reason": reason}, reason=identities_reason)
    asker = step.proposed_by
    for name, value in after.items():
        setattr(step, name, value)
    step.changed_reason = reason.strip()
    if "due_on" in after:
        step.proposed_on, step.proposed_reason, step.proposed_by = None, "", None
    step.save(update_fields=[*after, "changed_reason", *_PROPOSED])
    facts = {"before": _event_facts(before), "after": _event_facts(after) | identities.trail_facts}
    record_step(step, action="action.changed", actor=actor, now=now, reason=step.changed_reason, **facts)
    if "due_on" in after:
        tell_of_step(
            StepNews.MOVED, step, before=before["due_on"], reason=reason, asker=asker, actor=actor, now=now
        )
    return step


def _require_fitting(step: Action, owner: User | None, after: dict[str, Any], *, today: date) -> None:
    """Ask of what changes what planning asks: an owner who may own it, a day that has not passed."""
    if "owner_id" in after:
        step.owner = owner
        require_owner(step)
    if "due_on" in after:
        require_within_reach(after["due_on"], step.item.cycle)
        require_timely(after["due_on"], None, today=today)


@transaction.atomic
def ask_later_step(
    action: Action,
    *,
    proposed_on: date,
    reason: str,
    identities_reason: str = "",
    actor: User,
    now: datetime,
) -> Action:
    """Ask MAPO for a later date of what the council decided; the date stands until MAPO moves it.

    Asking again replaces what was asked before. Raises `BadValue` for a day that is not later, and `IdentitiesFound`.
    """
    step = locked_step(action)
    require(step.is_decision and not step.is_mapo and may_work_on_step(actor, step))
    require_step_open(step)
    reason = require_reason(reason)
    if proposed_on <= max(step.due_on, local_date(now)):
        raise BadValue(_("Choose a day after the present due date."), field="proposed_on")
    require_within_reach(proposed_on, step.item.cycle)
    identities = check_identities({"reason": reason}, reason=identities_reason)
    step.proposed_on, step.proposed_reason, step.proposed_by = proposed_on, reason, actor
    step.save(update_fields=_PROPOSED)
    after = {"proposed_on": proposed_on, **identities.trail_facts}
    record_step(step, action="action.later_asked", actor=actor, now=now, after=after, reason=reason)
    tell_of_step(StepNews.LATER_ASKED, step, before=step.due_on, reason=reason, actor=actor, now=now)
    return step


@transaction.atomic
def refuse_later_step(
    action: Action, *, reason: str, identities_reason: str = "", actor: User, now: datetime
) -> Action:
    """Keep the due date that the council set, with a reason that the agency reads beside the step."""
    step = locked_step(action)
    require(actor.is_mapo)
    require_step_open(step)
    if step.proposed_on is None:
        raise NotNow(_("This request was already answered. Nothing was changed."))
    require_somebody_elses(step.proposed_by, actor)
    reason = require_reason(reason)
    identities = check_identities({"reason": reason}, reason=identities_reason)
    before, asker = {"proposed_on": step.proposed_on}, step.proposed_by
    step.proposed_on, step.proposed_reason, step.proposed_by = None, "", None
    step.changed_reason = reason
    step.save(update_fields=[*_PROPOSED, "changed_reason"])
    facts: dict[str, Any] = {"before": before, "after": identities.trail_facts or None, "reason": reason}
    record_step(step, action="action.later_refused", actor=actor, now=now, **facts)
    tell_of_step(StepNews.KEPT, step, before=step.due_on, reason=reason, asker=asker, actor=actor, now=now)
    return step


@transaction.atomic
def undo_step_change(version: ActionVersion, *, actor: User, now: datetime) -> Action:
    """Take back the last change of a step (its text, owner or date, that it was done, or was cancelled).

    `version` is what the change made; what stood before it stands again, as a new version. Who could have made the
    change may undo it. Raises `NotNow` once something else was changed.
    """
    step = locked_step(version.action)
    former = step.versions.filter(pk__lt=version.pk).order_by("-pk").first()
    if former is None or current_version(step).pk != version.pk:
        raise NotNow(_("This step was changed again since, so this cannot be undone. Nothing was changed."))
    values = {name: getattr(former, name) for name in _UNDOABLE}
    before, after = changed_fields(step, values)
    require(_may_undo(actor, step, after))
    require_step_open(step, is_planned=False)
    for name, value in after.items():
        setattr(step, name, value)
    step.save(update_fields=[*after])
    record_step(
        step,
        action="action.undone",
        actor=actor,
        now=now,
        before=_event_facts(before),
        after=_event_facts(after),
    )
    if "due_on" in after:
        tell_of_step(StepNews.MOVED, step, before=before["due_on"], reason="", actor=actor, now=now)
    return step


def _may_undo(actor: User, step: Action, after: dict[str, Any]) -> bool:
    if "cancelled_at" in after:
        return may_cancel_step(actor, step)
    if "done_on" in after:
        return may_work_on_step(actor, step)
    if step.is_decision and after.keys() & {"text", "due_on"}:
        return may_edit_decision(actor, step)
    return may_change_step(actor, step)


def current_version(step: Action) -> ActionVersion:
    """Return the version of the step that stands."""
    return ActionVersion.objects.current().select_related("owner").get(action=step)


def _event_facts(values: dict[str, Any]) -> dict[str, Any]:
    """Return values as an Event holds them: hashes for texts."""
    names = {"owner_id": "owner"}
    return {
        names.get(name, name): digest(value)
        if name in ("text", "cancelled_reason", "changed_reason")
        else value
        for name, value in values.items()
    }
