"""What administrators do to the rules of a cycle: add one, change one, switch one on or off.

Each holds the lock on the rules of the cycle, so that what is checked still holds when it is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.acts import changed_fields, require
from audit.errors import NotNow, Stale
from audit.services import record
from recommendations.models import Cycle
from reminders.models import ReminderRule
from reminders.permissions import may_edit_rules
from reminders.rules.checks import Problems, RuleValues, find_problems, has_mapo
from reminders.services.default_rules import give_default_rules, lock_rules

if TYPE_CHECKING:
    from reminders.rules.checks import RuleValues


@transaction.atomic
def add_rule(cycle: Cycle, *, wanted: RuleValues, actor: User, now: datetime) -> ReminderRule:
    """Add a rule to an open cycle, switched on. A cycle without rules gets its default ones first.

    Raises `BadRule` with the reasons when it would never do what it says.
    """
    require(may_edit_rules(actor))
    give_default_rules(cycle, now=now)
    cycle = lock_rules(cycle)
    _require_no_problems(cycle, wanted)
    rule = ReminderRule.objects.create(cycle=cycle, added_at=now, **wanted.values)
    _record(rule, "rule.added", actor=actor, now=now, after=wanted.values)
    return rule


@transaction.atomic
def change_rule(
    rule: ReminderRule, *, seen: str, wanted: RuleValues, actor: User, now: datetime
) -> ReminderRule:
    """Change a rule from the next planning on. Reminders that went out stay as they are.

    `seen` is the mark of the values that the form showed. Raises `Stale` when somebody changed the rule since,
    `BadRule` with the reasons when it would never do what it says, `NotNow` when nothing would change.
    """
    require(may_edit_rules(actor))
    rule = _lock(rule)
    current = RuleValues.of(rule)
    if current.mark != seen:
        raise Stale(_CHANGED, current)
    before, after = changed_fields(rule, wanted.values)
    if not after:
        raise NotNow(_("The rule already says this. Nothing was changed."))
    _require_no_problems(rule.cycle, wanted, rule=rule)
    for name, value in after.items():
        setattr(rule, name, value)
    rule.save(update_fields=[*after])
    _record(rule, "rule.changed", actor=actor, now=now, before=before, after=after)
    return rule


@transaction.atomic
def switch_rule(rule: ReminderRule, *, is_on: bool, actor: User, now: datetime) -> ReminderRule:
    """Switch a rule on or off; nothing happens if it is so already. Raises `BadRule` as `add_rule` does."""
    require(may_edit_rules(actor))
    rule = _lock(rule)
    if rule.is_on == is_on:
        return rule
    if is_on:
        _require_no_problems(rule.cycle, RuleValues.of(rule), rule=rule)
    rule.is_on = is_on
    rule.save(update_fields=["is_on"])
    _record(rule, "rule.switched_on" if is_on else "rule.switched_off", actor=actor, now=now)
    return rule


def problems_in_cycle(cycle: Cycle, wanted: RuleValues, *, rule: ReminderRule | None = None) -> Problems:
    """Return what is wrong with a rule among those of its cycle; `rule` is the one it would replace. Two queries."""
    twins = ReminderRule.objects.others(cycle, rule).values_list("what", "audience", "first_days")
    return find_problems(wanted, cycle=cycle, twins=list(twins), has_mapo=has_mapo())


def _require_no_problems(cycle: Cycle, wanted: RuleValues, *, rule: ReminderRule | None = None) -> None:
    problems = problems_in_cycle(cycle, wanted, rule=rule)
    if problems:
        raise BadRule(problems)


def _lock(rule: ReminderRule) -> ReminderRule:
    """Return the rule as it is now, of an open cycle whose rules nobody else changes until the transaction ends."""
    cycle = lock_rules(rule.cycle)
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


_CHANGED = _(
    "Another administrator changed this rule meanwhile. What you typed is kept: compare, then save again."
)


class BadRule(NotNow):
    """The rule would never do what it says. `problems` gives the reasons by the name of the value."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        reasons = " ".join(dict.fromkeys(problems.values()))
        super().__init__(_("The rule would not work as written. %(reasons)s") % {"reasons": reasons})
        self.problems = dict(problems)
