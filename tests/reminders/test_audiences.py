"""Who is told: the audience ladder, escalations and muting. One test for each rule."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.models import User
from accounts.roles import Role
from accounts.services.people import name_acting
from recommendations.models import Action
from recommendations.services import name_officers, plan_action
from reminders.models import Reminder
from tests.conftest import Clock
from tests.factories.accounts import MOVES, UserFactory, moved_reviewer
from tests.factories.recommendations import make_assignment, make_item, make_submission
from tests.factories.reminders import make_rule, prefer
from tests.recommendations.conftest import Desk
from tests.reminders.steps import DAY, FRIDAY, MONDAY, leave, mapo, names, planned_on, recipients, rows, told

# The steps


def test_people_named_for_the_assignment_are_told(due: Desk, clock: Clock) -> None:
    name_officers(due.assignment, officers=[due.officer, due.colleague], actor=due.reviewer, now=due.now)

    planned_on(clock, FRIDAY)

    assert recipients() == names(due.officer, due.colleague)


def test_nobody_named_goes_to_the_coordinators(due: Desk, clock: Clock) -> None:
    planned_on(clock, FRIDAY)

    assert recipients() == names(due.coordinator)


def test_acting_officer_coordinates_too(due: Desk, clock: Clock) -> None:
    name_acting(due.colleague, is_acting=True, actor=due.coordinator, now=due.now)

    planned_on(clock, FRIDAY)

    assert recipients() == names(due.coordinator, due.colleague)


def test_agency_without_coordinator_goes_to_all_its_officers(due: Desk, clock: Clock) -> None:
    leave(due.coordinator, due)

    planned_on(clock, FRIDAY)

    assert recipients() == names(due.officer, due.colleague)


def test_agency_in_which_nobody_can_act_goes_to_mapo(due: Desk, clock: Clock) -> None:
    UserFactory(agency=due.agency, joined_at=None, invited_at=due.now)
    UserFactory(agency=due.agency, role=Role.OBSERVER)
    for person in (due.coordinator, due.officer, due.colleague):
        leave(person, due)

    planned_on(clock, FRIDAY)

    assert recipients() == mapo(due)
    assert {(row.step, row.is_escalation) for row in rows()} == {("mapo", False)}


def test_coordinators_step_of_an_agency_without_one_goes_to_mapo(desk: Desk, clock: Clock) -> None:
    make_rule(desk.cycle, "update_due", audience="coordinator")
    leave(desk.coordinator, desk)

    planned_on(clock, FRIDAY)

    assert recipients() == mapo(desk)


def test_invited_person_is_not_told(due: Desk, clock: Clock) -> None:
    invited = UserFactory(agency=due.agency, role=Role.COORDINATOR, joined_at=None, invited_at=due.now)

    planned_on(clock, FRIDAY)

    assert recipients() == names(due.coordinator)
    assert told(invited) == []


def test_step_is_told_to_its_owner(desk: Desk, clock: Clock) -> None:
    make_rule(desk.cycle, "action_due")
    action = step_of(desk.officer, desk)

    planned_on(clock, FRIDAY)

    assert recipients() == names(desk.officer)
    assert Reminder.objects.get().action == action


def test_step_of_an_owner_who_left_goes_to_who_is_named_for_the_assignment(desk: Desk, clock: Clock) -> None:
    make_rule(desk.cycle, "action_due")
    step_of(desk.officer, desk)
    name_officers(desk.assignment, officers=[desk.colleague], actor=desk.reviewer, now=desk.now)
    leave(desk.officer, desk)

    planned_on(clock, FRIDAY)

    assert recipients() == names(desk.colleague)


def test_step_of_an_owner_who_left_goes_to_the_coordinator_where_nobody_is_named(
    desk: Desk, clock: Clock
) -> None:
    make_rule(desk.cycle, "action_due")
    step_of(desk.officer, desk)
    leave(desk.officer, desk)

    planned_on(clock, FRIDAY)

    assert recipients() == names(desk.coordinator)


def step_of(owner: User, desk: Desk) -> Action:
    return plan_action(
        desk.assignment, text="Kursus.", owner=owner, due_on=FRIDAY, actor=desk.officer, now=desk.now
    )


@pytest.mark.parametrize(("comes", "shift", "belonged"), MOVES)
def test_what_waits_is_not_told_to_who_came_or_left_at_the_instant_of_sending(
    desk: Desk, clock: Clock, comes: bool, shift: int, belonged: bool
) -> None:
    make_rule(desk.cycle, "review_waiting", audience="mapo")
    moved, at = moved_reviewer(desk.agency, desk.reviewer.agency, comes=comes)
    make_submission(desk.assignment, actor=desk.officer, now=at + timedelta(microseconds=shift))
    planned_on(clock, FRIDAY)
    assert recipients() == mapo(desk) | (set() if belonged else names(moved))


def test_dates_of_the_cycle_go_to_all_who_answer_for_what_is_left(desk: Desk, clock: Clock) -> None:
    second = make_assignment(make_item(desk.cycle, number=2), desk.agency, actor=desk.reviewer, now=desk.now)
    name_officers(desk.assignment, officers=[desk.officer], actor=desk.reviewer, now=desk.now)
    name_officers(second, officers=[desk.officer, desk.colleague], actor=desk.reviewer, now=desk.now)
    make_rule(desk.cycle, "interim")

    planned_on(clock, date(2023, 9, 29))

    assert recipients() == names(desk.officer, desk.colleague)
    assert told(desk.officer) == ["interim 0"]


# Escalation


def test_escalation_climbs_to_the_coordinator_and_then_to_mapo_as_often_again(
    desk: Desk, clock: Clock
) -> None:
    name_officers(desk.assignment, officers=[desk.officer], actor=desk.reviewer, now=desk.now)
    make_rule(desk.cycle, "update_due", first_days=1, every_days=2, times=1, coordinator_days=3, mapo_days=4)

    for ahead in range(14):
        planned_on(clock, MONDAY + ahead * DAY)

    assert told(desk.officer) == ["update_due 1", "update_due 3"]
    assert told(desk.coordinator) == ["update_due 3", "update_due 5"]
    assert told(desk.reviewer) == ["update_due 4", "update_due 6"]
    assert {(row.step, row.is_escalation) for row in rows()} == {
        ("responsible", False), ("coordinator", True), ("mapo", True)
    }  # fmt: skip


def test_coordinator_who_is_named_gets_one_reminder_of_a_level(desk: Desk, clock: Clock) -> None:
    name_officers(desk.assignment, officers=[desk.coordinator], actor=desk.reviewer, now=desk.now)
    make_rule(desk.cycle, "update_due", first_days=1, every_days=2, coordinator_days=3)

    planned_on(clock, date(2023, 10, 18))

    (row,) = rows()
    assert (row.level, row.step, row.is_escalation) == (3, "coordinator", True)


def test_escalation_of_the_cycles_dates_tells_mapo_once_not_of_each_agency(desk: Desk, clock: Clock) -> None:
    UserFactory(agency=desk.other_agency, role=Role.COORDINATOR)
    make_assignment(make_item(desk.cycle, number=2), desk.other_agency, actor=desk.reviewer, now=desk.now)
    make_rule(desk.cycle, "interim", first_days=-5, coordinator_days=-3, mapo_days=-1)

    planned_on(clock, date(2023, 9, 29))

    assert told(desk.reviewer) == ["interim -1"]
    assert told(desk.coordinator) == ["interim -3"]


# Muted


def test_what_a_person_muted_is_kept_for_the_list_alone(due: Desk, clock: Clock) -> None:
    prefer(due.coordinator, muted=["update_due"])

    planned_on(clock, FRIDAY)

    assert [row.is_muted for row in rows()] == [True]
    assert not Reminder.objects.unread().exists()


def test_muting_one_thing_mutes_no_other(due: Desk, clock: Clock) -> None:
    prefer(due.coordinator, muted=["final_due"])

    planned_on(clock, FRIDAY)

    assert [row.is_muted for row in rows()] == [False]


def test_escalation_cannot_be_muted(desk: Desk, clock: Clock) -> None:
    name_officers(desk.assignment, officers=[desk.officer], actor=desk.reviewer, now=desk.now)
    make_rule(desk.cycle, "update_due", first_days=1, coordinator_days=1, mapo_days=1)
    for person in (desk.officer, desk.coordinator, desk.reviewer):
        prefer(person, muted=["update_due"])

    planned_on(clock, MONDAY)

    muted = {row.recipient for row in rows() if row.is_muted}
    assert muted == names(desk.officer)
    assert recipients() == names(desk.officer, desk.coordinator) | mapo(desk)
