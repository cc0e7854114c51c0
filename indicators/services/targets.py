"""MAPO sets what an indicator shall reach in a cycle, and ends it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.acts import require, require_reason
from audit.clock import local_date
from audit.errors import BadValue
from audit.services import digest, record
from indicators.models import Indicator, Target
from indicators.permissions import may_set_targets
from privacy.checks import check_identities
from recommendations.models import Cycle


@transaction.atomic
def set_target(
    indicator: Indicator,
    cycle: Cycle,
    *,
    number: Decimal,
    due_on: date,
    reason: str,
    identities_reason: str = "",
    actor: User,
    now: datetime,
) -> Target:
    """Set what an indicator shall reach in a cycle by a day of its window, with a reason.

    The one that stands is replaced in the same act. Setting what stands already, for the same reason, sets nothing.
    Raises `BadValue` for a number or day that cannot be one, `NotNow` in a closed cycle, and `IdentitiesFound` as
    `check_identities` does.
    """
    require(may_set_targets(actor))
    indicator = Indicator.objects.locked(indicator)
    cycle = Cycle.objects.held_open(cycle)
    reason = require_reason(reason)
    standing = Target.objects.standing().filter(indicator=indicator, cycle=cycle).first()
    if standing and (standing.number, standing.due_on, standing.reason) == (number, due_on, reason):
        return standing
    _require_possible(indicator, number)
    _require_day(cycle, due_on, today=local_date(now))
    identities = check_identities({"reason": reason}, reason=identities_reason)
    if standing:
        _end(standing, reason=reason, actor=actor, now=now)
    target = Target.objects.create(
        indicator=indicator,
        cycle=cycle,
        number=number,
        due_on=due_on,
        reason=reason,
        set_by=actor,
        set_at=now,
        replaces=standing,
    )
    _record(
        target,
        "target.replaced" if standing else "target.set",
        before=_facts(standing) if standing else None,
        after=_facts(target) | identities.event_facts,
        reason=identities.reason,
        actor=actor,
        now=now,
    )
    return target


@transaction.atomic
def end_target(
    target: Target, *, reason: str, identities_reason: str = "", actor: User, now: datetime
) -> Target:
    """Let a target no longer hold, with a reason. Idempotent.

    Raises `NotNow` in a closed cycle, and `IdentitiesFound` as `check_identities` does.
    """
    require(may_set_targets(actor))
    indicator = Indicator.objects.locked(target.indicator)
    cycle = Cycle.objects.held_open(target.cycle)
    reason = require_reason(reason)
    target = Target.objects.select_for_update(no_key=True).get(pk=target.pk)
    target.indicator, target.cycle = indicator, cycle
    if target.ended_at is not None:
        return target
    identities = check_identities({"reason": reason}, reason=identities_reason)
    before = _facts(target)
    _end(target, reason=reason, actor=actor, now=now)
    after = identities.event_facts or None
    _record(
        target, "target.ended", before=before, after=after, reason=identities.reason, actor=actor, now=now
    )
    return target


def _require_possible(indicator: Indicator, number: Decimal) -> None:
    if number <= 0:
        raise BadValue(_("A target is more than 0."), field="number")
    if not indicator.has_parts and number != number.to_integral_value():
        raise BadValue(_("This indicator counts in whole numbers."), field="number")


def _require_day(cycle: Cycle, due_on: date, *, today: date) -> None:
    """Only figures of the window count towards a target, so its day lies within, and has not passed."""
    if not cycle.window_start <= due_on <= cycle.window_end:
        raise BadValue(_("Choose a day within the assessment window."), field="due_on")
    if due_on < today:
        raise BadValue(_("This day has passed. Choose a day from today on."), field="due_on")


def _end(target: Target, *, reason: str, actor: User, now: datetime) -> None:
    target.ended_by, target.ended_at, target.ended_reason = actor, max(now, target.set_at), reason
    target.save(update_fields=["ended_by", "ended_at", "ended_reason"])


def _facts(target: Target) -> dict[str, Any]:
    """What the log holds of a target; its reason stands in the target itself."""
    number = format(target.number.normalize(), "f")
    return {"target_number": number, "due_on": target.due_on.isoformat(), "reason": digest(target.reason)}


def _record(target: Target, action: str, *, actor: User, now: datetime, **facts: Any) -> None:
    indicator = target.indicator
    record(
        action=action,
        actor=actor,
        obj=target,
        label=f"{indicator.code} · {target.cycle.year}",
        agency_id=indicator.agency_id,
        now=now,
        **facts,
    )
