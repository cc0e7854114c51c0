"""The rules that a cycle begins with: of its own file, of the cycle before it, or of the file that the project keeps."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.translation import pgettext

from accounts.models import User
from audit.errors import NotNow
from audit.services import record
from cycles.file import BadCycleFile, CycleFile, FileSection, ProblemList, kept_cycle_files, read_cycle_file
from cycles.file.entries import CycleEntry
from recommendations.models import Cycle
from recommendations.services.checks import held_open_cycle
from reminders.models import ReminderRule
from reminders.refusals import RuleValues, problems_of
from reminders.rules_file import KEY, RuleEntry, check_rules, read_rules

logger = logging.getLogger(__name__)

#: Whoever changes the rules of one cycle waits for the others. Taken after the row of the cycle.
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('jejak.rules'), %s::integer)"


class RulesSection:
    """The section `reminders` of a cycle file. A cycle that has any rule takes none from a file."""

    key = KEY

    @property
    def label(self) -> str:
        """What the entries are called in a report."""
        return pgettext("cycle file", "reminder rules")

    def read(self, top: FileSection) -> tuple[RuleEntry, ...]:
        """The rules, in the order of the file."""
        return read_rules(top)

    def check(self, value: tuple[RuleEntry, ...], cycle: CycleEntry, problems: ProblemList) -> None:
        """Note the rules that would never do what they say."""
        check_rules(value, cycle, problems)

    def load(
        self, value: tuple[RuleEntry, ...], cycle: Cycle, *, actor: User | None, now: datetime
    ) -> tuple[int, int]:
        """Give a cycle without rules those of its file; return how many it got, and how many were left alone."""
        cycle = held_with_rules(cycle)
        if ReminderRule.objects.filter(cycle=cycle).exists():
            return 0, len(value)
        return _load(cycle, Suggested([entry.values for entry in value]), actor=actor, now=now), 0


def held_with_rules(cycle: Cycle) -> Cycle:
    """Return the open cycle as it is now; nobody else changes its rules until the transaction ends.

    Raises `NotNow` when it is closed.
    """
    current = held_open_cycle(cycle)
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [cycle.pk])
    return current


@dataclass(frozen=True)
class Suggested:
    """Rules to begin with, and where they stood: the name of a file, or the year of a cycle."""

    rules: Sequence[RuleValues]
    taken_from: str = ""


@transaction.atomic
def give_usual_rules(cycle: Cycle, *, now: datetime) -> int:
    """Give an open cycle that has no rule those that it would usually have; return how many.

    Those of its own file where the project keeps it, else the ones that are on in the newest earlier cycle, else
    those of the newest file. What does not fit the dates of this cycle is left out, and counted in the Event. Once:
    a cycle that has any rule, or is closed, gets none, and two at once give them once.
    """
    if ReminderRule.objects.filter(cycle=cycle).exists():
        return 0
    try:
        cycle = held_with_rules(cycle)
    except NotNow:
        return 0
    if ReminderRule.objects.filter(cycle=cycle).exists():
        return 0
    suggested = next((each for each in _sources(cycle) if each.rules), None)
    return _load(cycle, suggested, actor=None, now=now) if suggested else 0


def _sources(cycle: Cycle) -> Iterator[Suggested]:
    """Where the usual rules may stand, the nearest first."""
    files = list(_readable_files())
    own = [file for file in files if file.cycle.year == cycle.year]
    yield from map(_of_file, own)
    earlier = Cycle.objects.filter(year__lt=cycle.year).order_by("-year")
    for past in earlier:
        rules = ReminderRule.objects.on().filter(cycle=past)
        yield Suggested([RuleValues.of(rule) for rule in rules], str(past.year))
    yield from map(_of_file, sorted(files, key=lambda file: file.cycle.year, reverse=True))


def _readable_files() -> Iterator[CycleFile]:
    """The cycle files that the project keeps; a bad one stops nobody's reminders."""
    for path in kept_cycle_files():
        file = _read(path, changed_at=path.stat().st_mtime_ns if path.exists() else 0)
        if file is not None:
            yield file


@lru_cache(maxsize=64)
def _read(path: Path, *, changed_at: int) -> CycleFile | None:
    """Read a file once as it stands: the planning asks again every minute while a cycle has no rule that fits."""
    try:
        return read_cycle_file(path)
    except BadCycleFile as error:
        logger.warning("A cycle file cannot be read, and its reminder rules are not used: %s", error)
        return None


def _of_file(file: CycleFile) -> Suggested:
    entries: Iterable[RuleEntry] = file.others.get(KEY, ())
    return Suggested([entry.values for entry in entries], file.file_name)


def _load(cycle: Cycle, suggested: Suggested, *, actor: User | None, now: datetime) -> int:
    """Write the rules that fit the cycle, with one Event."""
    fitting: list[RuleValues] = []
    for rule in suggested.rules:
        if not problems_of(rule, cycle=cycle, twins=[each.twin_key for each in fitting]):
            fitting.append(rule)
    if not fitting:
        return 0
    rows = [ReminderRule(cycle=cycle, added_at=now, **rule.values) for rule in fitting]
    ReminderRule.objects.bulk_create(rows)
    after: dict[str, Any] = {"rules": len(fitting)}
    if len(fitting) < len(suggested.rules):
        after["left_out"] = len(suggested.rules) - len(fitting)
    if suggested.taken_from:
        after["taken_from"] = suggested.taken_from
    record(action="rules.loaded", actor=actor, obj=cycle, label=str(cycle), after=after, now=now)
    return len(fitting)
