"""The section `reminders` of a cycle file: the rules that a cycle begins with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from cycles.file import FileSection, ProblemList
from reminders.models import MOST_DAYS
from reminders.refusals import Dates, RuleValues, TwinKey, problems_of
from reminders.states import RULED, Step

KEY = "reminders"
#: More rules than anybody reads: a mistake, or an attempt to fill the memory.
MOST_RULES = 200
#: What the file calls the values of a rule.
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
REQUIRED = {"what", "to", "days"}


@dataclass(frozen=True)
class RuleEntry:
    """One rule of the file, with the lines that its problems are told at."""

    line: int
    values: RuleValues
    lines: dict[str, int] = field(default_factory=dict, compare=False)


def read_rules(top: FileSection) -> tuple[RuleEntry, ...]:
    """The rules of a file, in its order; what is not well formed is noted, and counts for nothing."""
    nodes = top.nodes(KEY)
    if len(nodes) > MOST_RULES:
        top.problems.add(top.line_for(KEY), _("More than %(most)s rules stand here.") % {"most": MOST_RULES})
        return ()
    optional = {*FILE_KEYS.values()} - REQUIRED
    return tuple(_entry(rule) for rule in top.sections(KEY, required=REQUIRED, optional=optional))


def check_rules(entries: Iterable[RuleEntry], cycle: Dates, problems: ProblemList) -> None:
    """Note the rules that would never do what they say, and those that stand twice."""
    earlier: set[TwinKey] = set()
    for entry in entries:
        for name, reason in problems_of(entry.values, cycle=cycle, twins=earlier).items():
            problems.add(entry.lines.get(name, entry.line), reason)
        earlier.add(entry.values.twin_key)


def _entry(section: FileSection) -> RuleEntry:
    values = RuleValues(
        what=_choice(section, "what", [what.value for what in RULED]),
        audience=_choice(section, "to", Step.values),
        first_days=section.whole("days", least=-MOST_DAYS, most=MOST_DAYS),
        every_days=_optional(section, "again_every", least=1),
        times=_optional(section, "again_times", least=1),
        coordinator_days=_optional(section, "coordinator_after", least=-MOST_DAYS),
        mapo_days=_optional(section, "mapo_after", least=-MOST_DAYS),
        is_urgent=section.flag("urgent"),
    )
    lines = {name: section.line_for(key) for name, key in FILE_KEYS.items()}
    return RuleEntry(section.line, values, lines)


def _optional(section: FileSection, key: str, *, least: int) -> int | None:
    return section.whole(key, least=least, most=MOST_DAYS) if key in section.key_lines else None


def _choice(section: FileSection, key: str, known: list[str]) -> str:
    value = section.text(key)
    if value and value not in known:
        words = {"value": value, "key": key, "known": ", ".join(known)}
        reason = _("“%(value)s” is not known under “%(key)s”; known are %(known)s.") % words
        section.problems.add(section.line_for(key), reason)
    return value
