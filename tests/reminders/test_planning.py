"""When reminders are planned, and that planning again adds nothing. One test for each rule."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from recommendations.services import (
    decline_assignment,
    return_update,
)
from reminders.models import PlanningRun, Reminder
from reminders.services.planning import plan
from tests.conftest import NOW, Clock
from tests.factories.recommendations import make_submission
from tests.factories.reminders import make_day_off, make_rule
from tests.recommendations.at_once import at_once
from tests.recommendations.conftest import Desk, make_desk
from tests.reminders.steps import DAY, DUE, FRIDAY, MONDAY, at, planned, planned_on, rows, told

# When


def test_nothing_is_owed_before_its_level(named: Desk, clock: Clock) -> None:
    make_rule(named.cycle, "update_due", first_days=-3)

    planned_on(clock, date(2023, 10, 10))

    assert told(named.officer) == []


def test_level_before_the_date_counts_working_days(named: Desk, clock: Clock) -> None:
    make_rule(named.cycle, "update_due", first_days=-3)

    planned_on(clock, date(2023, 10, 11))

    assert told(named.officer) == ["update_due -3"]
    assert Reminder.objects.get().send_on == date(2023, 10, 11)


def test_day_itself_off_is_told_on_the_last_working_day_before(named: Desk, clock: Clock) -> None:
    make_rule(named.cycle, "update_due")

    planned_on(clock, FRIDAY)

    assert told(named.officer) == ["update_due 0"]


def test_day_off_that_administrators_added_counts_as_one(named: Desk, clock: Clock) -> None:
    make_rule(named.cycle, "update_due")
    make_day_off(FRIDAY, actor=named.administrator, now=named.now)

    planned_on(clock, FRIDAY - DAY)

    assert told(named.officer) == ["update_due 0"]


def test_level_after_the_date_counts_working_days(named: Desk, clock: Clock) -> None:
    make_rule(named.cycle, "update_due", first_days=1)

    planned_on(clock, DUE + DAY)
    assert told(named.officer) == []
    planned_on(clock, MONDAY)
    assert told(named.officer) == ["update_due 1"]


def test_repeats_until_it_is_done(named: Desk, clock: Clock) -> None:
    make_rule(named.cycle, "update_due", every_days=2)

    for ahead in range(14):
        planned_on(clock, FRIDAY + ahead * DAY)

    assert told(named.officer) == [f"update_due {level}" for level in (0, 2, 4, 6, 8)]


def test_repeats_no_oftener_than_the_rule_says(named: Desk, clock: Clock) -> None:
    make_rule(named.cycle, "update_due", every_days=2, times=1)

    for ahead in range(14):
        planned_on(clock, FRIDAY + ahead * DAY)

    assert told(named.officer) == ["update_due 0", "update_due 2"]


def test_what_happened_on_a_day_off_is_owed_at_once(named: Desk, clock: Clock) -> None:
    make_rule(named.cycle, "returned")
    submission = make_submission(named.assignment, actor=named.officer, now=named.now)
    saturday = clock.move_to(at(date(2023, 9, 23), 11))
    return_update(submission, reason="Kurang bukti.", resubmit_by=DUE, actor=named.reviewer, now=saturday)

    planned(saturday)

    assert told(named.officer) == ["returned 0"]
    assert Reminder.objects.get().due_on == date(2023, 9, 23)


def test_day_in_kuala_lumpur_counts_not_that_of_greenwich(named: Desk, clock: Clock) -> None:
    make_rule(named.cycle, "request_waiting", audience="mapo")
    early = clock.move_to(at(date(2023, 9, 20), 1))
    decline_assignment(named.assignment, reason="Bukan bidang kami.", actor=named.officer, now=early)

    planned(early)

    assert {row.due_on for row in rows()} == {date(2023, 9, 20)}


# Once


def test_planning_twice_owes_nothing_twice(named: Desk, clock: Clock) -> None:
    make_rule(named.cycle, "update_due")
    first = planned_on(clock, FRIDAY)
    again = planned_on(clock, FRIDAY, hour=9)

    assert told(named.officer) == ["update_due 0"]
    assert (first.planned_count, again.pk) == (1, first.pk)


@pytest.mark.parametrize("planners", [2, 5])
def test_planners_at_once_owe_nothing_twice(real_db: object, clock: Clock, planners: int) -> None:
    desk = make_desk(clock.move_to(NOW))
    make_rule(desk.cycle, "update_due")
    make_rule(desk.cycle, "final_due", first_days=-90, audience="mapo")
    now = clock.move_to(at(MONDAY))

    rounds = at_once(*[lambda: plan(now=now)] * planners)

    assert all(isinstance(each, PlanningRun) for each in rounds)
    assert told(desk.coordinator) == ["update_due 0"]
    assert sum(each.planned_count for each in PlanningRun.objects.all()) == Reminder.objects.count()


def test_late_start_says_the_newest_level_alone(named: Desk, clock: Clock) -> None:
    make_rule(named.cycle, "update_due", first_days=-10, every_days=5)

    planned_on(clock, date(2023, 10, 20))

    assert told(named.officer) == ["update_due 5"]


def test_clock_that_jumps_by_weeks_says_once_what_fell_between_and_tells_how_late(
    named: Desk, clock: Clock
) -> None:
    make_rule(named.cycle, "update_due", first_days=-3, every_days=3)
    planned_on(clock, date(2023, 10, 2))

    late = planned_on(clock, date(2023, 11, 7))

    assert told(named.officer) == ["update_due 15"]
    assert (late.late_count, late.late_since) == (1, date(2023, 11, 3))


def test_day_without_planning_is_caught_up_on_the_next(named: Desk, clock: Clock) -> None:
    make_rule(named.cycle, "update_due", first_days=-3)
    planned_on(clock, date(2023, 10, 10))

    late = planned_on(clock, date(2023, 10, 12))

    assert told(named.officer) == ["update_due -3"]
    assert (late.late_count, late.late_since) == (1, date(2023, 10, 11))


def test_highest_level_of_several_rules_is_said_alone(named: Desk, clock: Clock) -> None:
    make_rule(named.cycle, "update_due", first_days=-2)
    make_rule(named.cycle, "update_due", first_days=-1)

    planned_on(clock, FRIDAY)

    assert told(named.officer) == ["update_due -1"]


def test_planning_with_nothing_to_do_touches_no_row(named: Desk, clock: Clock) -> None:
    make_rule(named.cycle, "update_due")
    planned_on(clock, FRIDAY)
    written = "SELECT xmin::text, xmax::text FROM reminders_reminder"
    with connection.cursor() as cursor:
        cursor.execute(written)
        before = cursor.fetchall()
        planned_on(clock, FRIDAY, hour=9)
        cursor.execute(written)
        assert cursor.fetchall() == before
