"""MAPO says what is counted: who may, why, what is refused, and what the past says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from audit.errors import BadValue, NotAllowed, NotNow
from audit.models import Event
from cycles.services import close_cycle
from indicators.definition import NO_DEFINITION
from indicators.models import Indicator, IndicatorItemVersion, IndicatorVersion
from indicators.services.definitions import (
    add_indicator,
    change_indicator,
    definition_of,
)
from indicators.states import Unit
from privacy.checks import IdentitiesFound
from recommendations.errors import CYCLE_CLOSED
from tests.factories.accounts import make_agency
from tests.factories.indicators import make_dimension, make_figure, make_indicator, make_series
from tests.factories.recommendations import make_cycle, make_item
from tests.recommendations.conftest import Desk

pytestmark = pytest.mark.django_db

WHOLE = replace(
    NO_DEFINITION,
    name_ms="Perintah",
    name_en="Orders",
    unit=Unit.ORDERS,
    basis_ms="Setiap perintah dikira sekali.",
    basis_en="Each order counts once.",
)


def change(desk: Desk, indicator: Indicator, **values: Any) -> bool:
    held = definition_of(Indicator.objects.get(pk=indicator.pk))
    about: dict[str, Any] = {"seen": held.mark, "reason": "Surat KDN", "actor": desk.administrator}
    about |= {name: values.pop(name) for name in ("seen", "reason", "actor") if name in values}
    return change_indicator(indicator, definition=replace(held, **values), **about, now=desk.now)


def add(desk: Desk, **values: Any) -> Indicator:
    usual: dict[str, Any] = {"code": "orders", "dimensions": [], "definition": WHOLE, "reason": "Surat KDN"}
    return add_indicator(**(usual | {"actor": desk.administrator, "now": desk.now} | values))


def test_a_change_has_one_event_with_what_was_and_became(desk: Desk, indicator: Indicator) -> None:
    assert change(desk, indicator, name_en="Interim orders", agency=desk.other_agency, is_stock=True)
    event = Event.objects.get(action="indicator.changed")
    assert event.before == {"name_en": "Indicator ipo", "agency": desk.agency.pk, "is_stock": False}
    assert event.after == {"name_en": "Interim orders", "agency": desk.other_agency.pk, "is_stock": True}
    assert (event.reason, event.label) == ("Surat KDN", "ipo")


def test_the_past_of_a_definition_is_kept_by_the_database(desk: Desk, indicator: Indicator) -> None:
    change(desk, indicator, name_ms="Perintah sementara", items=frozenset({desk.item.pk}))
    names = (
        IndicatorVersion.objects.filter(indicator=indicator).order_by("pk").values_list("name_ms", flat=True)
    )
    assert list(names) == ["Petunjuk ipo", "Perintah sementara"]
    change(desk, indicator, items=frozenset())
    link = IndicatorItemVersion.objects.get(indicator=indicator)
    assert link.item_id == desk.item.pk and link.ended_at is not None


def test_changing_nothing_records_nothing(desk: Desk, indicator: Indicator) -> None:
    assert not change(desk, indicator, name_ms=f" {indicator.name_ms}  ")
    assert not Event.objects.filter(action__startswith="indicator.").exists()


@pytest.mark.parametrize("who", ["officer", "coordinator", "reviewer", "observer"])
@pytest.mark.parametrize("act", [add, lambda desk, actor: change(desk, indicator_of(), actor=actor)])
def test_administrators_alone_define(
    desk: Desk, indicator: Indicator, who: str, act: Callable[..., Any]
) -> None:
    with pytest.raises(NotAllowed):
        act(desk, actor=getattr(desk, who))


def indicator_of() -> Indicator:
    return Indicator.objects.get()


@pytest.mark.parametrize("reason", ["", "  ", "\u200b"])
def test_a_reason_is_needed(desk: Desk, indicator: Indicator, reason: str) -> None:
    with pytest.raises(NotNow):
        change(desk, indicator, name_ms="Lain", reason=reason)


def test_the_unit_stays_once_there_are_figures(desk: Desk, indicator: Indicator) -> None:
    assert change(desk, indicator, unit=Unit.CASES)
    make_figure(make_series(indicator), 4, now=desk.now)
    with pytest.raises(BadValue, match="dihitung dalam unit sekarang") as refused:
        change(desk, indicator, unit=Unit.PERSONS)
    assert refused.value.field == "unit"
    assert change(desk, indicator, basis_en="Each case counts once.")


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(desk: Desk, indicator: Indicator) -> None:
    seen = definition_of(indicator).mark
    change(desk, indicator, name_ms="Satu")
    with pytest.raises(NotNow, match="Orang lain telah mengubah"):
        change(desk, indicator, name_ms="Dua", seen=seen)
    assert not change(desk, indicator, name_ms="Satu", seen=seen), "sent twice, done once"


@pytest.mark.parametrize(
    ("field", "value"),
    [("name_ms", " "), ("name_en", "x" * 201), ("basis_en", "x" * 601), ("basis_ms", "")],
)
def test_texts_that_cannot_be_kept(desk: Desk, indicator: Indicator, field: str, value: str) -> None:
    with pytest.raises(BadValue) as refused:
        change(desk, indicator, **{field: value})
    assert refused.value.field == field


def test_an_agency_that_left_is_not_given_a_new_indicator(desk: Desk, indicator: Indicator) -> None:
    gone = make_agency("LAMA", is_active=False)
    with pytest.raises(BadValue):
        change(desk, indicator, agency=gone)
    Indicator.objects.filter(pk=indicator.pk).update(agency=gone)
    assert change(desk, Indicator.objects.get(), name_ms="Lain"), "it may keep one"


def test_a_text_must_not_name_a_person(desk: Desk, indicator: Indicator) -> None:
    with pytest.raises(IdentitiesFound) as refused:
        change(desk, indicator, basis_en="As for the holder of 900101-14-5678.")
    assert list(refused.value.problems) == ["basis_en"]


def test_items_of_closed_cycles_stay_linked_and_take_no_new_link(desk: Desk, indicator: Indicator) -> None:
    old = make_cycle(2022)
    linked, other = make_item(old, number=1), make_item(old, number=2)
    change(desk, indicator, items=frozenset({linked.pk}))
    close_cycle(old, reason="Tamat.", actor=desk.administrator, now=desk.now)
    assert change(desk, indicator, items=frozenset({desk.item.pk}))
    assert set(indicator.items.all()) == {linked, desk.item}
    with pytest.raises(NotNow, match=str(CYCLE_CLOSED)):
        change(desk, indicator, items=frozenset({other.pk}))


def test_a_new_indicator_comes_last_with_its_dimensions(desk: Desk, indicator: Indicator) -> None:
    dimension = make_dimension()
    added = add(desk, dimensions=[dimension], definition=replace(WHOLE, items=frozenset({desk.item.pk})))
    assert (added.code, added.position > indicator.position) == ("ORDERS", True)
    assert list(added.dimensions.all()) == [dimension] and list(added.items.all()) == [desk.item]
    event = Event.objects.get(action="indicator.added")
    assert event.after is not None and event.before is None
    assert event.after["broken_down_by"] == ["sex_age"] and event.after["speaks_to"] == [desk.item.pk]


@pytest.mark.parametrize("code", ["", "1ST", "_A", "A B", "A__B", "A-B", "A/B", "É", "A" * 41, "TAKEN"])
def test_codes_that_cannot_be_given(desk: Desk, indicator: Indicator, code: str) -> None:
    make_indicator("TAKEN")
    with pytest.raises(BadValue) as refused:
        add(desk, code=code)
    assert refused.value.field == "code"
    assert not Event.objects.filter(action__startswith="indicator.").exists()
