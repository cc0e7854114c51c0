"""Who reads numbers of 1 to 4 victims, and what everybody else reads in their place, on every page and any day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from accounts.models import User
from indicators.models import Figure, Indicator, Target
from indicators.queries.checks import judge_cycle
from indicators.queries.figures import figures_by_key
from indicators.queries.pace import read_target_panel
from indicators.states import PeriodKind, Unit
from indicators.suppression import Hiding
from tests.conftest import NOW, Clock
from tests.factories.indicators import (
    make_check,
    make_dimension,
    make_figure,
    make_indicator,
    make_series,
    make_source,
)
from tests.recommendations.conftest import Desk, desk
from tests.recommendations.visitors import Visitor, text_of
from tests.shared import shared
from tests.vouching import acting

__all__ = ["desk"]
pytestmark = pytest.mark.django_db
PAGE = "/figures/"
AUGUST: dict[str, Any] = {
    "kind": PeriodKind.MONTH,
    "begins_on": date(2023, 8, 1),
    "ends_on": date(2023, 8, 31),
}
JULY = AUGUST | {"begins_on": date(2023, 7, 1), "ends_on": date(2023, 7, 31)}
QUARTER = {"kind": PeriodKind.QUARTER, "begins_on": date(2023, 7, 1), "ends_on": date(2023, 9, 30)}


@shared
def ipo(desk: Desk) -> Indicator:
    """IPO that PDRM reported for August 2023: 30 men, 12 women, 2 boys, no girls."""
    indicator = make_indicator(agency=desk.agency, dimensions=(make_dimension(),))
    make_figure(make_series(indicator), 44, now=NOW, **AUGUST)
    for name, number in {"men": 30, "women": 12, "boys": 2, "girls": 0}.items():
        make_figure(make_series(indicator, sex_age=name), number, now=NOW, **AUGUST)
    return indicator


def read(user: User, indicator: Indicator) -> dict[str, str]:
    """What a person reads of all figures of an indicator, by the key of the series; the newest of each."""
    rows = Figure.objects.filter(series__indicator=indicator).order_by("pk")
    keys = dict(rows.values_list("series_id", "series__key"))
    with translation.override("en"):
        shown = figures_by_key(rows.values_list("pk", flat=True), user=user)
        return {keys[figure.series_id].removeprefix("sex_age="): figure.number for figure in shown}


def hidden_from(user: User, *figures: Figure) -> dict[int, Hiding]:
    """Which of these figures a person may not read, by key, and how each is hidden."""
    shown = figures_by_key([figure.pk for figure in figures], user=user)
    return {figure.figure_id: figure.hiding for figure in shown if figure.hiding is not None}


def revise(figure: Figure, number: int, clock: Clock) -> Figure:
    """Replace a figure an hour later."""
    now = clock.move_to(figure.recorded_at + timedelta(days=1))
    figure.ended_at = now
    figure.save(update_fields=["ended_at"])
    return make_figure(figure.series, number, now=now, replaces=figure, reason="Dikira semula", **AUGUST)


def test_everybody_else_reads_neither_it_nor_what_gives_it_away(desk: Desk, ipo: Indicator) -> None:
    masked = {"": "44", "men": "30", "women": "hidden", "boys": "< 5", "girls": "0"}

    assert read(desk.observer, ipo) == read(desk.outsider, ipo) == masked


def test_its_agency_and_mapo_read_all(desk: Desk, ipo: Indicator) -> None:
    real = {"": "44", "men": "30", "women": "12", "boys": "2", "girls": "0"}

    for user in (desk.officer, desk.coordinator, desk.reviewer, desk.administrator):
        assert read(user, ipo) == real


@pytest.mark.parametrize(
    ("facts", "number"), [({"counts_victims": False}, "3"), ({"unit": Unit.RINGGIT}, "3.00")]
)
def test_other_numbers_are_shown(desk: Desk, facts: dict[str, Any], number: str) -> None:
    indicator = make_indicator("money", agency=desk.agency, **facts)
    make_figure(make_series(indicator), 3, now=NOW, **AUGUST)

    assert read(desk.observer, indicator)[""] == number


def test_what_a_source_printed_is_open(desk: Desk, ipo: Indicator) -> None:
    printed = make_figure(
        make_series(ipo, sex_age="boys"), 1, now=NOW, source=make_source(desk.cycle, now=NOW)
    )

    (shown,) = figures_by_key([printed.pk], user=desk.observer)

    assert shown.value == Decimal(1)


def test_neither_value_nor_text_leaves_the_reader(desk: Desk, ipo: Indicator) -> None:
    rows = Figure.objects.filter(series__indicator=ipo)

    hidden = [
        figure
        for figure in figures_by_key(rows.values_list("pk", flat=True), user=desk.observer)
        if figure.is_hidden
    ]

    assert len(hidden) == 2
    assert all(figure.value is None and not any(map(str.isdigit, figure.text[2:-1])) for figure in hidden)


def test_a_quarter_reads_what_months_cannot_be_computed_from(desk: Desk) -> None:
    indicator = make_indicator("po", agency=desk.agency)
    total = make_series(indicator)
    july = make_figure(total, 3, now=NOW, **JULY)
    make_figure(total, 20, now=NOW, **AUGUST)
    make_figure(total, 53, now=NOW, **QUARTER)

    # Asked for July alone, the answer is the same as with its quarter.
    assert hidden_from(desk.observer, july) == {july.pk: Hiding.SMALL}
    shown = figures_by_key(Figure.objects.values_list("pk", flat=True), user=desk.observer)
    assert sum(figure.is_hidden for figure in shown) == 2


def test_the_same_answer_stands_on_every_day(desk: Desk, ipo: Indicator, clock: Clock) -> None:
    boys = Figure.objects.get(series__key="sex_age=boys")
    revised = revise(boys, 9, clock)

    hidden = hidden_from(desk.observer, *Figure.objects.all())

    assert hidden[boys.pk] == Hiding.SMALL
    assert revised.pk not in hidden or hidden[revised.pk] == Hiding.WITHHELD


def test_pages_say_it_and_why(desk: Desk, ipo: Indicator) -> None:
    page = Visitor(desk.observer).get(f"{PAGE}ipo/")
    words = text_of(page)

    assert "< 5" in words and "hidden" in words and "could point to a person" in words
    assert page.context["page"].has_hidden
    assert "could point to a person" not in text_of(Visitor(desk.officer).get(f"{PAGE}ipo/"))


def test_pages_say_it_in_malay(desk: Desk, ipo: Indicator) -> None:
    words = text_of(Visitor(desk.observer, "ms").get(f"{PAGE}ipo/"))

    assert "< 5" in words and "tidak dipaparkan" in words


@pytest.mark.parametrize(
    ("language", "words"), [("en", "itself be small, or"), ("ms", "mungkin kecil, atau")]
)
def test_a_table_with_a_hidden_number_says_why_it_may_be(
    desk: Desk, ipo: Indicator, language: str, words: str
) -> None:
    """Given a month whose women are hidden and are not small, when it is read, then a sentence under its table says why."""
    assert words in text_of(Visitor(desk.observer, language).get(f"{PAGE}ipo/"))
    assert words not in text_of(Visitor(desk.officer, language).get(f"{PAGE}ipo/"))


def test_a_card_of_a_small_total_compares_nothing(desk: Desk) -> None:
    indicator = make_indicator("po", agency=desk.agency)
    for year, number in ((2022, 20), (2023, 2)):
        days = {"begins_on": date(year, 8, 1), "ends_on": date(year, 8, 31)}
        make_figure(make_series(indicator), number, now=NOW, **AUGUST | days)

    words = text_of(Visitor(desk.observer).get(PAGE))

    assert "< 5" in words and "A number that is not shown is not compared." in words
    assert "−90.0%" not in words and "−90.0%" in text_of(Visitor(desk.officer).get(PAGE))


def test_as_at_a_day_before_a_revision_it_is_hidden_too(desk: Desk, ipo: Indicator, clock: Clock) -> None:
    revise(Figure.objects.get(series__key="sex_age=boys"), 9, clock)

    then = text_of(Visitor(desk.observer).get(f"{PAGE}ipo/", day=NOW.date().isoformat()))

    assert "< 5" in then


def test_it_asks_for_nothing_where_nothing_is_reported(
    desk: Desk, django_assert_num_queries: Any, ipo: Indicator
) -> None:
    reported = list(Figure.objects.all())

    with django_assert_num_queries(0):
        assert hidden_from(desk.observer) == {}
    with django_assert_num_queries(1):
        assert hidden_from(desk.reviewer, *reported) == {}
    with django_assert_num_queries(2):
        assert hidden_from(desk.observer, *reported)


def test_neither_a_check_nor_the_pace_says_it(desk: Desk, ipo: Indicator) -> None:
    series = {each.key: each for each in ipo.series.all()}
    parts = [series[f"sex_age={name}"] for name in ("men", "women", "boys", "girls")]
    make_check(make_source(desk.cycle, now=NOW), parts, [series[""]])
    target = Target(
        cycle=desk.cycle, indicator=ipo, number=90, due_on=desk.cycle.window_end, reason="Ikut pelan"
    )
    target.set_by, target.set_at = desk.reviewer, NOW
    with acting(desk.reviewer):
        target.save()

    for user, sees in ((desk.observer, False), (desk.outsider, False), (desk.officer, True)):
        assert bool(judge_cycle(desk.cycle, user=user).rows) is sees
        panel = read_target_panel(ipo, desk.cycle, person=user, day=NOW.date())
        assert bool(panel.pace_text) is sees and panel.target == target
