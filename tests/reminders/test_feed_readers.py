"""Whose calendar holds what, while people are named, come, go, move and stand in for each other."""

from __future__ import annotations

from datetime import date

from accounts.models import StandIn, User
from accounts.services.people import (
    change_person,
    deactivate_person,
    move_person,
    name_acting,
    reactivate_person,
)
from recommendations.models import Assignment
from recommendations.services import (
    assign_agency,
    change_assignment,
    confirm_assignment,
    name_officers,
    suggest_assignment,
)
from tests.factories.accounts import UserFactory
from tests.factories.recommendations import make_item, make_submission
from tests.recommendations.conftest import Desk
from tests.reminders.feeds import Days, Subscriber, days, fetch, keys, named

__all__ = ["days", "named"]


def test_who_is_named_no_longer_has_it_cancelled_and_the_next_one_has_it(
    desk: Desk, days: Days, named: Assignment
) -> None:
    first, second = Subscriber(desk.officer), Subscriber(desk.colleague)
    update = keys(named)[0]
    assert first.look()[update].stands and update not in second.look()
    name_officers(named, officers=[desk.colleague], actor=desk.coordinator, now=days.go())
    off = first.look()[update]
    assert not off.stands and off.summary == second.look()[update].summary
    assert second.look()[update].stands
    name_officers(named, officers=[desk.officer, desk.colleague], actor=desk.coordinator, now=days.go())
    assert first.look()[update].stands and second.look()[update].stands


def test_coordinator_and_acting_officer_have_all_of_the_agency(
    desk: Desk, days: Days, named: Assignment
) -> None:
    update = keys(named)[0]
    coordinator, colleague = Subscriber(desk.coordinator), Subscriber(desk.colleague)
    assert coordinator.look()[update].stands
    assert update not in colleague.look()
    name_acting(desk.colleague, is_acting=True, actor=desk.coordinator, now=days.go())
    assert colleague.look()[update].stands
    name_acting(desk.colleague, is_acting=False, actor=desk.coordinator, now=days.go())
    assert not colleague.look()[update].stands


def test_where_nobody_named_can_act_it_falls_to_coordinators_then_to_all(
    desk: Desk, days: Days, named: Assignment
) -> None:
    colleague, update = Subscriber(desk.colleague), keys(named)[0]
    deactivate_person(desk.officer, reason="Bersara", actor=desk.administrator, now=days.go())
    assert update not in colleague.look(), "a coordinator is there"
    deactivate_person(desk.coordinator, reason="Bersara", actor=desk.administrator, now=days.go())
    assert colleague.look()[update].stands
    reactivate_person(desk.officer, reason="Kembali", actor=desk.administrator, now=days.go())
    assert not colleague.look()[update].stands
    assert Subscriber(desk.officer).look()[update].stands


def test_moved_person_has_the_new_agency_alone(desk: Desk, days: Days, named: Assignment) -> None:
    other = assign_agency(
        make_item(desk.cycle, number=2),
        agency=desk.other_agency,
        role="lead",
        actor=desk.administrator,
        now=days.go(),
    )
    calendar, update = Subscriber(desk.officer), keys(named)[0]
    known = calendar.look()[update]
    move_person(desk.officer, agency=desk.other_agency, actor=desk.administrator, now=days.go())
    moved = calendar.look()[update]
    assert (moved.day, moved.status, moved.summary) == (known.day, "CANCELLED", "Bukan lagi tarikh anda")
    body = fetch(desk.officer).content.decode()
    assert "Syor 1" not in body and f"/assignments/{named.pk}/" not in body
    assert calendar.days().keys() == {f"update_due-{other.pk}", f"final_due-{other.pk}"}
    change_assignment(
        named,
        role=named.role,
        due_on=date(2024, 1, 5),
        cadence_days=None,
        next_due_on=date(2023, 12, 24),
        actor=desk.reviewer,
        now=days.go(),
    )
    make_submission(named, actor=desk.colleague, now=days.go())
    assert calendar.look()[update] == moved, "what happens there is none of their business any more"
    move_person(desk.officer, agency=desk.agency, actor=desk.administrator, now=days.go())
    assert calendar.look()[keys(named)[2]].day == date(2024, 1, 5)


def test_officer_who_becomes_a_reviewer_keeps_the_dates_of_the_cycle(
    desk: Desk, days: Days, named: Assignment
) -> None:
    calendar = Subscriber(desk.officer)
    calendar.look()
    change_person(
        desk.officer, name="X", role="reviewer", clearance=1, actor=desk.administrator, now=days.go()
    )
    assert calendar.days() == {}
    assert sum(event.stands for event in calendar.look().values()) == 3


def test_stand_in_has_it_while_standing_in(desk: Desk, days: Days, named: Assignment) -> None:
    calendar, update = Subscriber(desk.colleague), keys(named)[0]
    StandIn.objects.create(
        absent=desk.officer,
        colleague=desk.colleague,
        from_on=date(2023, 9, 18),
        until_on=date(2023, 9, 20),
        named_by=desk.coordinator,
        named_at=days.go(),
    )
    assert update not in calendar.look(), "it has not begun"
    days.go(2)
    assert calendar.look()[update].stands
    days.go(3)
    assert not calendar.look()[update].stands


def test_stand_in_who_was_relieved_has_it_no_longer(desk: Desk, days: Days, named: Assignment) -> None:
    calendar, update = Subscriber(desk.colleague), keys(named)[0]
    row = StandIn.objects.create(
        absent=desk.officer,
        colleague=desk.colleague,
        from_on=date(2023, 9, 1),
        until_on=date(2023, 12, 1),
        named_by=desk.coordinator,
        named_at=days.go(),
    )
    assert calendar.look()[update].stands
    row.ended_at, row.ended_by = days.go(), desk.coordinator
    row.save()
    assert not calendar.look()[update].stands


def test_suggestion_is_nobodys_date(desk: Desk, days: Days) -> None:
    calendar = Subscriber(desk.coordinator)
    suggested = suggest_assignment(
        make_item(desk.cycle, number=7), agency=desk.agency, role="lead", actor=None, now=days.go()
    )
    assert not [name for name in calendar.look() if name.endswith(f"_due-{suggested.pk}")]
    confirm_assignment(suggested, actor=desk.reviewer, now=days.go())
    assert calendar.look()[keys(suggested)[0]].stands


def test_people_who_have_not_joined_do_not_count(desk: Desk, days: Days, named: Assignment) -> None:
    colleague = Subscriber(desk.colleague)
    User.objects.filter(pk__in=[desk.officer.pk, desk.coordinator.pk]).update(joined_at=None)
    assert colleague.look()[keys(named)[0]].stands
    User.objects.filter(pk=desk.coordinator.pk).update(joined_at=days.go())
    assert not colleague.look()[keys(named)[0]].stands


def test_where_nobody_was_named_it_was_everybodys_until_somebody_is(desk: Desk, days: Days) -> None:
    second = UserFactory(agency=desk.other_agency)
    assignment = assign_agency(
        make_item(desk.cycle, number=2),
        agency=desk.other_agency,
        role="lead",
        actor=desk.administrator,
        now=days.go(),
    )
    name_officers(assignment, officers=[desk.outsider], actor=desk.administrator, now=days.go())
    fresh = Subscriber(second).look()[keys(assignment)[0]]
    assert not fresh.stands, "it was theirs for a day, whether or not they looked then"
