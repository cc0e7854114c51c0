"""Whom the reminders do not reach: silent agencies, gaps, people who never joined or do not read."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.services.people import deactivate_person
from audit.clock import end_of_day, local_date
from cycles.services import close_cycle
from recommendations.models import Assignment
from reminders.due.calendar import WorkCalendars
from reminders.kinds import ReminderKind
from reminders.models import Reminder
from reminders.queries.unreached import (
    agencies_with_people,
    find_gaps,
    never_joined,
    not_reading,
    silent_agencies,
    unreached_people,
    working_days_ago,
)
from reminders.states import Audience
from tests.conftest import NOW, Clock
from tests.factories.accounts import make_agency, make_person
from tests.factories.deliveries import make_reminder
from tests.factories.recommendations import make_assignment, make_item, make_submission
from tests.recommendations.conftest import Desk

pytestmark = pytest.mark.django_db
TODAY = local_date(NOW)
LATE = TODAY - timedelta(days=6)
REMINDED = NOW - timedelta(days=5)


def remind(
    desk: Desk, to: User | None = None, assignment: Assignment | None = None, **values: object
) -> Reminder:
    facts: dict[str, object] = {"due_on": LATE, "now": REMINDED} | values
    return make_reminder(to or desk.officer, assignment or desk.assignment, **facts)


def gaps() -> list[Any]:
    return find_gaps(agencies_with_people())


def silent_codes() -> list[str]:
    return [
        each.agency.code
        for each in silent_agencies(today=TODAY, reminded_before=REMINDED + timedelta(days=1))
    ]


def test_agency_that_sent_something_since_is_not_silent_even_about_another_item(desk: Desk) -> None:
    remind(desk)
    other = make_assignment(
        make_item(desk.cycle, number=2), desk.agency, actor=desk.administrator, now=desk.now
    )
    make_submission(other, actor=desk.officer, now=desk.now)
    assert silent_codes() == []


def test_what_was_sent_before_the_first_reminder_does_not_break_the_silence(desk: Desk, clock: Clock) -> None:
    make_submission(desk.assignment, actor=desk.officer, now=desk.now)
    later = clock.move_to(NOW + timedelta(days=40))
    remind(desk, due_on=TODAY + timedelta(days=30), now=later)
    (silent,) = silent_agencies(today=local_date(later), reminded_before=later + timedelta(days=1))
    assert silent.submitted_at == desk.now


def test_what_is_not_late_or_was_not_said_to_the_agency_makes_nobody_silent(desk: Desk) -> None:
    for level, values in enumerate(
        (
            {"due_on": TODAY},
            {"is_muted": True},
            {"settled_at": NOW},
            {"step": Audience.MAPO},
            {"what": ReminderKind.INTERIM, "matter": "interim:1.1"},
            {"what": ReminderKind.REVIEW_WAITING, "matter": "review_waiting:1"},
        )
    ):
        remind(desk, level=level, **values)
        assert silent_codes() == [], values


def test_agency_is_silent_when_it_is_late_and_has_sent_nothing_since_its_first_reminder(desk: Desk) -> None:
    remind(desk)
    assert silent_agencies(today=TODAY, reminded_before=REMINDED) == []
    remind(desk, desk.coordinator, level=3, now=NOW, step=Audience.COORDINATOR, is_escalation=True)
    (silent,) = silent_agencies(today=TODAY, reminded_before=REMINDED + timedelta(days=1))
    assert (silent.agency, silent.year, silent.matters_count) == (desk.agency, 2023, 1)
    assert (silent.oldest_on, silent.reminded_at) == (LATE, REMINDED)
    assert silent.assignment_ids == [desk.assignment.pk]
    assert silent.submitted_at is None and silent.nudged_at is None


def test_closed_cycle_has_no_silent_agency_and_no_gap(desk: Desk) -> None:
    remind(desk)
    make_assignment(
        make_item(desk.cycle, number=2), make_agency("MOT"), actor=desk.administrator, now=desk.now
    )
    assert silent_codes() == ["PDRM"] and [gap.code for gap in gaps()] == ["MOT"]
    close_cycle(desk.cycle, reason="Tamat.", actor=desk.administrator, now=desk.now)
    assert silent_codes() == [] and gaps() == []


def test_longest_silence_comes_first(desk: Desk) -> None:
    remind(desk)
    other = make_assignment(
        make_item(desk.cycle, number=2), desk.other_agency, actor=desk.administrator, now=desk.now
    )
    remind(desk, desk.outsider, other, now=REMINDED - timedelta(days=1))
    assert silent_codes() == ["MPOB", "PDRM"]


def test_gaps_are_agencies_without_anybody_then_those_without_a_coordinator(desk: Desk) -> None:
    empty, invited = make_agency("MOT"), make_agency("AAA")
    make_person("officer", invited, joined_at=None)
    for number, agency in enumerate((empty, invited, desk.other_agency), start=2):
        make_assignment(make_item(desk.cycle, number=number), agency, actor=desk.administrator, now=desk.now)
    make_agency("LUAR")  # answers for nothing
    found = [(gap.code, not gap.has_actor, gap.invited_count) for gap in gaps()]
    assert found == [("AAA", True, 1), ("MOT", True, 0), ("MPOB", False, 0)]
    assert all(gap.assignments_count == 1 and gap.year == 2023 for gap in gaps())


def test_acting_officer_coordinates_and_a_deactivated_coordinator_does_not(desk: Desk) -> None:
    assert gaps() == []
    deactivate_person(desk.coordinator, reason="Bersara", actor=desk.administrator, now=desk.now)
    (gap,) = gaps()
    assert gap == desk.agency and gap.has_actor
    User.objects.filter(pk=desk.officer.pk).update(is_acting=True)
    assert gaps() == []


def test_unread_is_old_after_ten_working_days_of_the_secretariat() -> None:
    """14 September 2023 is a Thursday; 31 August is a holiday, so ten working days before it is 30 August."""
    before = working_days_ago(10, date(2023, 9, 14), calendars=WorkCalendars())
    assert before == end_of_day(date(2023, 8, 29))


def test_who_never_came_stands_before_who_does_not_read(desk: Desk) -> None:
    before = NOW - timedelta(days=1)
    invited = make_person("officer", desk.agency, joined_at=None, invited_at=REMINDED)
    remind(desk)
    remind(desk, level=1, now=REMINDED + timedelta(hours=1))
    remind(desk, desk.colleague, now=NOW)
    remind(desk, desk.coordinator, read_at=NOW)
    found = unreached_people(before=before, reader=desk.reviewer)
    assert found == [invited, desk.officer]
    assert list(never_joined()) == [invited] and list(not_reading(before=before, reader=desk.reviewer)) == [
        desk.officer
    ]
    assert (found[1].unread_count, found[1].oldest_at) == (1, REMINDED)


def test_reader_is_not_missed_and_the_rest_of_mapo_stands_last(desk: Desk) -> None:
    for person in (desk.reviewer, desk.second_reviewer):
        remind(desk, person, now=REMINDED - timedelta(days=1))
    remind(desk)
    found = unreached_people(before=NOW, reader=desk.reviewer)
    assert found == [desk.officer, desk.second_reviewer]
    assert set(not_reading(before=NOW, reader=desk.reviewer)) == {desk.officer, desk.second_reviewer}


def test_nobody_is_missed_who_is_told_nothing(desk: Desk) -> None:
    remind(desk)
    gone = make_person("officer", desk.agency, joined_at=None)
    make_person("observer", desk.agency, joined_at=None)
    for person in (desk.officer, gone):
        deactivate_person(person, reason="Bersara", actor=desk.administrator, now=desk.now)
    assert unreached_people(before=NOW, reader=desk.reviewer) == []


@pytest.mark.parametrize("count", [1, 4])
def test_each_reading_takes_the_same_queries_for_one_and_for_many(
    desk: Desk, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for number in range(count):
        agency = make_agency(f"A{number}")
        person = make_person("officer", agency)
        item = make_item(desk.cycle, number=number + 2)
        assignment = make_assignment(item, agency, actor=desk.administrator, now=desk.now)
        remind(desk, person, assignment)
    with django_assert_num_queries(2):
        assert len(silent_agencies(today=TODAY, reminded_before=REMINDED + timedelta(days=1))) == count
    with django_assert_num_queries(1):
        assert len(gaps()) == count
    with django_assert_num_queries(1):
        assert len(unreached_people(before=NOW, reader=desk.reviewer)) == count
