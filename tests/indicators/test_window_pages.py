"""Window against window: what is set beside what, what is compared, and why other numbers are not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from indicators.models import Indicator
from indicators.months import month_spans
from indicators.queries.windows import WindowRow
from indicators.states import PeriodKind, Unit
from recommendations.states import Pillar
from tests.conftest import NOW, Clock
from tests.factories.indicators import (
    make_dimension,
    make_figure,
    make_indicator,
    make_series,
    make_source,
)
from tests.recommendations.conftest import Desk
from tests.recommendations.visitors import Visitor
from tests.shared import shared

pytestmark = pytest.mark.django_db
PAGE = "/figures/windows/"
#: The months of the desk's window, from April to March.
MONTHS = [date(2023 + number // 12, number % 12 + 1, 1) for number in range(3, 15)]


def month(first: date) -> dict[str, object]:
    """The days of a month."""
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return {"kind": PeriodKind.MONTH, "begins_on": first, "ends_on": last}


def printed(indicator: Indicator, number: int, desk: Desk) -> None:
    """The number of the whole window before, as printed."""
    source = desk.cycle.sources.first() or make_source(desk.cycle, now=NOW)
    days = {"begins_on": date(2022, 4, 1), "ends_on": date(2023, 3, 31), "kind": PeriodKind.WINDOW}
    make_figure(make_series(indicator), number, now=NOW, source=source, **days)


def reported(indicator: Indicator, *numbers: int, years_before: int = 0, **values: object) -> None:
    """A number for each of the first months of the window, or of one before."""
    for first, number in zip(MONTHS, numbers, strict=False):
        moved = first.replace(year=first.year - years_before)
        make_figure(make_series(indicator), number, **{"now": NOW, **month(moved), **values})


@shared
def ipo(desk: Desk) -> Indicator:
    """IPO with 510 printed for the window before."""
    indicator = make_indicator(agency=desk.agency, dimensions=(make_dimension(),))
    printed(indicator, 510, desk)
    return indicator


@pytest.fixture
def reader(desk: Desk) -> Visitor:
    """An officer of the agency, who reads English."""
    return Visitor(desk.officer)


def only_row(reader: Visitor, **asked: str) -> WindowRow:
    """The row of the page's one indicator."""
    ((_pillar, _label, (row,)),) = reader.get(PAGE, **asked).context["page"].pillars
    return row


def test_whole_window_is_compared_with_the_one_printed(reader: Visitor, ipo: Indicator) -> None:
    reported(ipo, *[50] * 12)
    row = only_row(reader)
    assert (row.before.number, row.reported.number, row.comparison.words) == ("510", "600", "+17.6%")
    assert "12 of 12 months" in reader.get(PAGE).content.decode()


def test_part_of_a_window_is_compared_with_the_same_months_a_year_before_alone(
    reader: Visitor, ipo: Indicator
) -> None:
    reported(ipo, 40, 50, 60)
    row = only_row(reader)
    assert (row.reported.number, row.comparison.words) == ("150", "")
    assert row.comparison.reason == "Different periods: a whole window beside a part of one."
    with translation.override("en"):
        assert row.reported.words.replace("\u00a0", " ") == "Apr – Jun 2023"
    reported(ipo, 50, 50, years_before=1)
    assert only_row(reader).same_months is None
    make_figure(make_series(ipo), 100, now=NOW, **month(date(2022, 6, 1)))
    row = only_row(reader)
    assert (row.same_months.number, row.comparison.words) == ("200", "−25.0%")


def test_months_with_one_missing_between_are_named_one_by_one(reader: Visitor, ipo: Indicator) -> None:
    for first in (MONTHS[0], MONTHS[2]):
        make_figure(make_series(ipo), 5, now=NOW, **month(first))
    with translation.override("en"):
        assert only_row(reader).reported.words.replace("\u00a0", " ") == "Apr, Jun 2023"


def test_months_are_named_by_spans() -> None:
    for months, words in (
        ([(2023, 6)], "Jun 2023"),
        ([(2023, 6), (2023, 9)], "Jun, Sep 2023"),
        ([(2023, 4), (2023, 5), (2023, 6), (2023, 8)], "Apr – Jun, Aug 2023"),
        ([(2023, 9), (2023, 11), (2023, 12), (2024, 1)], "Sep, Nov 2023 – Jan 2024"),
        ([(2023, 12), (2024, 2), (2024, 3)], "Dec 2023, Feb – Mar 2024"),
        ([], ""),
    ):
        with translation.override("en"):
            assert month_spans(date(*each, 1) for each in months).replace("\u00a0", " ") == words, months


def test_window_without_a_figure_says_which(reader: Visitor, ipo: Indicator, desk: Desk) -> None:
    assert only_row(reader).comparison.reason == "No month of 2023/2024 was reported yet."
    other = make_indicator("po", pillar=Pillar.PREVENTION)
    reported(other, 5)
    assert only_row(reader, pillar="prevention").comparison.reason == "There is no figure for 2022/2023."
    make_indicator("kb", pillar=Pillar.PROSECUTION)
    page = reader.get(PAGE, pillar="prosecution").context["page"]
    assert (page.pillars, [each.code for each in page.without]) == ([], ["kb"])


def test_nothing_is_compared_with_0_nor_after_the_basis_changed(
    reader: Visitor, desk: Desk, ipo: Indicator, clock: Clock
) -> None:
    none = make_indicator("po", pillar=Pillar.PREVENTION, counts_victims=False)
    printed(none, 0, desk)
    reported(none, *[1] * 12)
    assert only_row(reader, pillar="prevention").comparison.reason == "The figure before is 0."
    reported(ipo, *[50] * 12)
    clock.move_to(NOW + timedelta(days=2))
    Indicator.objects.filter(pk=ipo.pk).update(name_en="Interim orders")
    assert only_row(Visitor(desk.officer), pillar="protection").comparison.words == "+17.6%"
    Indicator.objects.filter(pk=ipo.pk).update(basis_en="Each person counts once.")
    row = only_row(Visitor(desk.officer), pillar="protection")
    with translation.override("en"):
        assert row.comparison.reason.startswith("What is counted, or its basis, was changed on 16")
    past = only_row(Visitor(desk.officer), pillar="protection", day=NOW.date().isoformat())
    assert past.comparison.words == "+17.6%"


def test_stock_is_never_added_up(reader: Visitor, desk: Desk) -> None:
    stock = make_indicator("vas", is_stock=True, unit=Unit.PERSONS, agency=desk.agency)
    for day, number in ((date(2023, 3, 31), 8), (date(2023, 6, 30), 9), (date(2023, 8, 31), 10)):
        make_figure(make_series(stock), number, now=NOW, kind=PeriodKind.DAY, begins_on=day, ends_on=day)
    row = only_row(reader)
    assert (row.before.number, row.latest.number, row.reported) == ("8", "10", None)
    assert row.comparison.words == "+25.0%"


def test_share_in_per_cent_is_neither_added_up_nor_set_against_another_period(reader: Visitor) -> None:
    share = make_indicator("share", unit=Unit.PERCENT)
    reported(share, 40, 50)
    reported(share, 40, 20, 10, years_before=1)
    row = only_row(reader)
    assert (row.before.number, row.latest.number, row.reported) == ("10.00", "50.00", None)
    assert row.comparison.reason.startswith("Different periods:")


def test_only_what_agencies_reported_is_added_up(reader: Visitor, desk: Desk, ipo: Indicator) -> None:
    source = desk.cycle.sources.get()
    reported(ipo, 70, source=source)
    assert only_row(reader).reported is None


def test_parts_stand_in_where_no_whole_was_given(reader: Visitor, desk: Desk) -> None:
    indicator = make_indicator("fl", dimensions=(make_dimension(),), agency=desk.agency)
    for name, number in (("women", 7), ("men", 9)):
        make_figure(make_series(indicator, sex_age=name), number, now=NOW, **month(MONTHS[0]))
    ((_pillar, _label, rows),) = reader.get(PAGE).context["page"].pillars
    assert [(row.name, row.reported.number) for row in rows] == [("men", "9"), ("women", "7")]


def test_sum_with_a_small_number_is_hidden_from_others(desk: Desk, ipo: Indicator) -> None:
    reported(ipo, 40, 3, 20)
    reported(ipo, 10, 10, 10, years_before=1)
    for who in ("outsider", "observer"):
        page = Visitor(getattr(desk, who)).get(PAGE)
        ((_pillar, _label, (row,)),) = page.context["page"].pillars
        assert (row.reported.number, row.reported.value) == ("hidden", None), who
        assert row.comparison.reason == "A number that is not shown is not compared.", who
        assert page.context["page"].has_hidden and ">63<" not in page.content.decode(), who
        assert only_row(Visitor(desk.officer)).reported.number == "63", who
        assert only_row(Visitor(desk.reviewer)).reported.number == "63", who


def test_filters_in_the_address(reader: Visitor, ipo: Indicator) -> None:
    make_indicator("cases", pillar=Pillar.PROSECUTION)
    for asked, codes in (
        ({"pillar": "protection"}, ["ipo"]),
        ({"agency": "NONE"}, []),
        ({"pillar": "x"}, ["cases", "ipo"]),
    ):
        page = reader.get(PAGE, **asked)
        found = page.context["page"]
        shown = [row.definition for _pillar, _label, rows in found.pillars for row in rows]
        assert sorted(each.code for each in [*shown, *found.without]) == codes, (asked, codes)
        assert codes or "No indicator matches these filters" in page.content.decode(), (asked, codes)


def test_as_at_a_day_shows_what_was_recorded_by_then(desk: Desk, ipo: Indicator, clock: Clock) -> None:
    reported(ipo, *[50] * 12, now=clock.move_to(NOW + timedelta(days=3)))
    assert only_row(Visitor(desk.officer)).reported.number == "600"
    assert only_row(Visitor(desk.officer), day=NOW.date().isoformat()).reported is None


def test_page_without_indicators_says_so(reader: Visitor) -> None:
    assert "Nothing is counted yet" in reader.get(PAGE).content.decode()


def test_page_takes_as_many_queries_whatever_it_shows(
    desk: Desk, ipo: Indicator, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    reported(ipo, 40, 3, 20)
    for number in range(6):
        indicator = make_indicator(f"more{number}")
        printed(indicator, 10, desk)
        reported(indicator, *[number] * 12)
    for day in ("", NOW.date().isoformat()):
        visitor = Visitor(desk.observer)
        with django_assert_max_num_queries(15):
            assert visitor.get(PAGE, day=day).status_code == 200


def test_what_nobody_reports_is_left_out(desk: Desk, ipo: Indicator) -> None:
    printed(make_indicator("countries"), 188, desk)
    page = Visitor(desk.reviewer).get(PAGE).context["page"]
    codes = {row.definition.code for _pillar, _label, rows in page.pillars for row in rows}
    assert codes | {each.code for each in page.without} == {"ipo"}
