"""Key figures on the overview: by pillar, of this window or the one before, with their change and contradictions."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from indicators.models import Indicator
from indicators.states import CheckKind, PeriodKind
from recommendations.states import Pillar
from tests.conftest import NOW, Clock
from tests.factories.indicators import (
    make_check,
    make_figure,
    make_indicator,
    make_series,
    make_source,
)
from tests.recommendations.conftest import Desk
from tests.recommendations.visitors import Visitor, text_of
from tests.shared import shared

pytestmark = pytest.mark.django_db
PAGE = "/overview/"


@shared
def ipo(desk: Desk) -> Indicator:
    """IPO: 373 and 510 printed for the two windows before."""
    indicator = make_indicator(agency=desk.agency)
    source = make_source(desk.cycle, now=NOW)
    for begins, number in ((2021, 373), (2022, 510)):
        days = {"begins_on": date(begins, 4, 1), "ends_on": date(begins + 1, 3, 31)}
        make_figure(make_series(indicator), number, now=NOW, source=source, kind=PeriodKind.WINDOW, **days)
    return indicator


def reported(indicator: Indicator, number: int, *, month: int = 4, **values: object) -> None:
    """A number of a month of 2023 with 30 or 31 days."""
    last = (date(2023, month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    days = {"begins_on": date(2023, month, 1), "ends_on": last, "kind": PeriodKind.MONTH}
    make_figure(make_series(indicator), number, **{"now": NOW, **days, **values})


def panel(visitor: Visitor, **asked: str) -> str:
    """The words of the panel, "" without it."""
    words = text_of(visitor.get(PAGE, **asked)).replace("\u00a0", " ")
    return words.partition("Key figures")[2][:400]


def test_window_before_stands_with_its_change_until_months_of_this_one_take_its_place(
    desk: Desk, ipo: Indicator
) -> None:
    shown = panel(Visitor(desk.officer))
    assert "Protection Indicator ipo 2022/2023 · +36.7% 510" in shown
    assert not panel(Visitor(desk.officer), kind="weakness")
    reported(ipo, 40)
    reported(ipo, 50, month=5)
    assert "2 of 12 months: Apr – May 2023 90" in panel(Visitor(desk.officer))


def test_small_number_is_hidden_from_others(desk: Desk, ipo: Indicator) -> None:
    reported(ipo, 40)
    reported(ipo, 3, month=5)
    assert "hidden" in panel(Visitor(desk.observer)) and "43" not in panel(Visitor(desk.observer))
    assert "43" in panel(Visitor(desk.officer)) and "43" in panel(Visitor(desk.reviewer))


def test_contradiction_is_flagged(desk: Desk, ipo: Indicator) -> None:
    source, series = desk.cycle.sources.get(), make_series(ipo)
    assert "Contradiction" not in panel(Visitor(desk.observer))
    less, more = series.figures.get(value=373), series.figures.get(value=510)
    make_check(source, [more], [less], kind=CheckKind.BOUND)
    assert "Contradiction" in panel(Visitor(desk.observer))


def test_first_three_of_each_pillar_are_shown(desk: Desk, ipo: Indicator) -> None:
    for position in range(1, 5):
        reported(make_indicator(f"more{position}", position=position), 50)
    reported(make_indicator("cases", pillar=Pillar.PROSECUTION), 7)
    reported(make_indicator("none", pillar=""), 8)
    shown = panel(Visitor(desk.reviewer))
    assert "Indicator more2" in shown and "Indicator more3" not in shown
    assert "Indicator cases" in shown and "Indicator none" not in shown


def test_past_day_shows_what_was_recorded_by_then(desk: Desk, ipo: Indicator, clock: Clock) -> None:
    reported(ipo, 40, now=clock.move_to(NOW + timedelta(days=2)))
    assert "1 of 12 months" in panel(Visitor(desk.officer))
    response = Visitor(desk.officer).get(PAGE, day=NOW.date().isoformat())
    assert "1 of 12 months" not in text_of(response)
    assert f"/figures/ipo/?day={NOW.date().isoformat()}" in response.content.decode()


def test_overview_without_figures_has_no_panel(desk: Desk) -> None:
    make_indicator()
    assert not panel(Visitor(desk.officer))


def test_overview_takes_at_most_fifteen_queries_when_figures_are_new(
    desk: Desk, ipo: Indicator, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    reported(ipo, 3)
    for who in ("officer", "reviewer", "outsider", "observer"):
        visitor = Visitor(getattr(desk, who))
        # One more is the clock of demonstrations and tests. What is remembered takes four less.
        for day in ("", NOW.date().isoformat()):
            with django_assert_max_num_queries(16):
                assert visitor.get(PAGE, day=day).status_code == 200, who
