"""The rules of a cycle on the administrators' page: by date, each as sentences."""

from dataclasses import dataclass

from recommendations.models import Cycle
from reminders.kinds import RULE_KINDS, ReminderKind
from reminders.models import ReminderRule
from reminders.rules.checks import RuleValues, find_problems, has_mapo
from reminders.rules.wording import rule_sentences


@dataclass(frozen=True)
class RuleRow:
    """One rule: what it does, in sentences, and why it would not do it (any more), if so."""

    rule: ReminderRule
    sentences: list[str]
    problems: tuple[str, ...]


def rule_groups(cycle: Cycle) -> list[tuple[ReminderKind, list[RuleRow]]]:
    """Return all rules of a cycle by their date; dates without a rule are left out. Two queries.

    A rule that fitted when it was saved may not fit any more, because the dates of the cycle were changed.
    """
    rules = list(ReminderRule.objects.filter(cycle=cycle).order_by("first_days", "pk"))
    can_tell_mapo = has_mapo() if rules else False
    rows = [RuleRow(rule, rule_sentences(rule), _problems(rule, cycle, can_tell_mapo)) for rule in rules]
    groups = [(kind, [row for row in rows if row.rule.what == kind]) for kind in RULE_KINDS]
    return [group for group in groups if group[1]]


def _problems(rule: ReminderRule, cycle: Cycle, can_tell_mapo: bool) -> tuple[str, ...]:
    if not rule.is_on:
        return ()
    problems = find_problems(RuleValues.of(rule), cycle=cycle, has_mapo=can_tell_mapo)
    return tuple(dict.fromkeys(problems.values()))


def find_twin(wanted: RuleValues, *, cycle: Cycle, rule: ReminderRule | None = None) -> ReminderRule | None:
    """Return the other rule of the cycle that is on and says the same; `rule` is the one being changed. One query."""
    what, audience, first_days = wanted.twin_key
    others = ReminderRule.objects.others(cycle, rule)
    return others.filter(what=what, audience=audience, first_days=first_days).first()
