"""The figures on an item's page: the same as on the cards, hidden from the same readers, and of the day that is asked."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation

from indicators.models import Indicator, IndicatorItem
from indicators.queries.cards import NewestFigures, card_of, newest_figures_of
from indicators.queries.counted import read_counted
from indicators.queries.item_figures import read_item_figures
from indicators.states import PeriodKind
from tests.conftest import NOW, Clock
from tests.factories.indicators import make_dimension, make_figure, make_indicator, make_series, make_source
from tests.recommendations.conftest import Desk, desk
from tests.recommendations.visitors import Visitor, text_of
from tests.shared import shared

__all__ = ["desk"]
pytestmark = pytest.mark.django_db
READERS = ("officer", "outsider", "observer", "reviewer")


def month(year: int, number: int) -> dict[str, Any]:
    begins_on = date(year, number, 1)
    ends_on = (begins_on + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return {"kind": PeriodKind.MONTH, "begins_on": begins_on, "ends_on": ends_on}


@shared
def spoken(desk: Desk) -> list[Indicator]:
    """Indicators that speak to the item: by months and years of a source and an agency, by parts alone, without figures."""
    ages, sexes = make_dimension("age", ("young", "old")), make_dimension("sex", ("women", "men"))
    facts: dict[str, Any] = {"agency": desk.agency, "dimensions": (ages, sexes)}
    codes = ("months", "small", "parts", "none")
    made = [make_indicator(code, position=9 - at, **facts) for at, code in enumerate(codes)]
    for indicator in made:
        IndicatorItem.objects.create(indicator=indicator, item=desk.item)
    months, small, parts, _none = made
    source = make_source(desk.cycle, now=NOW)
    for at in range(16):
        make_figure(make_series(months), 20 + at, now=NOW, **month(2022 + at // 12, at % 12 + 1))
    make_figure(make_series(months), 300, now=NOW, source=source)
    make_figure(make_series(months, sex="women"), 7, now=NOW, **month(2024, 1))
    for year, number in ((2022, 30), (2023, 2)):
        make_figure(make_series(small), number, now=NOW, **month(year, 8))
    for values, number in (({"age": "young"}, 3), ({"age": "old"}, 40), ({"sex": "men"}, 9)):
        make_figure(make_series(parts, **values), number, now=NOW, **month(2023, 8))
    make_figure(make_series(parts, age="old", sex="men"), 5, now=NOW, **month(2023, 9))
    return made


def test_it_says_what_the_cards_say(desk: Desk, spoken: list[Indicator]) -> None:
    for is_past in (False, True):
        for who in READERS:
            person, before = getattr(desk, who), NOW + timedelta(hours=1) if is_past else None
            known = read_counted(user=person, before=before)
            figures = newest_figures_of({each.indicator_id for each in known}, user=person, before=before)
            cards = [card_of(each, figures.get(each.indicator_id, NewestFigures())) for each in known]

            found = read_item_figures(desk.item.pk, user=person, before=before)

            assert [each.code for each in found] == ["none", "parts", "small", "months"], (is_past, who)
            assert [(each.code, each.newest, each.comparison, list(each.parts)) for each in found] == [
                (card.definition.code, card.newest, card.comparison, list(card.parts)) for card in cards
            ], (is_past, who)


def test_small_numbers_are_hidden_on_the_page_at_the_cost_of_two_queries(
    desk: Desk, spoken: list[Indicator], django_assert_num_queries: Any
) -> None:
    address = f"/items/{desk.item.pk}/"

    own, other = (text_of(Visitor(person).get(address)) for person in (desk.officer, desk.observer))

    assert "young: 3" in own and "−93.3%" in own
    assert "young: < 5" in other and "−93.3%" not in other
    for who, count in (("reviewer", 4), ("officer", 4), ("observer", 6)):
        with django_assert_num_queries(count):
            read_item_figures(desk.item.pk, user=getattr(desk, who))


def test_past_day_shows_what_spoke_to_the_item_then(
    desk: Desk, spoken: list[Indicator], clock: Clock
) -> None:
    later = clock.move_to(NOW + timedelta(days=3))
    IndicatorItem.objects.filter(indicator__code="none").delete()
    Indicator.objects.filter(code="small").update(is_active=False, name_en="Another name")
    told = make_series(spoken[0]).figures.get(value=35)
    told.ended_at = later
    told.save(update_fields=["ended_at"])

    with translation.override("en"):
        now, then = (
            read_item_figures(desk.item.pk, user=desk.officer, before=before) for before in (None, later)
        )

    assert [each.code for each in now] == ["parts", "months"]
    assert [each.code for each in then] == ["none", "parts", "small", "months"]
    assert then[2].name == "Indicator small"
    assert [each[-1].newest.number for each in (now, then) if each[-1].newest] == ["34", "35"]
