"""On weaknesses, what agencies have reported since the report of the indicators that speak to them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from indicators.models import Indicator, IndicatorItem
from indicators.states import PeriodKind
from recommendations.models import Item
from recommendations.states import ItemKind
from tests.conftest import NOW, Clock
from tests.factories.indicators import make_figure, make_indicator, make_series, make_source
from tests.factories.recommendations import make_item
from tests.recommendations.conftest import Desk
from tests.recommendations.visitors import Visitor, text_of
from tests.shared import shared

pytestmark = pytest.mark.django_db
PAGE = "/weaknesses/"


@shared
def weakness(desk: Desk) -> Item:
    """A weakness to which IPO speaks: 510 were printed of the window before, 40 and 3 reported for April and June."""
    made = make_item(desk.cycle, number=2, kind=ItemKind.WEAKNESS)
    indicator = make_indicator(agency=desk.agency)
    IndicatorItem.objects.create(indicator=indicator, item=made)
    series = make_series(indicator)
    before = {"begins_on": date(2022, 4, 1), "ends_on": date(2023, 3, 31), "kind": PeriodKind.WINDOW}
    make_figure(series, 510, now=NOW, source=make_source(desk.cycle, now=NOW), **before)
    for number, last, value in ((4, 30, 40), (6, 30, 3)):
        days = {"begins_on": date(2023, number, 1), "ends_on": date(2023, number, last)}
        make_figure(series, value, now=NOW, kind=PeriodKind.MONTH, **days)
    return made


def lines(visitor: Visitor, **asked: str) -> Any:
    """What the page tells beside the one weakness."""
    ((_row, panels),) = visitor.get(PAGE, **asked).context["rows"]
    return [line for panel in panels for line in panel.context["lines"]]


def test_sum_of_reported_months_stands_beside_the_weakness(desk: Desk, weakness: Item) -> None:
    (line,) = lines(Visitor(desk.officer))
    with translation.override("en"):
        assert (line.number, line.months_count, line.period_words) == ("43", 2, "Apr, Jun\u00a02023")
    for url in (PAGE, f"/items/{weakness.pk}/"):
        shown = text_of(Visitor(desk.officer).get(url))
        assert "Counted since 1 April 2023" in shown.replace("\u00a0", " ")
        assert "Each order counts once" in shown and "2 months" in shown


def test_sum_with_a_small_number_is_hidden_and_says_why(desk: Desk, weakness: Item) -> None:
    for url in (PAGE, f"/items/{weakness.pk}/"):
        shown = text_of(Visitor(desk.observer).get(url))
        # Names of people are numbered.
        shown = shown.replace(desk.observer.name, "").replace(desk.observer.email, "")
        assert "hidden" in shown and "could point to a person" in shown and "43" not in shown


def test_printed_list_is_classified_by_what_its_reader_sees(desk: Desk, weakness: Item) -> None:
    restricted = {"Restricted", "Terhad"}
    for person, is_restricted in ((desk.reviewer, True), (desk.officer, True), (desk.observer, False)):
        found = str(Visitor(person).get(PAGE).context["classification"])
        assert (found in restricted) is is_restricted


def test_nothing_reported_is_said(desk: Desk, weakness: Item) -> None:
    other = make_item(desk.cycle, number=3, kind=ItemKind.WEAKNESS)
    IndicatorItem.objects.create(indicator=make_indicator("po"), item=other)
    assert "No agency has reported a figure yet." in text_of(Visitor(desk.officer).get(f"/items/{other.pk}/"))
    alone = make_item(desk.cycle, number=4, kind=ItemKind.WEAKNESS)
    assert "Counted since" not in text_of(Visitor(desk.officer).get(f"/items/{alone.pk}/"))


def test_recommendation_has_no_such_panel(desk: Desk, weakness: Item) -> None:
    IndicatorItem.objects.create(indicator=Indicator.objects.get(), item=desk.item)
    assert "Counted since" not in text_of(Visitor(desk.officer).get(f"/items/{desk.item.pk}/"))


def test_stock_shows_what_was_reported_last(desk: Desk, weakness: Item) -> None:
    stock = make_indicator("vas", is_stock=True, agency=desk.agency, position=9)
    IndicatorItem.objects.create(indicator=stock, item=weakness)
    for number, last in ((4, 30), (5, 31)):
        days = {"begins_on": date(2023, number, 1), "ends_on": date(2023, number, last)}
        make_figure(make_series(stock), number * 10, now=NOW, kind=PeriodKind.MONTH, **days)
    line = lines(Visitor(desk.officer))[-1]
    assert (line.number, line.months_count, line.latest.number) == ("50", 0, "50")


def test_past_day_knows_what_was_linked_and_reported_then(desk: Desk, weakness: Item, clock: Clock) -> None:
    later = clock.move_to(NOW + timedelta(days=3))
    days = {"begins_on": date(2023, 7, 1), "ends_on": date(2023, 7, 31)}
    make_figure(make_series(Indicator.objects.get()), 10, now=later, kind=PeriodKind.MONTH, **days)
    assert [line.number for line in lines(Visitor(desk.officer))] == ["53"]
    assert [line.number for line in lines(Visitor(desk.officer), day=NOW.date().isoformat())] == ["43"]
    IndicatorItem.objects.get().delete()
    assert not lines(Visitor(desk.officer))
    assert [line.number for line in lines(Visitor(desk.officer), day=NOW.date().isoformat())] == ["43"]


def test_weaknesses_take_as_many_queries_however_many_are_linked(
    desk: Desk, weakness: Item, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(10, 16):
        other = make_item(desk.cycle, number=number, kind=ItemKind.WEAKNESS)
        IndicatorItem.objects.create(indicator=Indicator.objects.get(), item=other)
    visitor = Visitor(desk.observer)
    for day in ("", NOW.date().isoformat()):
        with django_assert_max_num_queries(15):
            assert visitor.get(PAGE, day=day).status_code == 200
