"""What an order would do, assignment by assignment, and doing it, as a whole or not at all."""

import hashlib
import json
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.acts import jsonable, require
from audit.errors import DomainError, NotNow
from bulk.models import BulkAct, BulkStep
from bulk.services.orders import Order, OtherAssignments
from bulk.services.undo import trace_queries
from recommendations.errors import CYCLE_CLOSED
from recommendations.models import Assignment, Cycle
from recommendations.states import ItemKind

_FINGERPRINT_LENGTH = 12


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """What the order does to one assignment. `before` is None for a new one; `refusal` says why it cannot be done."""

    key: str
    assignment: Assignment
    before: dict[str, Any] | None
    after: dict[str, Any]
    refusal: str = ""

    @property
    def is_change(self) -> bool:
        return not self.refusal and self.before != self.after

    @property
    def fingerprint(self) -> str:
        """Return a short hash of the facts that the reader saw of this step, whatever the language."""
        seen = [self.before and jsonable(self.before), jsonable(self.after), bool(self.refusal)]
        text = json.dumps(seen, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:_FINGERPRINT_LENGTH]


@dataclass(frozen=True, slots=True)
class BulkPlan:
    """All steps of an order, by item in the order of the report."""

    order: Order
    steps: tuple[PlannedStep, ...]
    refusal: str = ""

    @property
    def changes(self) -> list[PlannedStep]:
        return [step for step in self.steps if step.is_change]

    @property
    def refused(self) -> list[PlannedStep]:
        return [step for step in self.steps if step.refusal]

    @property
    def unchanged(self) -> list[PlannedStep]:
        return [step for step in self.steps if not step.refusal and not step.is_change]

    @property
    def can_be_applied(self) -> bool:
        """Whether something changes and nothing is refused."""
        return bool(self.changes) and not self.refused and not self.refusal

    @property
    def fingerprints(self) -> dict[str, str]:
        return {step.key: step.fingerprint for step in self.steps}

    def differing(self, seen: Mapping[str, str]) -> list[PlannedStep]:
        """Return the steps whose fingerprint is not the one that was seen."""
        return [step for step in self.steps if seen.get(step.key) != step.fingerprint]


def make_plan(order: Order, *, cycle: Cycle, now: datetime, is_locked: bool = False) -> BulkPlan:
    """Return the plan of an order, tried on copies of its assignments, in the same few queries for any number.

    With `is_locked` the assignments stay locked until the transaction ends.
    """
    subjects = sorted(order.subjects(cycle, is_locked=is_locked), key=_place)
    others = OtherAssignments(each.item_id for each in subjects)
    steps = tuple(_step(order, each, others=others, now=now) for each in subjects)
    return BulkPlan(order, steps, str(CYCLE_CLOSED) if cycle.is_closed else "")


def _place(assignment: Assignment) -> tuple[Any, ...]:
    item = assignment.item
    return (ItemKind.values.index(item.kind), item.number, not assignment.is_lead, assignment.agency.code)


def _step(order: Order, assignment: Assignment, *, others: OtherAssignments, now: datetime) -> PlannedStep:
    before = order.facts(assignment) if assignment.pk else None
    trial = copy(assignment)
    try:
        order.try_on(trial, others=others, now=now)
    except DomainError as error:
        return PlannedStep(order.key_of(assignment), assignment, before, order.facts(assignment), str(error))
    return PlannedStep(order.key_of(assignment), assignment, before, order.facts(trial))


@transaction.atomic
def apply_bulk(
    order: Order, *, cycle: Cycle, seen: Mapping[str, str], token: UUID, actor: User, now: datetime
) -> BulkAct:
    """Do what the preview showed by the services, with one Event each. Sent twice with one token, it is done once.

    `seen` are the fingerprints of the preview's steps. Raises `NotNow`, with nothing changed, when the cycle is
    closed, when any step is no longer as it was seen, when one breaks a rule, and when nothing would change.
    Locks all assignments by primary key before the first is changed.
    """
    require(order.may_be_given_by(actor))
    plan = make_plan(order, cycle=cycle, now=now, is_locked=True)
    done = BulkAct.objects.filter(token=token, actor=actor).first()
    if done is not None:
        return done
    Cycle.objects.held_open(cycle)
    if plan.differing(seen) or set(plan.fingerprints) != set(seen):
        raise NotNow(
            _("Something changed after you opened the preview. Nothing was done: check the new preview.")
        )
    if plan.refused:
        raise NotNow(_("Not all of it can be done, so nothing was changed. Leave out what is marked."))
    if not plan.changes:
        raise NotNow(_("Nothing would change. Choose other assignments, or another date."))
    act = BulkAct.objects.create(
        cycle=cycle, kind=order.kind, reason=order.reason.strip(), token=token, actor=actor, done_at=now
    )
    # By item, then agency: one order of locks, so that two acts never wait for each other in a circle.
    in_order = sorted(plan.changes, key=lambda step: (step.assignment.item_id, step.assignment.agency_id))
    _keep_steps(
        act, order, [(step, order.carry_out(step.assignment, actor=actor, now=now)) for step in in_order]
    )
    return act


def _keep_steps(act: BulkAct, order: Order, changed: list[tuple[PlannedStep, Assignment]]) -> None:
    traces = trace_queries([assignment.pk for _step, assignment in changed])
    BulkStep.objects.bulk_create(
        BulkStep(
            act=act,
            assignment=assignment,
            before=jsonable(step.before),
            after={**(jsonable(order.facts(assignment)) or {}), "traces": traces[assignment.pk]},
        )
        for step, assignment in changed
    )
