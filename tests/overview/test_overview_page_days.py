"""The overview on any day: what it showed then, what it says where it cannot, and the clock of the window."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation

from recommendations import services
from recommendations.models import Cycle
from recommendations.queries.window_clock import WindowClock
from recommendations.states import Status
from recommendations.working_days import count_working_days, is_working_day
from tests.conftest import NOW, Clock
from tests.factories.recommendations import REPORTED
from tests.recommendations.conftest import Desk
from tests.recommendations.visitors import Visitor, text_of

OVERVIEW = "/overview/"


def test_a_day_that_is_over_is_shown_as_it_was_with_a_banner(desk: Desk, clock: Clock) -> None:
    desk.accepted()
    later = clock.move_to(NOW + timedelta(days=5))
    services.end_assignment(desk.assignment, reason="Pindah", actor=desk.administrator, now=later)
    visitor = Visitor(desk.reviewer)
    past = visitor.get(OVERVIEW, day="2023-09-14")
    assert "You see the status as at 14 September 2023" in text_of(past)
    assert "PDRM, lead agency: In progress 40%" in past.content.decode()
    assert "Needs your attention" not in text_of(past)
    assert "PDRM, lead agency" not in visitor.get(OVERVIEW).content.decode()


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2023-09-15", "15 September 2023 is in the future"),
        ("2020-01-01", "Nothing was recorded in this cycle by 1 January 2020"),
        ("yesterday", "The date is not valid"),
        ("2023-02-30", "The date is not valid"),
        ("1001-01-01", "Nothing was recorded"),
        ("9999-12-30", "is in the future"),
        ("9999-12-31", "The date is not valid"),
    ],
)
def test_a_day_that_cannot_be_shown_is_said_and_today_is_shown(desk: Desk, day: str, told: str) -> None:
    response = Visitor(desk.reviewer).get(OVERVIEW, day=day)
    assert response.status_code == 200
    assert told in text_of(response)
    assert response.context["day"] is None and "Day 167 of 366" in text_of(response)


def test_today_asked_for_by_name_is_just_today(desk: Desk) -> None:
    response = Visitor(desk.reviewer).get(OVERVIEW, day="2023-09-14")
    assert "You see the status as at" not in text_of(response)


@pytest.mark.django_db
def test_the_days_beside_the_one_shown_are_a_step_away(desk: Desk, clock: Clock) -> None:
    clock.move_to(NOW + timedelta(days=2))
    visitor = Visitor(desk.reviewer)
    today = visitor.get(OVERVIEW, show="late").context
    assert (today["previous_url"], today["next_url"], today["today_url"]) == (
        "?day=2023-09-15&show=late",
        "",
        "",
    )
    yesterday = visitor.get(OVERVIEW, day="2023-09-15").context
    assert (yesterday["previous_url"], yesterday["next_url"]) == ("?day=2023-09-14", "?")
    first = visitor.get(OVERVIEW, day="2023-09-14").context
    assert (first["previous_url"], first["next_url"], first["today_url"]) == ("", "?day=2023-09-15", "?")


@pytest.mark.django_db
def test_the_past_is_named_in_the_title(desk: Desk, clock: Clock) -> None:
    clock.move_to(NOW + timedelta(days=2))
    html = Visitor(desk.reviewer).get(OVERVIEW, day="2023-09-14").content.decode().replace("\u00a0", " ")
    assert "<title>Overview as at 14 September 2023 · Jejak</title>" in html


@pytest.mark.django_db
def test_changes_are_counted_since_the_day_asked_for(desk: Desk, clock: Clock) -> None:
    later = clock.move_to(NOW + timedelta(days=5))
    desk.now = later
    desk.accepted(replace(REPORTED, status=Status.DONE, percent=100))
    visitor = Visitor(desk.reviewer)
    response = visitor.get(OVERVIEW, since="2023-09-15")
    (count,) = response.context["counts"]
    assert count.change.replace("\u00a0", " ") == "+1 completed, −1 no action since 15 September 2023"
    assert response.context["next_url"] == ""
    usual = visitor.get(OVERVIEW).context
    assert usual["since"] == NOW.date()  # the first day on which anything was recorded
    past = visitor.get(OVERVIEW, day="2023-09-18", since="2023-09-16").context
    assert past["counts"][0].change.replace("\u00a0", " ") == "No change since 16 September 2023"
    assert ("since", "2023-09-16") in past["day_fields"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("since", "told"),
    [
        ("2023-09-19", "The comparison date must be before the date shown."),
        ("2030-01-01", "must be before the date shown"),
        ("2020-01-01", "Nothing was recorded in this cycle by 1 January 2020."),
        ("lately", "The comparison date is not valid."),
    ],
)
def test_a_day_to_compare_with_that_cannot_be_is_said(
    desk: Desk, clock: Clock, since: str, told: str
) -> None:
    clock.move_to(NOW + timedelta(days=5))
    response = Visitor(desk.reviewer).get(OVERVIEW, since=since, show="late")
    (refused,) = response.context["refusals"]
    assert told in refused.replace("\u00a0", " ")
    assert "Changes are counted since 14 September 2023." in refused.replace("\u00a0", " ")
    assert response.context["filters"].show == "late"


CYCLE = Cycle(
    window_start=date(2023, 4, 1),
    window_end=date(2024, 3, 31),
    interim_on=date(2023, 9, 30),
    submission_on=date(2024, 2, 1),
)


@pytest.mark.parametrize(
    ("today", "day", "notes"),
    [
        (
            date(2023, 3, 30),
            "The window opens in 2 days",
            [
                "Interim assessment in 184 days (122 working days)",
                "Information is due in 308 days (206 working days)",
            ],
        ),
        (
            date(2023, 9, 14),
            "Day 167",
            [
                "Interim assessment in 16 days (10 working days)",
                "Information is due in 140 days (94 working days)",
                "The window closes in 199 days (133 working days)",
            ],
        ),
        (
            date(2023, 9, 30),
            "Day 183",
            [
                "Interim assessment today",
                "Information is due in 124 days (84 working days)",
                "The window closes in 183 days (123 working days)",
            ],
        ),
        (
            date(2024, 2, 1),
            "Day 307",
            ["Information is due today", "The window closes in 59 days (39 working days)"],
        ),
        (date(2024, 3, 30), "Day 365", ["The window closes in 1 day (0 working days)"]),
        (date(2024, 3, 31), "Day 366", ["Last day of the window"]),
        (date(2024, 4, 5), "The window closed 5 days ago", ["Information was due 64 days ago"]),
    ],
)
def test_the_clock_reads_right_on_every_kind_of_day(today: date, day: str, notes: list[str]) -> None:
    with translation.override("en"):
        dial: dict[str, Any] = WindowClock(CYCLE, today).dial()
    told = [text.replace("\u00a0", " ") for text in (dial["day_text"], *dial["notes"])]
    assert told == [day, *notes]


@pytest.mark.parametrize(
    ("day", "is_one"),
    [
        (date(2023, 9, 14), True),
        (date(2023, 9, 15), True),
        (date(2023, 9, 16), False),  # Saturday, and Malaysia Day
        (date(2023, 9, 17), False),
        (date(2023, 8, 31), False),  # National Day
        (date(2024, 2, 1), False),  # Federal Territory Day
        (date(2023, 11, 13), False),  # in lieu of a Sunday
        (date(2023, 9, 29), True),  # Fridays are worked
    ],
)
def test_working_days_are_those_of_putrajaya(day: date, is_one: bool) -> None:
    assert is_working_day(day) == is_one


def test_working_days_count_from_the_day_after_to_the_last() -> None:
    assert count_working_days(date(2023, 9, 14), date(2023, 9, 15)) == 1
    assert count_working_days(date(2023, 9, 15), date(2023, 9, 18)) == 1
    assert count_working_days(date(2023, 9, 18), date(2023, 9, 18)) == 0
    assert count_working_days(date(2023, 9, 19), date(2023, 9, 18)) == 0
