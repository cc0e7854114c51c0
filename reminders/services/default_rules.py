"""The rules that a cycle begins with: from its own file, the cycle before it, or the newest file of the project."""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from accounts.models import User
from audit.errors import NotNow
from audit.services import record
from cycles.file import BadCycleFile, CycleFile, kept_cycle_files, read_cycle_file
from recommendations.models import Cycle
from reminders.models import ReminderRule
from reminders.rules.checks import RuleValues, find_problems

logger = logging.getLogger(__name__)

#: The name of the section of a cycle file that holds its rules.
KEY = "reminders"
#: Held by whoever changes the rules of a cycle. Taken after the row of the cycle.
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('jejak.rules'), %s::integer)"


def lock_rules(cycle: Cycle) -> Cycle:
    """Return the cycle as it is now, open or not opened yet; nobody else changes its rules until the transaction ends.

    Raises `NotNow` when it is closed.
    """
    current = Cycle.objects.held_editable(cycle)
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [cycle.pk])
    return current


@transaction.atomic
def give_default_rules(cycle: Cycle, *, now: datetime) -> int:
    """Give an open cycle without rules its default ones; return how many.

    These are the rules of its own file if the project has it, else those that are on in the newest earlier cycle,
    else those of the newest file. Rules that do not fit the dates of this cycle are left out and counted in the
    Event. A cycle that has any rule, or is closed, gets none; two calls at once give them once.
    """
    rules = ReminderRule.objects.filter(cycle=cycle)
    if rules.exists():
        return 0
    try:
        cycle = lock_rules(cycle)
    except NotNow:
        return 0
    if rules.all().exists():
        return 0
    source, suggested = next((each for each in _sources(cycle) if each[1]), ("", []))
    return create_rules(cycle, suggested, source=source, actor=None, now=now)


def create_rules(
    cycle: Cycle, suggested: Sequence[RuleValues], *, source: str = "", actor: User | None, now: datetime
) -> int:
    """Create the suggested rules that fit the cycle, with one Event; return how many.

    `source` is where they come from: the name of a file, or the year of a cycle.
    """
    fitting: list[RuleValues] = []
    for rule in suggested:
        if not find_problems(rule, cycle=cycle, twins=[each.twin_key for each in fitting]):
            fitting.append(rule)
    if not fitting:
        return 0
    ReminderRule.objects.bulk_create(
        ReminderRule(cycle=cycle, added_at=now, **rule.values) for rule in fitting
    )
    after: dict[str, Any] = {"rules": len(fitting)}
    if len(fitting) < len(suggested):
        after["left_out"] = len(suggested) - len(fitting)
    if source:
        after["taken_from"] = source
    record(action="rules.loaded", actor=actor, obj=cycle, label=str(cycle), after=after, now=now)
    return len(fitting)


def _sources(cycle: Cycle) -> Iterator[tuple[str, list[RuleValues]]]:
    """Yield where the default rules may be and what is there, the best source first."""
    paths = [path for path in kept_cycle_files() if path.exists()]
    found = (_read_file(path, changed_at=path.stat().st_mtime_ns) for path in paths)
    files = [file for file in found if file is not None]
    yield from (_rules_of_file(file) for file in files if file.cycle.year == cycle.year)
    for past in Cycle.objects.filter(year__lt=cycle.year).order_by("-year"):
        yield str(past.year), [RuleValues.of(rule) for rule in ReminderRule.objects.on().filter(cycle=past)]
    yield from map(_rules_of_file, sorted(files, key=lambda file: file.cycle.year, reverse=True))


def _rules_of_file(file: CycleFile) -> tuple[str, list[RuleValues]]:
    return file.file_name, [entry.values for entry in file.others.get(KEY, ())]


@lru_cache(maxsize=64)
def _read_file(path: Path, *, changed_at: int) -> CycleFile | None:
    """Return a file as it is, read once: the planning asks every minute while a cycle has no rule that fits.

    None if it is unreadable, which does not stop the reminders.
    """
    try:
        return read_cycle_file(path)
    except BadCycleFile as error:
        logger.warning("A cycle file cannot be read, and its reminder rules are not used: %s", error)
        return None
