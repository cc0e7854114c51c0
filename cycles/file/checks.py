"""Checks that the entries of a cycle file fit together: dates in order, numbers without gaps, links that exist."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from cycles.file.entries import CycleEntry, CycleFile, ItemEntry
from cycles.file.problems import ProblemList
from recommendations.states import ItemKind
from recommendations.windows import date_problems


def check(cycle_file: CycleFile, problems: ProblemList) -> None:
    """Add every problem that the entries have with each other. Expects entries that are well formed by themselves."""
    _check_dates(cycle_file.cycle, problems)
    _check_agencies(cycle_file, problems)
    if not cycle_file.items:
        problems.add(0, _("The file holds no recommendation, no weakness and no achievement."))
    for kind in ItemKind:
        _check_numbers([item for item in cycle_file.items if item.kind == kind], kind, problems)
    codes = {agency.code for agency in cycle_file.agencies}
    known = {(item.kind, item.number) for item in cycle_file.items}
    for item in cycle_file.items:
        _check_suggestions(item, codes, problems)
        _check_answers(item, known, problems)


def _check_dates(cycle: CycleEntry, problems: ProblemList) -> None:
    found = date_problems(
        start=cycle.window_start,
        end=cycle.window_end,
        interim_on=cycle.interim_on,
        submission_on=cycle.submission_on,
    )
    for name, reason in found.items():
        problems.add(cycle.lines[name], reason)


def _check_agencies(cycle_file: CycleFile, problems: ProblemList) -> None:
    lines: dict[str, int] = {}
    for agency in cycle_file.agencies:
        if agency.code in lines:
            words = {"code": agency.code, "line": lines[agency.code]}
            problems.add(agency.line, _("The agency %(code)s stands twice; first in line %(line)s.") % words)
        lines.setdefault(agency.code, agency.line)


def _check_numbers(items: list[ItemEntry], kind: ItemKind, problems: ProblemList) -> None:
    lines: dict[int, int] = {}
    for item in items:
        if item.number in lines:
            words = {"kind": kind.label, "number": item.number, "line": lines[item.number]}
            problems.add(item.line, _("%(kind)s %(number)s stands twice; first in line %(line)s.") % words)
        lines.setdefault(item.number, item.line)
    for number in range(1, max(lines, default=0)):
        if number not in lines:
            line = lines[min(later for later in lines if later > number)]
            words = {"kind": kind.label, "number": number}
            problems.add(line, _("%(kind)s %(number)s is missing; numbers run from 1 without gaps.") % words)


def _check_suggestions(item: ItemEntry, codes: set[str], problems: ProblemList) -> None:
    for suggestion in item.suggestions:
        if suggestion.code not in codes:
            words = {"code": suggestion.code}
            problems.add(suggestion.line, _("The agency %(code)s is not in the list of agencies.") % words)
    _check_single(
        ((entry.line, entry.code) for entry in item.suggestions),
        _("The agency %(name)s is suggested twice for one item."),
        problems,
    )


def _check_answers(item: ItemEntry, known: set[tuple[ItemKind, int]], problems: ProblemList) -> None:
    for answer in item.answers:
        if (answer.kind, answer.number) not in known:
            words = {"kind": answer.kind.label, "number": answer.number}
            problems.add(answer.line, _("%(kind)s %(number)s is linked but is not in the file.") % words)
    _check_single(
        ((entry.line, f"{entry.kind.label} {entry.number}") for entry in item.answers),
        _("%(name)s is linked twice to one weakness."),
        problems,
    )


def _check_single(entries: Iterable[tuple[int, str]], reason: str, problems: ProblemList) -> None:
    seen: set[str] = set()
    for line, name in entries:
        if name in seen:
            problems.add(line, reason % {"name": name})
        seen.add(name)
