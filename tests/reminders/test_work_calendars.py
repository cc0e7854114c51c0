"""Working days of each place by the library, with added days off; and levels counted in them."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta

import holidays
import pytest

from accounts.regions import Place
from reminders.due.calendar import WorkCalendar, WorkCalendars
from reminders.due.reminders import due_reminders
from tests.conftest import Clock
from tests.factories.accounts import UserFactory
from tests.factories.reminders import make_day_off, make_rule
from tests.recommendations.conftest import Desk
from tests.reminders.oracle import concerned
from tests.reminders.oracle_days import Days
from tests.reminders.records import read_world
from tests.reminders.steps import at

DAY = timedelta(days=1)
YEAR = [date(2023, 1, 1) + number * DAY for number in range(3 * 365 + 1)]


@pytest.mark.parametrize("place", Place.values)
def test_working_days_are_the_librarys(place: str) -> None:
    library = holidays.country_holidays("MY", subdiv=place, years=[2023, 2024, 2025])
    calendar = WorkCalendar(place)

    assert [calendar.is_working(day) for day in YEAR] == [library.is_working_day(day) for day in YEAR]


def test_weekends_differ_between_states() -> None:
    friday, sunday = date(2023, 9, 22), date(2023, 9, 24)

    assert [place for place in Place.values if not WorkCalendar(place).is_working(friday)] == [
        "JHR", "KDH", "KTN", "TRG"
    ]  # fmt: skip
    assert [place for place in Place.values if WorkCalendar(place).is_working(sunday)] == [
        "JHR", "KDH", "KTN", "TRG"
    ]  # fmt: skip


@pytest.mark.parametrize("place", ["PJY", "KTN", "SBH", "JHR"])
@pytest.mark.parametrize("level", [-15, -5, -2, -1, 0, 1, 2, 5, 15])
def test_day_of_level_counts_working_days(place: str, level: int) -> None:
    days, calendar = Days(), WorkCalendar(place)

    for due_on in YEAR[90:460]:
        assert calendar.day_of_level(due_on, level) == days.at_level(place, due_on, level)


def test_day_off_of_one_place_leaves_the_others_alone(desk: Desk) -> None:
    day = date(2023, 9, 20)
    make_day_off(day, place="SBH", actor=desk.administrator, now=desk.now)

    closed = [calendar.place for calendar in WorkCalendars.load() if not calendar.is_working(day)]

    assert closed == ["SBH"]


def test_day_off_without_a_place_closes_all(desk: Desk) -> None:
    make_day_off(date(2023, 9, 20), actor=desk.administrator, now=desk.now)

    assert not any(calendar.is_working(date(2023, 9, 20)) for calendar in WorkCalendars.load())


def test_mails_go_out_in_the_hours_of_kuala_lumpur() -> None:
    for hour, is_open in (
        (0, False),
        (6, False),
        (7, True),
        (12, True),
        (17, True),
        (18, False),
        (23, False),
    ):
        assert WorkCalendar("PJY").is_open(at(date(2023, 9, 14), hour, 59)) is is_open, hour
        assert not WorkCalendar("PJY").is_open(at(date(2023, 9, 16), hour)), hour


def test_hours_are_those_of_kuala_lumpur_wherever_the_server_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    thursday = datetime(2023, 9, 14, tzinfo=UTC)
    hours = (-1.5, -1, 0, 9.9, 10)  # 6.30, 7.00, 8.00, 17.54 and 18.00 in Kuala Lumpur
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", "UTC")
        time.tzset()
        found = [WorkCalendar("PJY").is_open(thursday + timedelta(hours=hour)) for hour in hours]
    time.tzset()
    assert found == [False, True, True, True, False]


@pytest.mark.parametrize(
    "due_on",
    [
        date(2023, 9, 16),
        date(2024, 2, 11),
        pytest.param(date(2023, 11, 12), marks=pytest.mark.long),
        pytest.param(date(2023, 12, 25), marks=pytest.mark.long),
    ],
)
def test_levels_of_the_statement_are_those_of_a_walk_through_the_days(
    desk: Desk, clock: Clock, due_on: date
) -> None:
    """One officer in each state, before and after dates that are holidays and weekends somewhere."""
    for place in Place.values:
        officer = UserFactory(agency=desk.agency, place=place)
        desk.assignment.officer_links.create(user=officer)
    desk.assignment.next_due_on = due_on
    desk.assignment.save()
    make_rule(desk.cycle, "update_due", first_days=-7, every_days=3)
    make_rule(desk.cycle, "update_due", first_days=0, every_days=4, times=3, coordinator_days=2, mapo_days=5)
    for off in (due_on + DAY, due_on - 4 * DAY):
        make_day_off(off, actor=desk.administrator, now=desk.now, place="SBH")
    world, calendars = read_world(), WorkCalendars.load()

    for today in (due_on + number * DAY for number in range(-20, 35)):
        found = {
            (row.recipient, row.matter, row.due_on): (row.level, row.send_on, row.step, row.is_escalation)
            for row in due_reminders(today, exactly=False, calendars=calendars)
        }
        expected = {
            told: reached[:4] for told, reached in concerned(world, today).items() if reached is not None
        }
        assert found == expected


def test_working_days_before_after_and_between() -> None:
    calendar = WorkCalendar("PJY", frozenset({date(2023, 9, 18)}))
    friday, saturday, tuesday = date(2023, 9, 15), date(2023, 9, 16), date(2023, 9, 19)
    assert [calendar.next_working(day) for day in (friday, saturday, tuesday)] == [
        tuesday,
        tuesday,
        tuesday + DAY,
    ]
    assert [calendar.last_working(day) for day in (friday, saturday, tuesday - DAY, tuesday)] == [
        friday,
        friday,
        friday,
        tuesday,
    ]
    assert [calendar.count(friday, friday + number * DAY) for number in (-3, 0, 1, 3, 4, 5)] == [
        0,
        0,
        0,
        0,
        1,
        2,
    ]
    assert calendar.count(friday - DAY, friday) == 1


def test_calendars_with_the_same_days_off_are_equal() -> None:
    off = [(date(2023, 9, 20), "SBH"), (date(2023, 9, 21), "")]
    calendars = WorkCalendars(frozenset(off))
    assert calendars == WorkCalendars(frozenset(reversed(off))) and hash(calendars) == hash(
        WorkCalendars(frozenset(off))
    )
    assert calendars != WorkCalendars(frozenset(off[:1])) and calendars != frozenset(off)
    assert hash(calendars) != hash(WorkCalendars())
    closed = {place for place in Place.values if not calendars[place].is_working(date(2023, 9, 20))}
    assert closed == {"SBH"}
    assert not any(calendar.is_working(date(2023, 9, 21)) for calendar in calendars)
    assert [calendar.place for calendar in calendars] == Place.values


def test_mails_go_out_where_offices_are_open() -> None:
    friday, saturday = date(2023, 9, 22), date(2023, 9, 23)
    resting_on_friday = {"JHR", "KDH", "KTN", "TRG"}
    calendars = WorkCalendars(frozenset({(friday, "SBH")}))
    open_places = {calendar.place for calendar in calendars.open_at(at(friday, 9))}
    assert open_places == set(Place.values) - resting_on_friday - {"SBH"}
    assert calendars.open_at(at(friday, 19)) == calendars.open_at(at(saturday, 9)) == []
