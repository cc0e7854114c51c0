"""The rules of a cycle as the administrators' page shows them: by date, each as a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from recommendations.models import Cycle
from reminders.models import ReminderRule
from reminders.refusals import RuleValues, problems_of
from reminders.sentences import sentences_of
from reminders.services.rules import has_mapo
from reminders.states import RULED, What


@dataclass(frozen=True)
class RuleLine:
    """One rule: what it does, and why it would not do it (any more), where that is so."""

    rule: ReminderRule
    problems: tuple[str, ...] = ()

    @property
    def first_sentence(self) -> str:
        return sentences_of(self.rule)[0]

    @property
    def other_sentences(self) -> str:
        return " ".join(sentences_of(self.rule)[1:])


@dataclass(frozen=True)
class RuleGroup:
    """The rules about one date, in the order in which they fall."""

    what: What
    lines: list[RuleLine]

    @property
    def label(self) -> str:
        return str(self.what.label)


def rule_groups(cycle: Cycle) -> list[RuleGroup]:
    """All rules of a cycle by their date; dates without a rule are left out. Two queries.

    A rule that fitted when it was saved may not fit any more: dates of the cycle move.
    """
    rules = list(ReminderRule.objects.filter(cycle=cycle).order_by("first_days", "pk"))
    lines = list(_lines(rules, cycle)) if rules else []
    groups = [RuleGroup(what, [line for line in lines if line.rule.what == what]) for what in RULED]
    return [group for group in groups if group.lines]


def twin_of(wanted: RuleValues, *, cycle: Cycle, rule: ReminderRule | None = None) -> RuleLine | None:
    """The other rule of the cycle that is on and says the same already; `rule` is the one that is changed. One query."""
    what, audience, first_days = wanted.twin_key
    others = ReminderRule.objects.on().filter(
        cycle=cycle, what=what, audience=audience, first_days=first_days
    )
    if rule is not None:
        others = others.exclude(pk=rule.pk)
    found = others.first()
    return RuleLine(found) if found else None


def _lines(rules: list[ReminderRule], cycle: Cycle) -> Iterator[RuleLine]:
    is_anybody_there = has_mapo()
    for rule in rules:
        if not rule.is_on:
            yield RuleLine(rule)
            continue
        problems = problems_of(RuleValues.of(rule), cycle=cycle, has_mapo=is_anybody_there)
        yield RuleLine(rule, tuple(dict.fromkeys(problems.values())))
