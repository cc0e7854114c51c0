"""The overview on any day: what it showed then, what it says where it cannot, and the clock of the window."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation

from accounts.regions import Place
from recommendations import services
from recommendations.models import Cycle
from recommendations.queries.window_clock import WindowClock
from recommendations.states import Status
from reminders.models import DayOff
from reminders.services.days_off import add_day_off, remove_day_off
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


def test_a_day_that_cannot_be_shown_is_said_and_today_is_shown(desk: Desk) -> None:
    for day, told in (
        ("2023-09-15", "15 September 2023 is in the future"),
        ("2020-01-01", "Nothing was recorded in this cycle by 1 January 2020"),
        ("yesterday", "The date is not valid"),
        ("2023-02-30", "The date is not valid"),
        ("1901-01-01", "Nothing was recorded"),
        ("2099-12-30", "is in the future"),
        ("9999-12-31", "The date is not valid"),
    ):
        response = Visitor(desk.reviewer).get(OVERVIEW, day=day)
        assert response.status_code == 200, (day, told)
        assert told in text_of(response), (day, told)
        assert response.context["day"] is None and "Day 167 of 366" in text_of(response), (day, told)
    response = Visitor(desk.reviewer).get(OVERVIEW, day="2023-09-14")
    assert "You see the status as at" not in text_of(response)


@pytest.mark.django_db
def test_the_days_beside_the_one_shown_are_a_step_away_and_the_past_is_named(
    desk: Desk, clock: Clock
) -> None:
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
def test_a_day_to_compare_with_that_cannot_be_is_said(desk: Desk, clock: Clock) -> None:
    clock.move_to(NOW + timedelta(days=5))
    for since, told in (
        ("2023-09-19", "The comparison date must be before the date shown."),
        ("2030-01-01", "must be before the date shown"),
        ("2020-01-01", "Nothing was recorded in this cycle by 1 January 2020."),
        ("lately", "The comparison date is not valid."),
    ):
        response = Visitor(desk.reviewer).get(OVERVIEW, since=since, show="late")
        (refused,) = response.context["refusals"]
        assert told in refused.replace("\u00a0", " "), (since, told)
        assert "Changes are counted since 14 September 2023." in refused.replace("\u00a0", " "), (since, told)
        assert response.context["filters"].show == "late", (since, told)


CYCLE = Cycle(
    window_start=date(2023, 4, 1),
    window_end=date(2024, 3, 31),
    interim_on=date(2023, 9, 30),
    submission_on=date(2024, 2, 1),
)


#: The dates of the big clock, in their order.
INTERIM, DUE, END = "Interim, 30 September", "Information due, 1 February", "End of the window, 31 March"


def test_the_clock_tells_every_date_on_every_kind_of_day() -> None:
    for today, day, told in (
        (
            date(2023, 3, 30),
            "The window opens in 2 days",
            {
                INTERIM: "in 184 days (122 working days)",
                DUE: "in 308 days (206 working days)",
                END: "in 367 days (245 working days)",
            },
        ),
        (
            date(2023, 9, 14),
            "Day 167",
            {
                INTERIM: "in 16 days (10 working days)",
                DUE: "in 140 days (94 working days)",
                END: "in 199 days (133 working days)",
            },
        ),
        (
            date(2023, 9, 30),
            "Day 183",
            {INTERIM: "today", DUE: "in 124 days (84 working days)", END: "in 183 days (123 working days)"},
        ),
        (
            date(2024, 2, 1),
            "Day 307",
            {INTERIM: "124 days ago", DUE: "today", END: "in 59 days (39 working days)"},
        ),
        (
            date(2024, 3, 31),
            "Day 366",
            {INTERIM: "183 days ago", DUE: "59 days ago", END: "today"},
        ),
        (
            date(2024, 4, 5),
            "The window closed 5 days ago",
            {INTERIM: "188 days ago", DUE: "64 days ago", END: "5 days ago"},
        ),
    ):
        with translation.override("en"):
            dial: dict[str, Any] = WindowClock(CYCLE, today).dial()
        found = {
            each.label.replace("\u00a0", " "): each.words.replace("\u00a0", " ") for each in dial["dates"]
        }
        assert (dial["day_text"].replace("\u00a0", " "), found) == (day, told), today
        assert [each.is_over for each in dial["dates"]] == ["ago" in words for words in told.values()], today


def test_a_long_window_names_every_second_month() -> None:
    longer = Cycle(
        window_start=date(2023, 4, 1),
        window_end=date(2025, 3, 31),
        interim_on=date(2023, 9, 30),
        submission_on=date(2024, 2, 1),
    )
    labels = [month["label"] for month in WindowClock(longer, date(2023, 9, 14)).dial()["months"]]
    assert len(labels) == 24 and sum(map(bool, labels)) == 12


@pytest.mark.django_db
def test_the_clock_leaves_out_the_days_off_of_the_secretariat_as_they_stood(desk: Desk, clock: Clock) -> None:
    visitor = Visitor(desk.reviewer)

    def interim(**query: str) -> str:
        dial = visitor.get(OVERVIEW, **query).context["clock"]
        words: str = dial["dates"][0].words
        return words.replace("\u00a0", " ")

    assert interim() == "in 16 days (10 working days)"
    # The second lies on a weekend, and the third is a day off in Perlis alone.
    for day, place in ((date(2023, 9, 22), ""), (date(2023, 9, 23), ""), (date(2023, 9, 25), Place.PERLIS)):
        DayOff.objects.create(
            day=day, place=place, name="Cuti", added_by=desk.administrator, added_at=desk.now
        )
    off = add_day_off(
        day=date(2023, 9, 26), place=Place.PUTRAJAYA, name="Cuti", actor=desk.administrator, now=desk.now
    )
    assert interim() == "in 16 days (8 working days)"
    remove_day_off(off, actor=desk.administrator, now=clock.move_to(NOW + timedelta(days=1)))
    assert interim() == "in 15 days (8 working days)"
    assert interim(day="2023-09-14") == "in 16 days (8 working days)"
