"""What administrators do to the rules of a cycle: add one, change one, switch one on or off.

Whoever changes rules of a cycle waits for whoever else does: what is checked still holds when it is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import MAPO_ROLES
from audit.errors import NotNow
from audit.services import record
from recommendations.models import Cycle
from recommendations.services.checks import changed_fields, require
from reminders.errors import BadRule, RuleStale
from reminders.models import ReminderRule
from reminders.permissions import may_keep_rules
from reminders.refusals import Problems, RuleValues, problems_of
from reminders.services.usual_rules import give_usual_rules, held_with_rules

__all__ = ["add_rule", "change_rule", "has_mapo", "problems_in", "switch_rule"]


@transaction.atomic
def add_rule(cycle: Cycle, *, wanted: RuleValues, actor: User, now: datetime) -> ReminderRule:
    """Add a rule to an open cycle, and switch it on. A cycle that has none yet gets its usual ones before.

    Raises `BadRule` with the reasons when it would never do what it says.
    """
    require(may_keep_rules(actor))
    give_usual_rules(cycle, now=now)
    cycle = held_with_rules(cycle)
    _require_sense(cycle, wanted)
    rule = ReminderRule.objects.create(cycle=cycle, added_at=now, **wanted.values)
    _record(rule, "rule.added", actor=actor, now=now, after=wanted.values)
    return rule


@transaction.atomic
def change_rule(
    rule: ReminderRule, *, seen: str, wanted: RuleValues, actor: User, now: datetime
) -> ReminderRule:
    """Let a rule say something else from the next planning on. What it has said stays said.

    `seen` is the mark of what the person had in front of them: raises `RuleStale` when somebody changed it meanwhile,
    `BadRule` with the reasons when it would never do what it says.
    """
    require(may_keep_rules(actor))
    rule = _held(rule)
    current = RuleValues.of(rule)
    if current.mark != seen:
        raise RuleStale(current)
    before, after = changed_fields(rule, wanted.values)
    if not after:
        raise NotNow(_("This is what the rule says already. Nothing was changed."))
    _require_sense(rule.cycle, wanted, rule=rule)
    for name, value in after.items():
        setattr(rule, name, value)
    rule.save(update_fields=[*after])
    _record(rule, "rule.changed", actor=actor, now=now, before=before, after=after)
    return rule


@transaction.atomic
def switch_rule(rule: ReminderRule, *, is_on: bool, actor: User, now: datetime) -> ReminderRule:
    """Switch a rule on or off; a rule that is so already stays so. On only when it would do what it says (`BadRule`)."""
    require(may_keep_rules(actor))
    rule = _held(rule)
    if rule.is_on == is_on:
        return rule
    if is_on:
        _require_sense(rule.cycle, RuleValues.of(rule), rule=rule)
    rule.is_on = is_on
    rule.save(update_fields=["is_on"])
    action = "rule.switched_on" if is_on else "rule.switched_off"
    _record(rule, action, actor=actor, now=now)
    return rule


def problems_in(cycle: Cycle, wanted: RuleValues, *, rule: ReminderRule | None = None) -> Problems:
    """What is wrong with a rule among those of its cycle; `rule` is the one that it would replace. Two queries."""
    others = ReminderRule.objects.on().filter(cycle=cycle)
    if rule is not None:
        others = others.exclude(pk=rule.pk)
    twins = others.values_list("what", "audience", "first_days")
    return problems_of(wanted, cycle=cycle, twins=list(twins), has_mapo=has_mapo())


def has_mapo() -> bool:
    """Whether anybody at MAPO can be told (one query)."""
    return User.objects.active().filter(role__in=MAPO_ROLES).exclude(joined_at=None).exists()


def _require_sense(cycle: Cycle, wanted: RuleValues, *, rule: ReminderRule | None = None) -> None:
    problems = problems_in(cycle, wanted, rule=rule)
    if problems:
        raise BadRule(problems)


def _held(rule: ReminderRule) -> ReminderRule:
    """The rule as it is now, of an open cycle whose rules nobody else changes until the transaction ends."""
    cycle = held_with_rules(rule.cycle)
    current = ReminderRule.objects.get(pk=rule.pk)
    current.cycle = cycle
    return current


def _record(
    rule: ReminderRule,
    action: str,
    *,
    actor: User,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    label = f"{rule} · {rule.cycle}"
    record(action=action, actor=actor, obj=rule, label=label, before=before, after=after, now=now)
