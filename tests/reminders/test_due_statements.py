"""The three statements built from the parts of `due.sql`: each finds the one officer of a small world."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

from django.db import connection

from reminders.due.calendar import WorkCalendars, day_parameters
from reminders.due.preview_tables import NEW_RULE, PreviewRule, PreviewTables
from reminders.due.reminders import due_reminders
from reminders.due.sql import nudge_relations, planning_relations, standing_relations
from reminders.rules.checks import RuleValues
from tests.factories.deliveries import make_delivery, make_reminder
from tests.factories.recommendations import make_assignment, make_item
from tests.factories.reminders import make_day_off, make_rule
from tests.recommendations.conftest import Desk
from tests.reminders.rules import values
from tests.reminders.steps import DAY, DUE, FRIDAY, MONDAY


def found(relations: str, relation: str, parameters: dict[str, Any]) -> set[tuple[str, str]]:
    """Who is told of which matter, by the last relation of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {relations} SELECT recipient, matter FROM {relation}", parameters)
        return set(cursor.fetchall())


def test_planning_finds_what_was_reached_and_a_supposed_rule_stands_for_the_saved_one(named: Desk) -> None:
    rule = make_rule(named.cycle, "update_due", first_days=0)
    early = make_rule(named.cycle, "update_due", first_days=-3)
    parameters = day_parameters(FRIDAY, calendars=WorkCalendars())
    expected = {(f"person:{named.officer.pk}", f"update_due:{named.assignment.pk}")}
    assert found(planning_relations(), "highest", parameters) == expected
    supposed = [
        PreviewTables(PreviewRule(RuleValues.of(each), named.cycle, each.pk)) for each in (rule, early)
    ]
    for each in supposed:
        assert found(planning_relations(each.relations), "highest", parameters | each.parameters) == expected
    (row,) = due_reminders(FRIDAY, exactly=False, supposed=supposed[0])
    assert (row.rule_id, row.level) == (rule.pk, 0)
    # What a later rule says by then is not said by an earlier one.
    assert list(due_reminders(FRIDAY, exactly=False, supposed=supposed[1])) == []
    new = PreviewRule(values(first_days=-2), named.cycle)
    (row,) = due_reminders(FRIDAY - DAY, exactly=False, supposed=PreviewTables(new))
    assert (row.rule_id, row.level) == (NEW_RULE, -2)
    assert RuleValues.of(type(rule).objects.get(pk=early.pk)) == RuleValues.of(early)


def test_what_mapo_is_asked_weighs_nothing_in_the_joins_above(named: Desk) -> None:
    """Beside the price of who may decide, a hash of all people and a walk through them for each row seem alike."""
    parameters = day_parameters(FRIDAY, calendars=WorkCalendars())
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN WITH {planning_relations()} SELECT FROM highest", parameters)
        plan = [line for (line,) in cursor.fetchall()]
    costs = {
        name: float(after.partition("..")[2].partition(" ")[0])
        for line, after in pairwise(plan)
        if (name := line.strip()) in ("CTE owed", "CTE highest")
    }
    assert costs["CTE highest"] < costs["CTE owed"]


def test_mails_in_hand_stand_while_the_officer_is_owed_them(named: Desk) -> None:
    other = make_assignment(
        make_item(named.cycle, number=2), named.agency, actor=named.reviewer, now=named.now
    )
    reminders = [
        make_reminder(named.officer, each, due_on=DUE, now=named.now) for each in (named.assignment, other)
    ]
    mail = make_delivery(named.officer, now=named.now, state="waiting", reminders=(reminders[0],))
    parameters = {
        "deliveries": [mail.pk], "assignments": [named.assignment.pk], "agencies": [], "whole_cycle": False,
        "today": FRIDAY,
    }  # fmt: skip
    expected = {(f"person:{named.officer.pk}", f"update_due:{named.assignment.pk}")}
    assert found(standing_relations(), "allowed", parameters) == expected
    assert found(standing_relations(), "allowed", parameters | {"assignments": []}) == set()
    assert found(standing_relations(), "allowed", parameters | {"deliveries": []}) == set()


def test_nudge_is_for_the_assignments_that_were_chosen(named: Desk) -> None:
    make_assignment(make_item(named.cycle, number=2), named.agency, actor=named.reviewer, now=named.now)
    parameters = {"assignments": [named.assignment.pk], "today": FRIDAY}
    assert found(nudge_relations(), "allowed", parameters) == {
        (f"person:{named.officer.pk}", f"nudge:{named.assignment.pk}")
    }
    assert found(nudge_relations(), "allowed", parameters | {"assignments": []}) == set()


def test_reminders_of_the_very_day_and_those_that_a_planning_would_add(named: Desk) -> None:
    make_rule(named.cycle, "update_due", first_days=0)
    assert [row.send_on for row in due_reminders(FRIDAY, exactly=True)] == [FRIDAY]
    assert list(due_reminders(FRIDAY - DAY, exactly=True)) == []
    assert list(due_reminders(FRIDAY - DAY, exactly=False)) == []
    assert list(due_reminders(MONDAY, exactly=True)) == []
    (late,) = due_reminders(MONDAY, exactly=False)
    assert (late.send_on, late.due_on, late.user_id) == (FRIDAY, DUE, named.officer.pk)
    make_reminder(named.officer, named.assignment, due_on=DUE, now=named.now)
    assert list(due_reminders(FRIDAY, exactly=False)) == []
    assert len(list(due_reminders(FRIDAY, exactly=True))) == 1


def test_days_off_in_force_count_unless_calendars_are_given(named: Desk) -> None:
    make_rule(named.cycle, "update_due", first_days=0)
    make_day_off(FRIDAY, actor=named.administrator, now=named.now)
    thursday = FRIDAY - DAY
    assert [row.send_on for row in due_reminders(thursday, exactly=True)] == [thursday]
    assert list(due_reminders(thursday, exactly=True, calendars=WorkCalendars())) == []
    assert WorkCalendars.load() == WorkCalendars(frozenset({(FRIDAY, "")}))


def test_parameters_of_a_day_hold_a_calendar_of_each_place() -> None:
    today = date(2023, 9, 14)
    parameters = day_parameters(today, calendars=WorkCalendars())
    assert (parameters["today"], parameters["first_day"]) == (today, date(2021, 8, 25))
    place, numbers, working_days = parameters["PJY"]
    assert place == "PJY"
    # From Wednesday, 25 August; Tuesday the 31st is a holiday.
    assert numbers.startswith("{1,2,3,3,3,4,4,5,") and numbers.endswith(",635,635,635}")
    assert working_days.startswith("{0,1,2,5,7,8,9,12,") and working_days.endswith(",944,945,947}")
    assert (len(numbers.split(",")), len(working_days.split(","))) == (950, 635)
