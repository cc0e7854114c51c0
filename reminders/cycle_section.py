"""The section `reminders` of a cycle file: the rules that a cycle begins with."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from cycles.file import CycleFile, FilesBeside, FileSection, ProblemList, SectionLoad
from recommendations.models import Cycle
from reminders.kinds import RULE_KINDS
from reminders.models import ReminderRule
from reminders.rules.checks import RuleValues, TwinKey, find_problems
from reminders.services.default_rules import KEY, create_rules, lock_rules
from reminders.states import MAX_RULE_DAYS, Audience

#: More rules than anybody reads: a mistake, or an attempt to fill the memory.
MAX_RULES = 200
#: The keys of the file by the names of a rule's values.
FILE_KEYS = {
    "what": "what",
    "audience": "to",
    "first_days": "days",
    "every_days": "again_every",
    "times": "again_times",
    "coordinator_days": "coordinator_after",
    "mapo_days": "mapo_after",
    "is_urgent": "urgent",
}
REQUIRED_KEYS = {"what", "to", "days"}


@dataclass(frozen=True)
class RuleEntry:
    """One rule of the file, with the line of each value for messages."""

    line: int
    values: RuleValues
    lines: dict[str, int] = field(default_factory=dict, compare=False)


class RulesSection:
    """Reads, checks and loads the section. A cycle that has any rule takes none from a file."""

    key = KEY

    @property
    def labels(self) -> Mapping[str, str]:
        """What the entries are called in a report."""
        return {KEY: pgettext("cycle file", "reminder rules")}

    def read(self, top: FileSection, beside: FilesBeside) -> tuple[RuleEntry, ...]:
        """Return the rules in the order of the file; malformed ones are noted as problems and left out."""
        if len(top.nodes(KEY)) > MAX_RULES:
            top.problems.add(
                top.line_for(KEY), _("There are more than %(most)s rules here.") % {"most": MAX_RULES}
            )
            return ()
        optional = {*FILE_KEYS.values()} - REQUIRED_KEYS
        return tuple(
            _read_entry(rule) for rule in top.sections(KEY, required=REQUIRED_KEYS, optional=optional)
        )

    def check(self, value: tuple[RuleEntry, ...], cycle_file: CycleFile, problems: ProblemList) -> None:
        """Note the rules that would never do what they say, and those that stand twice."""
        earlier: set[TwinKey] = set()
        for entry in value:
            for name, reason in find_problems(entry.values, cycle=cycle_file.cycle, twins=earlier).items():
                problems.add(entry.lines.get(name, entry.line), reason)
            earlier.add(entry.values.twin_key)

    def load(
        self, value: tuple[RuleEntry, ...], cycle: Cycle, *, actor: User | None, now: datetime
    ) -> SectionLoad:
        """Give a cycle without rules those of its file; any other is left alone."""
        cycle = lock_rules(cycle)
        if ReminderRule.objects.filter(cycle=cycle).exists():
            return SectionLoad(left_alone=Counter({KEY: len(value)}))
        count = create_rules(cycle, [entry.values for entry in value], actor=actor, now=now)
        return SectionLoad(created=Counter({KEY: count}))


def _read_entry(section: FileSection) -> RuleEntry:
    values = RuleValues(
        what=section.choice("what", [kind.value for kind in RULE_KINDS]),
        audience=section.choice("to", Audience.values),
        first_days=section.whole("days", least=-MAX_RULE_DAYS, most=MAX_RULE_DAYS),
        every_days=_optional_number(section, "again_every", least=1),
        times=_optional_number(section, "again_times", least=1),
        coordinator_days=_optional_number(section, "coordinator_after", least=-MAX_RULE_DAYS),
        mapo_days=_optional_number(section, "mapo_after", least=-MAX_RULE_DAYS),
        is_urgent=section.flag("urgent"),
    )
    lines = {name: section.line_for(key) for name, key in FILE_KEYS.items()}
    return RuleEntry(section.line, values, lines)


def _optional_number(section: FileSection, key: str, *, least: int) -> int | None:
    return section.whole(key, least=least, most=MAX_RULE_DAYS) if key in section.key_lines else None
