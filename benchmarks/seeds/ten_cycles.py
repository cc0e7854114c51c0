"""Fill a database with ten yearly cycles of 120 assignments, by the product's own services, each at its own time."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.urls import reverse

from accounts.models import Agency, User
from accounts.roles import Role
from audit import clock
from audit.clock import KUALA_LUMPUR
from benchmarks.seeds.facts import facts_of
from cycles.file import CycleFile, kept_cycle_files, read_cycle_file
from cycles.file.load import load_cycle
from cycles.services import close_cycle
from recommendations.models import Assignment, Cycle, Item
from recommendations.services import (
    answer_request,
    ask_later_date,
    assign_agency,
    confirm_suggestions,
    end_override,
    override_item,
    suggest_assignment,
)
from recommendations.states import AssignmentRole
from tests.factories.accounts import make_person
from tests.factories.evidence import make_document

YEARS = range(2014, 2024)
ASSIGNMENTS = 120
#: The last window ends on 31 March 2024: nearly all of it is told.
OPENS_AT = datetime(2024, 3, 28, 10, 0, tzinfo=KUALA_LUMPUR)
#: The cycles that nobody has closed.
OPEN_YEARS = YEARS[-2:]
#: A day in the middle of the running window, and one near its beginning, with thousands of later rows.
MIDDLE, TENTH_DAY = date(2023, 9, 30), date(2023, 4, 10)


def main(_facts: dict[str, Any]) -> dict[str, Any]:
    """Load, confirm and steer the cycles; return whom and what to measure."""
    clock.move_to(OPENS_AT)
    file = read_cycle_file(kept_cycle_files()[-1])
    people: dict[str, User] = {}
    for year in YEARS:
        begins_at = morning(date(year, 3, 15))
        with clock.seeding(begins_at):
            load_cycle(_of_year(file, year), is_confirmed=True, now=begins_at)
            people = people or _people(begins_at)
            _assign(Cycle.objects.get(year=year), actor=people["reviewer"], now=begins_at)
        _steer(Cycle.objects.get(year=year), people=people)
    return _measured(people)


def _of_year(file: CycleFile, year: int) -> CycleFile:
    """Return the same report, some years earlier."""
    earlier = file.cycle.year - year
    days = ("published_on", "window_start", "window_end", "interim_on", "submission_on", "source_on")
    moved = {name: getattr(file.cycle, name) for name in days}
    moved = {name: day.replace(year=day.year - earlier) for name, day in moved.items()}
    cycle = copy(file.cycle)
    for name, value in {"year": year, **moved}.items():
        setattr(cycle, name, value)
    return replace(file, cycle=cycle)


def _people(now: datetime) -> dict[str, User]:
    """Make an officer with a file in each agency, and two of MAPO in different ones; return them by code and role."""
    officers = {each.code: make_person(Role.OFFICER, each) for each in Agency.objects.order_by("code")}
    for code, officer in officers.items():
        make_document(officer.agency, actor=officer, name=f"Laporan {code}.pdf", now=now)
    reviewer = make_person(Role.ADMINISTRATOR, Agency.objects.get(code="KDN"))
    other = make_person(Role.REVIEWER, Agency.objects.get(code="AGC"))
    return {**officers, "officer": officers["JTK"], "reviewer": reviewer, "other": other}


def _assign(cycle: Cycle, *, actor: User, now: datetime) -> None:
    """Confirm what the file suggests, let more agencies support until there are 120, and leave three suggestions."""
    confirm_suggestions(cycle.items.all(), actor=actor, now=now)
    items = list(cycle.items.actionable().in_order())
    missing = ASSIGNMENTS - Assignment.objects.in_force().filter(item__cycle=cycle).count()
    for number in range(missing + 3):
        item = items[number % len(items)]
        act = assign_agency if number < missing else suggest_assignment
        act(item, agency=_free_agency(item), role=AssignmentRole.SUPPORT, actor=actor, now=now)


def _free_agency(item: Item) -> Any:
    """Return an agency that has no part in the item yet, another one from item to item."""
    free = Agency.objects.exclude(assignments__item=item).order_by("code")
    return free[item.number % len(free)]


def _steer(cycle: Cycle, *, people: dict[str, User]) -> None:
    """Do what MAPO and agencies do beside updates: set, replace and end overrides; ask for later dates."""
    items = list(cycle.items.actionable().in_order())
    start, actor = cycle.window_start, people["reviewer"]
    for number in range(6):
        at = morning(start + timedelta(days=60 + 40 * number))
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
        at = morning(cycle.window_end + timedelta(days=60))
        with clock.seeding(at):
            close_cycle(cycle, reason="Laporan telah dihantar.", actor=actor, now=at)


def _ask(cycle: Cycle, *, people: dict[str, User]) -> None:
    """Let eight agencies ask for a later date; MAPO refuses half of them a week later."""
    assignments = (
        Assignment.objects.in_force().filter(item__cycle=cycle).select_related("agency").order_by("pk")
    )
    for number, assignment in enumerate(assignments[::15]):
        at = morning(cycle.window_start + timedelta(days=100 + 10 * number))
        actor = people[assignment.agency.code]
        with clock.seeding(at):
            request = ask_later_date(
                assignment, reason="Perlu masa.", proposed_on=cycle.window_end, actor=actor, now=at
            )
        if number % 2:
            at += timedelta(days=7)
            with clock.seeding(at):
                answer_request(request, grant=False, reason="Tarikh kekal.", actor=people["reviewer"], now=at)


def _measured(people: dict[str, User]) -> dict[str, str]:
    """Return the sessions and addresses that parts need."""
    measured = {role: people[role] for role in ("officer", "reviewer")}
    running = Assignment.objects.in_force().filter(item__cycle__year=YEARS[-1])
    facts = facts_of(measured, running)
    cycle = Cycle.objects.get(year=YEARS[-1])
    return facts | {
        "overview_then": f"{reverse('overview:overview')}?day={MIDDLE.isoformat()}",
        "cycle": str(cycle.pk),
        "reviewer_id": str(people["reviewer"].pk),
    }


def morning(day: date) -> datetime:
    """Return nine o'clock in Kuala Lumpur."""
    return datetime.combine(day, time(9), tzinfo=KUALA_LUMPUR)
