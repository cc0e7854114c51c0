"""The progress of a cycle on the overview: chart, table and pace say what was recorded, and no more."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import translation

from audit.clock import end_of_day
from overview.queries.progress_chart import progress_chart
from overview.queries.trend import read_past_overview, trend_of_cycle
from recommendations import services
from recommendations.queries.cycle_state import state_of_cycle
from recommendations.queries.window_clock import WindowClock
from recommendations.states import AssignmentRole, ItemKind, Status
from tests.conftest import NOW, Clock
from tests.factories.recommendations import REPORTED, make_assignment, make_item
from tests.recommendations.conftest import Desk
from tests.recommendations.visitors import Visitor, text_of
from tests.shared import shared
from ui import dates

pytestmark = pytest.mark.django_db
OVERVIEW = "/overview/"


@shared
def told(desk: Desk, clock: Clock) -> Desk:
    """Two recommendations and a weakness; one is completed, held up by a support, set by MAPO and let go again."""
    make_item(desk.cycle, number=2)
    make_item(desk.cycle, kind=ItemKind.WEAKNESS)
    desk.now = clock.move_to(NOW + timedelta(days=3))
    desk.accepted(replace(REPORTED, status=Status.DONE, percent=100))
    desk.now = clock.move_to(NOW + timedelta(days=20))
    make_assignment(
        desk.item, desk.other_agency, actor=desk.administrator, now=desk.now, role=AssignmentRole.SUPPORT
    )
    desk.now = clock.move_to(NOW + timedelta(days=50))
    override = services.override_item(
        desk.item, status="done", percent=100, reason="Siap", actor=desk.reviewer, now=desk.now
    )
    desk.now = clock.move_to(NOW + timedelta(days=80))
    services.end_override(override, reason="Belum siap", actor=desk.reviewer, now=desk.now)
    desk.now = clock.move_to(NOW + timedelta(days=90))
    return desk


def numbers(html: str) -> list[int]:
    return [int(text) for text in re.findall(r"<td class=\"number\">(\d+)</td>", html)]


def test_course_table_is_the_state_of_the_cycle_on_each_of_its_days(told: Desk) -> None:
    today = NOW.date() + timedelta(days=90)
    past = read_past_overview(trend_of_cycle(told.cycle), on=today)
    found = progress_chart(past, WindowClock(told.cycle, today))
    assert found is not None
    days = [date(2023, 9, 14), date(2023, 9, 30), date(2023, 10, 31), date(2023, 11, 30), today]
    assert [day for day, _cells in found.rows] == [dates.day(day) for day in days]
    for day, (_label, cells) in zip(days, found.rows, strict=True):
        state = state_of_cycle(told.cycle, user=told.observer, before=end_of_day(day))
        expected = [
            state.count_states(kind)[status]
            for kind in (ItemKind.RECOMMENDATION, ItemKind.WEAKNESS)
            for status in Status
        ]
        assert numbers(cells) == expected


def test_course_ends_on_the_day_that_is_shown(told: Desk) -> None:
    visitor = Visitor(told.observer)
    then = visitor.get(OVERVIEW, day="2023-09-20").context["course"]
    assert then.rows[-1][0] == dates.day(date(2023, 9, 20), language="en")
    clock = WindowClock(told.cycle, date(2023, 9, 20))
    ends = [
        float(at) + float(width)
        for at, width in re.findall(r'x="([\d.]+)%" y="[\d.]+" width="([\d.]+)%"', then.kinds[0].chart)
    ]
    assert max(ends) == pytest.approx(clock.percent, abs=0.02)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2023-09-16", "2 of 2 are not completed. Since 14 September 2023, none was completed."),
        ("2023-09-17", "1 of 2 are not completed. Since 14 September 2023, 1 was completed."),
        ("2023-11-12", "1 of 2 are not completed. Since 14 September 2023, 1 was completed."),
        (
            "2023-12-05",
            "2 of 2 are not completed. In the last 60 days, none was completed.",
        ),
        (
            "2023-11-20",
            "1 of 2 are not completed. In the last 60 days, none was completed.",
        ),
    ],
)
def test_pace_says_what_was_recorded(told: Desk, day: str, words: str) -> None:
    found = Visitor(told.observer).get(OVERVIEW, day=day).context["course"]
    assert found.kinds[0].pace.replace("\u00a0", " ") == words


def test_pace_says_what_is_completed_no_more(told: Desk, clock: Clock) -> None:
    clock.move_to(NOW + timedelta(days=120))
    found = Visitor(told.observer).get(OVERVIEW).context["course"]
    assert "1 that was completed then no longer is." in found.kinds[0].pace


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2023, 3, 30), "The window opens in 2 days"),
        (date(2023, 9, 14), "199 days (133 working days) are left until the window closes"),
        (date(2024, 3, 31), "Last day of the window"),
        (date(2024, 4, 2), "The window closed 2 days ago"),
    ],
)
def test_time_that_is_left(desk: Desk, today: date, words: str) -> None:
    past = read_past_overview(trend_of_cycle(desk.cycle), on=max(today, NOW.date()))
    with translation.override("en"):
        found = progress_chart(past, WindowClock(desk.cycle, today))
    assert found is not None and found.time_words.replace("\u00a0", " ") == words


def test_after_the_window_the_table_goes_on_to_the_day_shown(desk: Desk, clock: Clock) -> None:
    clock.move_to(NOW + timedelta(days=250))
    found = Visitor(desk.observer).get(OVERVIEW).context["course"]
    assert [day.replace("\u00a0", " ") for day, _cells in found.rows[-2:]] == ["31 March 2024", "21 May 2024"]


def test_everybody_reads_the_same_course(told: Desk) -> None:
    rows = {
        tuple(Visitor(person).get(OVERVIEW).context["course"].rows)
        for person in (told.officer, told.outsider, told.observer, told.reviewer)
    }
    assert len(rows) == 1
    assert "Show as a table" in text_of(Visitor(told.outsider).get(OVERVIEW))
