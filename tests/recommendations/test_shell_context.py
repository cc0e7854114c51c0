"""What stands around every page: navigation by role, the window, the notices, and what it costs."""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import User
from recommendations.context import shell
from recommendations.extensions import NavEntry
from recommendations.queries.window_clock import WindowClock
from tests.recommendations.conftest import Desk
from ui import dates

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def around(user: User, path: str = "/overview/") -> dict[str, object]:
    request = RequestFactory().get(path)
    request.user = user
    return shell(request)


def labels(context: dict[str, object]) -> list[str]:
    return [entry["label"] for entry in context["nav"]]


def test_shell_is_empty_before_sign_in() -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    assert not any(value for name, value in shell(request).items() if name != "home_url")


def test_navigation_follows_the_role(desk: Desk) -> None:
    everybody = ["Weaknesses", "Contacts", "Summaries", "Figures"]
    agency = ["Overview", "Items", "Evidence", "Weaknesses", "Contacts"]
    assert labels(around(desk.officer)) == ["My work", *agency, "Our agency", "Summaries", "Figures"]
    assert labels(around(desk.coordinator)) == ["My work", "Our agency", *agency, "Summaries", "Figures"]
    assert labels(around(desk.observer)) == ["Overview", "Items", *everybody]
    known = ["Weaknesses", "Contacts", "Meetings", "Summaries", "Reminders", "Figures"]
    mapo = ["Overview", "Reviews", "Items", "Assignments", "Evidence", *known]
    assert labels(around(desk.reviewer)) == mapo
    assert labels(around(desk.administrator)) == [
        *mapo,
        "Hidden words",
        "Installation",
        "People",
        "Agencies",
        "Cycles",
        "Audit trail",
    ]


def test_apps_above_add_entries_for_those_who_have_them(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = NavEntry("search:search", "Test entry", "search", is_open_to=lambda user: user.is_observer)
    monkeypatch.setattr("recommendations.context.nav_entries", {"test": entry})
    assert labels(around(desk.observer)).count("Test entry") == 1
    assert "Test entry" not in labels(around(desk.reviewer))


def test_reviews_carry_the_number_that_waits_and_the_shell_takes_two_queries(
    desk: Desk, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        around(desk.reviewer)
    desk.submission()
    with django_assert_num_queries(2):
        shown = around(desk.reviewer)
    assert [entry["count"] for entry in shown["nav"] if entry["label"] == "Reviews"] == [1]


def test_demo_and_missing_scanner_are_said(desk: Desk, settings: Settings) -> None:
    context = around(desk.administrator)
    assert dates.day(date(2023, 9, 14)) in str(context["demo_text"])
    assert "SCANNER=none" in str(context["scan_text"])
    assert around(desk.reviewer)["scan_text"] == ""
    settings.SCANNER = "clamav"
    assert around(desk.administrator)["scan_text"] == ""


def test_window_reads_right_before_within_and_after_and_its_months_fill_it(desk: Desk) -> None:
    for today, day_text, next_text, percent in (
        (date(2023, 3, 20), "The window opens in 12 days", "Interim assessment in 194 days", 0),
        (date(2023, 4, 1), "Day 1 of 366", "Interim assessment in 182 days", 100 / 366),
        (date(2023, 9, 14), "Day 167 of 366", "Interim assessment in 16 days", 16700 / 366),
        (date(2023, 9, 30), "Day 183 of 366", "Interim assessment today", 50),
        (date(2023, 10, 1), "Day 184 of 366", "Information is due in 123 days", 18400 / 366),
        (date(2024, 2, 2), "Day 308 of 366", "The window closes in 58 days", 30800 / 366),
        (date(2024, 3, 31), "Day 366 of 366", "Last day of the window", 100),
        (date(2024, 4, 5), "The window closed 5 days ago", "", 100),
    ):
        clock = WindowClock(desk.cycle, today)
        assert clock.day_text.replace("\u00a0", " ") == day_text, today
        assert clock.next_text.replace("\u00a0", " ") == next_text, today
        assert clock.percent == pytest.approx(percent), today
        assert clock.interim_percent == 50, today
    months = WindowClock(desk.cycle, date(2023, 9, 14)).months
    assert len(months) == 12
    assert months[0]["percent_from"] == 0 and months[-1]["percent_to"] == 100
    assert all(a["percent_to"] == b["percent_from"] for a, b in itertools.pairwise(months))
