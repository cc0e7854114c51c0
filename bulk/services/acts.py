"""Does a bulk act, as a whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.errors import NotNow
from bulk.models import BulkAct, BulkStep
from bulk.services.orders import Order
from bulk.services.plan import BulkPlan, PlannedStep, make_plan
from bulk.services.traces import trace_queries
from recommendations.models import Assignment, Cycle
from recommendations.permissions import may_steer
from recommendations.services.assignments import facts_of
from recommendations.services.checks import held_open_cycle, jsonable, require


@transaction.atomic
def apply_bulk(
    order: Order, *, cycle: Cycle, seen: Mapping[str, str], token: UUID, actor: User, now: datetime
) -> BulkAct:
    """Do what the preview showed by the services, with one Event each. Sent twice with one token, it is done once.

    `seen` are the fingerprints of the preview's steps. Raises `NotNow`, with nothing changed, when the cycle is
    closed, when any step is no longer as it was seen, when one breaks a rule, and when nothing would change.
    Locks all assignments by primary key before the first is changed.
    """
    require(may_steer(actor))
    plan = make_plan(order, cycle=cycle, now=now, is_locked=True)
    done = BulkAct.objects.filter(token=token, actor=actor).first()
    if done is not None:
        return done
    held_open_cycle(cycle)
    _require_as_seen(plan, seen)
    _require_whole(plan)
    act = BulkAct.objects.create(
        cycle=cycle, kind=order.kind, reason=order.reason.strip(), token=token, actor=actor, done_at=now
    )
    # By item, then agency: one order of locks, so that two acts never wait for each other in a circle.
    in_order = sorted(plan.changes, key=lambda step: (step.assignment.item_id, step.assignment.agency_id))
    _keep_steps(act, [(step, order.carry_out(step.assignment, actor=actor, now=now)) for step in in_order])
    return act


def _require_as_seen(plan: BulkPlan, seen: Mapping[str, str]) -> None:
    if plan.differing(seen) or set(plan.fingerprints) != set(seen):
        raise NotNow(_("Something changed since you looked. Nothing was changed; look at the new preview."))


def _require_whole(plan: BulkPlan) -> None:
    if plan.refused:
        raise NotNow(_("Not all of it can be done, so nothing was changed. Leave out what is marked."))
    if not plan.changes:
        raise NotNow(_("Nothing would change. Choose other assignments, or another date."))


def _keep_steps(act: BulkAct, changed: list[tuple[PlannedStep, Assignment]]) -> None:
    traces = trace_queries([assignment.pk for _step, assignment in changed])
    BulkStep.objects.bulk_create(
        BulkStep(
            act=act,
            assignment=assignment,
            before=jsonable(step.before),
            after={**(jsonable(facts_of(assignment)) or {}), "traces": traces[assignment.pk]},
        )
        for step, assignment in changed
    )
