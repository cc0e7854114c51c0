"""Run as the owner: ten yearly cycles of 120 assignments, and long histories for them.

`python -m benchmarks.ten_cycles FACTS.json` fills a fresh database by the product's own services, each cycle recorded
at its own time; with a number, `… FACTS.json UPDATES`, it adds so many updates to a copy of that database.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
from django.db import connection, transaction

from audit.clock import KUALA_LUMPUR
from benchmarks.proofs import prove

if TYPE_CHECKING:
    from accounts.models import User
    from cycles.file import CycleFile
    from recommendations.models import Cycle, Item

YEARS = range(2014, 2024)
ASSIGNMENTS = 120
#: The last window ends on 31 March 2024: nearly all of it is told.
OPENS_AT = datetime(2024, 3, 28, 10, 0, tzinfo=KUALA_LUMPUR)
#: The cycles that nobody has closed.
OPEN_YEARS = YEARS[-2:]
#: A day in the middle of the running window, and one near its beginning, with thousands of later rows.
MIDDLE, TENTH_DAY = date(2023, 9, 30), date(2023, 4, 10)


def main(facts_file: Path, updates: int | None) -> None:
    """Fill a fresh database, or add histories to a filled one."""
    django.setup()
    if updates is None:
        facts_file.write_text(json.dumps(_fill()), encoding="utf-8")
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        _write_histories(cursor, updates)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        prove(cursor)


def _write_histories(cursor: Any, updates: int) -> None:
    from benchmarks.history import Copying, Telling, courses_of
    from recommendations.models import Cycle

    copying = Copying(cursor)
    shares = _shares(updates, len(YEARS) * ASSIGNMENTS)
    for cycle in Cycle.objects.order_by("year"):
        telling = Telling(
            copying=copying,
            cycle=cycle,
            begins_at=_morning(cycle.window_start),
            ends_at=min(_morning(cycle.window_end), OPENS_AT - timedelta(hours=1)),
            leaves_open=cycle.year in OPEN_YEARS,
        )
        telling.tell([(course, next(shares)) for course in courses_of(cycle)])
    copying.finish()


def _shares(total: int, parts: int) -> Any:
    """The total in as many equal whole numbers as can be."""
    return (total * (part + 1) // parts - total * part // parts for part in range(parts))


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(9), tzinfo=KUALA_LUMPUR)


def _fill() -> dict[str, str]:
    """Load, confirm and steer ten cycles; return what to measure."""
    from audit import clock
    from cycles.file import kept_cycle_files, read_cycle_file
    from cycles.file.load import load_cycle
    from recommendations.models import Cycle

    clock.move_to(OPENS_AT)
    file = read_cycle_file(kept_cycle_files()[-1])
    people: dict[str, User] = {}
    for year in YEARS:
        begins_at = _morning(date(year, 3, 15))
        with clock.seeding(begins_at):
            load_cycle(_of_year(file, year), now=begins_at)
            people = people or _people(begins_at)
            _assign(Cycle.objects.get(year=year), actor=people["reviewer"], now=begins_at)
        _steer(Cycle.objects.get(year=year), people=people)
    return _facts(people)


def _of_year(file: CycleFile, year: int) -> CycleFile:
    """The same report, some years earlier."""
    earlier = file.cycle.year - year
    days = ("published_on", "window_start", "window_end", "interim_on", "submission_on", "source_on")
    moved = {name: getattr(file.cycle, name) for name in days}
    moved = {name: day.replace(year=day.year - earlier) for name, day in moved.items()}
    return replace(file, cycle=replace(file.cycle, year=year, **moved))


def _people(now: datetime) -> dict[str, User]:
    """An officer with a file in each agency, and two of MAPO in different ones."""
    from accounts.models import Agency
    from accounts.roles import Role
    from tests.factories.accounts import make_person
    from tests.factories.evidence import make_document

    officers = {each.code: make_person(Role.OFFICER, each) for each in Agency.objects.order_by("code")}
    for code, officer in officers.items():
        make_document(officer.agency, actor=officer, name=f"Laporan {code}.pdf", now=now)
    reviewer = make_person(Role.ADMINISTRATOR, Agency.objects.get(code="KDN"))
    other = make_person(Role.REVIEWER, Agency.objects.get(code="AGC"))
    return {**officers, "officer": officers["JTK"], "reviewer": reviewer, "other": other}


def _assign(cycle: Cycle, *, actor: User, now: datetime) -> None:
    """Confirm what the file suggests, let more agencies support until there are 120, and leave three suggestions."""
    from recommendations.models import Assignment
    from recommendations.services import assign_agency, confirm_suggestions, suggest_assignment
    from recommendations.states import AssignmentRole

    confirm_suggestions(cycle.items.all(), actor=actor, now=now)
    items = list(cycle.items.actionable().in_order())
    missing = ASSIGNMENTS - Assignment.objects.in_force().filter(item__cycle=cycle).count()
    for number in range(missing + 3):
        item = items[number % len(items)]
        act = assign_agency if number < missing else suggest_assignment
        act(item, agency=_free_agency(item), role=AssignmentRole.SUPPORT, actor=actor, now=now)


def _free_agency(item: Item) -> Any:
    """An agency that has no part in the item yet, another one from item to item."""
    from accounts.models import Agency

    free = Agency.objects.exclude(assignments__item=item).order_by("code")
    return free[item.number % len(free)]


def _steer(cycle: Cycle, *, people: dict[str, User]) -> None:
    """What MAPO and agencies do beside updates: overrides set, replaced and ended; requests asked and answered."""
    from audit import clock
    from cycles.services import close_cycle
    from recommendations.services import end_override, override_item

    items = list(cycle.items.actionable().in_order())
    start, actor = cycle.window_start, people["reviewer"]
    for number in range(6):
        at = _morning(start + timedelta(days=60 + 40 * number))
        with clock.seeding(at):
            override = override_item(
                items[number % 4],
                status="progress",
                percent=50 + number,
                reason=f"Keputusan mesyuarat {number + 1}.",
                actor=actor,
                now=at,
            )
            if number % 3 == 2:
                end_override(override, reason="Bukti telah lengkap.", actor=actor, now=at)
    _ask(cycle, people=people)
    if cycle.year not in OPEN_YEARS:
        at = _morning(cycle.window_end + timedelta(days=60))
        with clock.seeding(at):
            close_cycle(cycle, reason="Laporan telah dihantar.", actor=actor, now=at)


def _ask(cycle: Cycle, *, people: dict[str, User]) -> None:
    """Eight requests of agencies; MAPO refuses half of them a week later."""
    from audit import clock
    from recommendations.models import Assignment
    from recommendations.services import answer_request, ask_later_date

    assignments = (
        Assignment.objects.in_force().filter(item__cycle=cycle).select_related("agency").order_by("pk")
    )
    for number, assignment in enumerate(assignments[::15]):
        at = _morning(cycle.window_start + timedelta(days=100 + 10 * number))
        actor = people[assignment.agency.code]
        with clock.seeding(at):
            request = ask_later_date(
                assignment, reason="Perlu masa.", proposed_on=cycle.window_end, actor=actor, now=at
            )
        if number % 2:
            at += timedelta(days=7)
            with clock.seeding(at):
                answer_request(request, grant=False, reason="Tarikh kekal.", actor=people["reviewer"], now=at)


def _facts(people: dict[str, User]) -> dict[str, str]:
    from django.urls import reverse

    from benchmarks.seed import facts_of
    from recommendations.models import Assignment, Cycle

    measured = {role: people[role] for role in ("officer", "reviewer")}
    running = Assignment.objects.in_force().filter(item__cycle__year=YEARS[-1])
    facts = facts_of(measured, running)
    cycle = Cycle.objects.get(year=YEARS[-1])
    return facts | {
        "overview_then": f"{reverse('overview:overview')}?day={MIDDLE.isoformat()}",
        "cycle": str(cycle.pk),
        "reviewer_id": str(people["reviewer"].pk),
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None)
