"""The page of all figures and that of an indicator: what is shown, compared, filtered, and as at a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from accounts.clearance import Clearance
from indicators.models import Indicator, IndicatorItem
from indicators.states import CheckKind, PeriodKind, Unit
from recommendations.states import Pillar
from tests.conftest import NOW, Clock
from tests.factories.indicators import (
    make_check,
    make_dimension,
    make_figure,
    make_indicator,
    make_series,
    make_source,
    make_table,
)
from tests.factories.recommendations import make_item
from tests.indicators.test_targets import aim
from tests.recommendations.conftest import Desk, desk
from tests.recommendations.visitors import Visitor
from tests.shared import shared

__all__ = ["desk"]
pytestmark = pytest.mark.django_db
PAGE = "/figures/"


def year(number: int, *, counted_to: date | None = None) -> dict[str, object]:
    """The days of a calendar year, in part if it was counted to a day."""
    days: dict[str, object] = {"begins_on": date(number, 1, 1), "ends_on": date(number, 12, 31)}
    return days | ({"is_partial": True, "counted_to": counted_to} if counted_to else {})


def window(number: int) -> dict[str, object]:
    """The days of an assessment window that begins in a year."""
    return {
        "begins_on": date(number, 4, 1),
        "ends_on": date(number + 1, 3, 31),
        "kind": PeriodKind.WINDOW,
    }


@shared
def ipo(desk: Desk) -> Indicator:
    """IPO as printed: the years 2021, 2022 and 2023 to 29 May, two windows, and women of 2022."""
    indicator = make_indicator(agency=desk.agency, dimensions=(make_dimension(),))
    source = make_source(desk.cycle, now=NOW)
    total = make_series(indicator)
    given = [(499, year(2021)), (420, year(2022)), (274, year(2023, counted_to=date(2023, 5, 29)))]
    figures = [
        make_figure(total, number, now=NOW, source=source, **period)
        for number, period in [*given, (373, window(2021)), (510, window(2022))]
    ]
    make_figure(make_series(indicator, sex_age="women"), 300, now=NOW, source=source, **year(2022))
    make_table(source, [figures])
    IndicatorItem.objects.create(indicator=indicator, item=desk.item)
    return indicator


@pytest.fixture
def reader(desk: Desk) -> Visitor:
    """An officer who reads English."""
    return Visitor(desk.officer)


def only_card(response: object) -> object:
    (group,) = response.context["page"].pillars  # type: ignore[attr-defined]
    (card,) = group.cards
    return card


def test_the_newest_figure_is_compared_with_one_of_the_same_months_alone(
    reader: Visitor, ipo: Indicator
) -> None:
    response = reader.get(PAGE)
    card = only_card(response)
    with translation.override("en"):
        told = card.newest.period.label
    assert (card.newest.number, told) == ("274", "2023, to 29\u00a0May")
    assert card.comparison.reason == "Different months: 2022 whole beside 2023, to 29\u00a0May."
    assert [other.number for other in card.others] == ["510"]
    assert "2021: 499" in card.chart and response.context["page"].pillars[0].pillar == Pillar.PROTECTION
    page = reader.get(f"{PAGE}ipo/", by="window").context["page"]
    assert (page.comparison.words, page.newest.period.mark) == ("+36.7%", "2022/23")
    with translation.override("en"):
        assert page.newest.period.label == "1\u00a0Apr\u00a02022\u00a0– 31\u00a0Mar\u00a02023"
    other = make_series(make_indicator("po"))
    for number, last in ((100, 2022), (150, 2023)):
        make_figure(other, number, now=NOW, **year(last, counted_to=date(last, 5, 29)))
    page = reader.get(f"{PAGE}po/").context["page"]
    assert page.comparison.words == "+50.0%"


def test_nothing_is_computed_from_zero_nor_without_a_year_before(reader: Visitor) -> None:
    series = make_series(make_indicator("kb"))
    make_figure(series, 0, now=NOW, **year(2021))
    make_figure(series, 5, now=NOW, **year(2022))
    rows = reader.get(f"{PAGE}kb/").context["page"].rows
    assert [row.comparison.reason for row in rows] == [
        "The figure before is 0.",
        "There is no figure for 2020.",
    ]


def test_money_has_as_many_digits_after_the_point_however_it_was_typed(reader: Visitor) -> None:
    series = make_series(make_indicator("money", unit=Unit.RINGGIT))
    for last, text in ((2021, "96800"), (2022, "112,420.50"), (2023, "1 200")):
        make_figure(series, text.replace(",", "").replace(" ", ""), now=NOW, text=text, **year(last))

    page = reader.get(f"{PAGE}money/")

    numbers = ["1,200.00", "112,420.50", "96,800.00"]
    assert [row.figure.number for row in page.context["page"].rows] == numbers
    assert all(f"<strong>{number}</strong>" in page.content.decode() for number in numbers)


def test_indicator_shows_values_with_their_places_and_what_is_counted(
    reader: Visitor, ipo: Indicator, desk: Desk
) -> None:
    response = reader.get(f"{PAGE}ipo/")
    page = response.context["page"]
    assert [row.figure.text for row in page.rows] == ["274", "420", "499"]
    assert [cell.table.key for cell in page.rows[0].places] == ["E"]
    assert page.kinds == [PeriodKind.YEAR, PeriodKind.WINDOW]
    assert response.context["items"] == [desk.item]
    (breakdown,) = page.breakdowns
    assert breakdown.rows[0][0] == "women" and breakdown.rows[0][1][0].number == "300"
    shown = response.content.decode()
    assert shown.count('class="columns__column" tabindex="0"') == 3 and "columns__box--part" in shown
    (cell,) = page.rows[0].places
    assert f"/{cell.table_id}/#cell-{cell.pk}" in shown
    # Before anything was recorded, today is shown.
    response = reader.get(PAGE, day="2020-01-01")
    assert response.context["day"] is None and "Nothing was recorded" in response.context["refused_day"]


def test_missing_year_is_an_empty_place_of_the_chart(reader: Visitor) -> None:
    series = make_series(make_indicator("kb"))
    for number in (2018, 2021):
        make_figure(series, 5, now=NOW, **year(number))
    shown = reader.get(f"{PAGE}kb/").content.decode()
    assert shown.count('class="columns__column"') == 4 and "2019: no figure" in shown


def test_filters_in_the_address(reader: Visitor, ipo: Indicator) -> None:
    make_indicator("cases", unit=Unit.CASES, pillar=Pillar.PROSECUTION)
    for asked, codes in (
        ({"pillar": "protection"}, ["ipo"]),
        ({"unit": "cases"}, ["cases"]),
        ({"agency": "D01"}, ["ipo"]),
        ({"pillar": "x", "unit": "%00"}, ["cases", "ipo"]),
        ({"agency": "NONE"}, []),
    ):
        if "agency" in asked and asked["agency"] != "NONE":
            asked = {"agency": ipo.agency.code}
        page = reader.get(PAGE, **asked).context["page"]
        assert sorted(card.definition.code for group in page.pillars for card in group.cards) == codes, (
            asked,
            codes,
        )
        assert page.total_count == 2, (asked, codes)


def test_contradictions_are_counted_on_cards_told_on_the_indicator_and_can_be_asked_for(
    reader: Visitor, ipo: Indicator, desk: Desk
) -> None:
    other = make_indicator("po")
    source = desk.cycle.sources.get()
    total = make_series(ipo)
    less = make_figure(make_series(other), 181, now=NOW, source=source, **year(2022))
    make_figure(make_series(make_indicator("kb")), 1, now=NOW, source=source, **year(2022))
    given = total.figures.get(value=420)
    make_check(source, [given], [less], kind=CheckKind.BOUND)
    make_check(source, [given], [less], kind=CheckKind.BASIS)
    (group,) = reader.get(PAGE, show="contradictions").context["page"].pillars
    assert [(card.definition.code, card.failing_count, card.unjudged_count) for card in group.cards] == [
        ("ipo", 1, 1),
        ("po", 1, 1),
    ]
    page = reader.get(f"{PAGE}ipo/")
    assert [row.found.kind for row in page.context["page"].flags] == [CheckKind.BOUND, CheckKind.BASIS]
    assert "420 (Indicator ipo) is more than 181 (Indicator po)" in page.content.decode()


def test_page_of_an_item_shows_its_newest_figures(reader: Visitor, ipo: Indicator, desk: Desk) -> None:
    page = reader.get(f"/items/{desk.item.pk}/")
    (panel,) = page.context["panels"]
    assert [card.newest.number for card in panel.context["cards"]] == ["274"]
    assert f'href="{PAGE}ipo/"' in page.content.decode()
    assert not reader.get(f"/items/{make_item(desk.cycle, number=77).pk}/").context["panels"]


def test_parts_stand_in_where_no_whole_was_given(reader: Visitor, desk: Desk) -> None:
    indicator = make_indicator("tiers", dimensions=(make_dimension(),))
    IndicatorItem.objects.create(indicator=indicator, item=desk.item)
    source = make_source(desk.cycle, now=NOW)
    for name, numbers in {"women": (7, 3), "men": (9, 2)}.items():
        series = make_series(indicator, sex_age=name)
        for at, number in enumerate(numbers):
            make_figure(series, number, now=NOW, source=source, **year(2021 + at))
    response = reader.get(PAGE)
    card = only_card(response)
    assert sorted((name, figure.number) for name, figure in card.parts) == [("men", "2"), ("women", "3")]
    assert card.newest is None and "No figure as a whole" not in response.content.decode()
    shown = reader.get(f"/items/{desk.item.pk}/").content.decode()
    assert 'women: <strong class="number">3</strong>' in shown


def test_empty_pages_say_what_is_true(reader: Visitor, ipo: Indicator) -> None:
    assert "No figure matches these filters" in reader.get(PAGE, unit="ringgit").content.decode()
    make_indicator("none")
    assert "No figure was given yet" in reader.get(f"{PAGE}none/").content.decode()
    assert reader.get(f"{PAGE}unknown/").status_code == 404


def test_page_without_indicators_says_so(reader: Visitor) -> None:
    assert "Nothing is counted yet" in reader.get(PAGE).content.decode()


def test_as_at_a_day_shows_what_was_recorded_by_then(desk: Desk, ipo: Indicator, clock: Clock) -> None:
    later = clock.move_to(NOW + timedelta(days=3))
    old = ipo.series.get(key="").figures.get(value=274)
    old.ended_at = later
    old.save(update_fields=["ended_at"])
    new = {"now": later, "source": old.source, "replaces": old, "reason": "Dikira semula"}
    make_figure(old.series, 280, **new, **year(2023, counted_to=date(2023, 5, 29)))
    reader = Visitor(desk.officer)
    assert only_card(reader.get(PAGE)).newest.number == "280"
    then = reader.get(PAGE, day=NOW.date().isoformat())
    assert only_card(then).newest.number == "274" and b"You see the figures as at" in then.content
    page = reader.get(f"{PAGE}ipo/").context["page"]
    assert [(each.before.number, each.figure.number, each.reason) for each in page.revisions] == [
        ("274", "280", "Dikira semula")
    ]
    assert not reader.get(f"{PAGE}ipo/", day=NOW.date().isoformat()).context["page"].revisions


def test_words_of_figures_are_escaped(reader: Visitor) -> None:
    indicator = make_indicator("x", name_en="<b>&", name_ms="<i>&", basis_en="<script>", basis_ms="<script>")
    for number in (2021, 2022):
        make_figure(make_series(indicator), 5, now=NOW, text="<u>5", **year(number))
    for url in (PAGE, f"{PAGE}x/"):
        shown = reader.get(url).content.decode()
        assert "<b>&" not in shown and "<u>5" not in shown and "<script>" not in shown.split("</main>")[0]


def test_pages_take_as_many_queries_whatever_they_show(
    reader: Visitor, ipo: Indicator, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(6):
        series = make_series(make_indicator(f"more{number}"))
        for each in range(2000, 2018):
            make_figure(series, each, now=NOW, **year(each))
    for url, most in ((PAGE, 15), (f"{PAGE}ipo/", 15), (f"{PAGE}more0/", 15)):
        with django_assert_max_num_queries(most):
            assert reader.get(url).status_code == 200


def test_pages_take_few_queries_with_hidden_numbers_a_target_and_contradictions(
    desk: Desk, ipo: Indicator, clock: Clock, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    source, month = desk.cycle.sources.get(), {"kind": PeriodKind.MONTH, "now": NOW}
    august = {"begins_on": date(2023, 8, 1), "ends_on": date(2023, 8, 31)}
    women = make_series(ipo, sex_age="women")
    old = make_figure(women, 2, **month, **august)
    for number, value in ((7, 3), (8, 12)):
        make_figure(
            make_series(ipo), value, **month, begins_on=date(2023, number, 1), ends_on=date(2023, number, 31)
        )
    printed = [make_figure(women, value, now=NOW, source=source, **year(2020 + value)) for value in (5, 3)]
    make_check(source, printed[:1], printed[1:], kind=CheckKind.BOUND)
    make_check(source, [women], [make_series(ipo)])
    aim(desk, ipo)
    later = clock.move_to(NOW + timedelta(days=3))
    old.ended_at = later
    old.save(update_fields=["ended_at"])
    make_figure(
        women, 3, source=None, replaces=old, reason="Dikira semula", **month | {"now": later}, **august
    )
    for who in ("officer", "reviewer", "outsider", "observer"):
        reader = Visitor(getattr(desk, who))
        for url in (PAGE, f"{PAGE}ipo/"):
            # Before the first day, the definitions are asked for twice.
            for day, most in (("", 16), (NOW.date().isoformat(), 16), ("2020-01-01", 17)):
                with django_assert_max_num_queries(most):
                    shown = reader.get(url, day=day)
                assert shown.context["page"].has_hidden is (who in ("outsider", "observer")), who


def test_printed_page_is_classified_by_what_its_reader_sees(desk: Desk, ipo: Indicator) -> None:
    """Given numbers that only its agency and MAPO read, when a page is printed, then theirs alone is restricted."""
    for place in ("", "{code}/", "contradictions/"):
        url = PAGE + place.format(code=ipo.code)
        for person, known in (
            (desk.reviewer, Clearance.RESTRICTED),
            (desk.officer, Clearance.RESTRICTED),
            (desk.observer, Clearance.OPEN),
        ):
            assert Visitor(person).get(url).context["classification"] == known.label, place
