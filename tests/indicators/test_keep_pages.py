"""MAPO's pages of indicators: what they show, what forms read, and what they refuse beside the field."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from cycles.services import close_cycle
from indicators.models import Indicator, Target
from indicators.services.definitions import definition_of
from indicators.states import Unit
from tests.factories.indicators import make_dimension, make_indicator, make_series
from tests.indicators.test_definitions import change
from tests.indicators.test_targets import aim, reported, revise
from tests.recommendations.conftest import Desk

pytestmark = pytest.mark.django_db

LIST, PAGE = "/figures/indicators/", "/figures/indicators/ipo/"
TARGET = f"{PAGE}target/2023/"


def words_of(response: Any) -> str:
    """The page as it is read."""
    return html.unescape(response.content.decode())


def enter(client: Client, desk: Desk, who: str = "administrator") -> Client:
    person = getattr(desk, who)
    person.language = "en"
    person.save(update_fields=["language"])
    client.force_login(person)
    return client


def typed(indicator: Indicator, **values: Any) -> dict[str, Any]:
    """What the form of a definition sends when nothing but these values was changed."""
    held = definition_of(indicator)
    flags = {name: "on" for name in ("is_stock", "counts_victims", "is_active") if getattr(indicator, name)}
    names = ("name_ms", "name_en", "basis_ms", "basis_en", "unit", "pillar")
    texts = {name: getattr(indicator, name) for name in names}
    about = {"agency": indicator.agency_id or "", "items": sorted(held.items), "seen": held.mark}
    return flags | texts | about | {"reason": "Surat KDN"} | values


def test_the_list_is_filtered_by_its_address(client: Client, desk: Desk, indicator: Indicator) -> None:
    make_indicator("shelter", name_en="Persons in shelters", is_active=False, pillar="prosecution")
    aim(desk, indicator, 1200)
    enter(client, desk, "reviewer")
    whole = words_of(client.get(LIST))
    assert "Indicator ipo" in whole and "Persons in shelters" in whole and "1,200" in whole
    for query, shown in (
        ("text=SHELTER", "Persons in shelters"),
        ("used=no", "Persons in shelters"),
        ("pillar=protection", "Indicator ipo"),
        ("agency=PDRM", "Indicator ipo"),
        ("used=maybe&pillar=none", "2 of 2 indicators"),
    ):
        found = words_of(client.get(f"{LIST}?{query}"))
        assert shown in found
        if "2 of 2" not in shown:
            assert "1 of 2 indicators" in found
    assert "No indicator matches these filters" in words_of(client.get(f"{LIST}?text=zzz"))


def test_the_page_shows_targets_figures_and_the_past(
    client: Client, desk: Desk, indicator: Indicator
) -> None:
    indicator.dimensions.through.objects.create(indicator=indicator, dimension=make_dimension())
    change(desk, indicator, name_en="Interim orders", unit=Unit.CASES, reason="Menurut takrif baharu")
    aim(desk, indicator, 40)
    aim(desk, indicator, 50, reason="Permintaan MAPO")
    revise(desk, reported(desk, indicator), "13")
    make_series(indicator, sex_age="women")
    body = words_of(enter(client, desk, "reviewer").get(PAGE))
    for words in (
        "Interim orders",
        "50 by",
        "Permintaan MAPO",
        "13 of 50.",
        "Menurut takrif baharu",
        "Indicator ipo → Interim orders",
        "orders → cases",
        "Revised: Dikira semula",
        "By sex_age",
    ):
        assert words in body, words
    assert "Change the indicator" not in body, "reviewers set targets; administrators define"


def test_an_administrator_changes_a_definition(client: Client, desk: Desk, indicator: Indicator) -> None:
    data = typed(indicator, name_en="Interim orders", items=[desk.item.pk])
    response = enter(client, desk).post(f"{PAGE}change/", data, follow=True)
    assert "The indicator was changed." in words_of(response)
    indicator.refresh_from_db()
    assert indicator.name_en == "Interim orders" and list(indicator.items.all()) == [desk.item]
    again = client.post(f"{PAGE}change/", typed(indicator), follow=True)
    assert "Nothing was changed." in words_of(again)


def test_what_is_wrong_stands_in_the_form_and_nothing_typed_is_lost(
    client: Client, desk: Desk, indicator: Indicator
) -> None:
    reported(desk, indicator)
    for values, words in (
        ({"reason": ""}, "Fill this in."),
        ({"name_ms": " "}, "Fill this in."),
        ({"unit": "bushels"}, "bushels"),
        ({"seen": "0"}, "Somebody else changed this indicator meanwhile."),
        ({"unit": Unit.PERSONS}, "This indicator has figures, which count in the present unit."),
        ({"basis_en": "Ali bin Abu, 900101-14-5678"}, "seems to identify a person"),
    ):
        data = typed(indicator, name_en="Typed by hand") | values
        response = enter(client, desk).post(f"{PAGE}change/", data)
        body = words_of(response)
        assert response.status_code == 422 and 'value="Typed by hand"' in body, values
        assert words in body or words == "bushels", values
        indicator.refresh_from_db()
        assert indicator.name_en == "Indicator ipo", values


def test_an_indicator_is_added(client: Client, desk: Desk, indicator: Indicator) -> None:
    dimension = make_dimension()
    data = typed(indicator, code="new_one", dimensions=[dimension.code])
    response = enter(client, desk).post(f"{LIST}add/", data, follow=True)
    assert "The indicator was added." in words_of(response)
    assert list(Indicator.objects.get(code="NEW_ONE").dimensions.all()) == [dimension]
    taken = client.post(f"{LIST}add/", data)
    assert taken.status_code == 422 and "Another indicator has this code." in words_of(taken)


def test_a_target_is_read_as_people_type(client: Client, desk: Desk, indicator: Indicator) -> None:
    for text, number in (("1,200", 1200), ("1.200", 1200), ("1.000", None), ("40", 40), ("1 200", 1200)):
        with transaction.atomic():
            data = {"number": text, "due_on": "31/3/2024", "reason": "Surat KDN"}
            response = enter(client, desk, "reviewer").post(TARGET, data)
            found = Target.objects.first()
            assert response.status_code == (302 if number else 422), (text, number)
            assert (found and found.number) == number, (text, number)
            transaction.set_rollback(True)


def test_a_target_that_cannot_be_is_refused_beside_its_field(
    client: Client, desk: Desk, indicator: Indicator
) -> None:
    for values, words in (
        ({"number": "-4"}, "A figure cannot be negative."),
        ({"number": "0"}, "A target is more than 0."),
        ({"number": "2.5"}, "has a fraction"),
        ({"number": "1.000"}, "can mean 1 or 1,000"),
        ({"number": "=SUM(A1)"}, "without a formula"),
        ({"due_on": "1/4/2024"}, "Choose a day within the assessment window."),
        ({"due_on": "1/9/2023"}, "This day has passed."),
        ({"due_on": "soon"}, "is not a valid date"),
        ({"reason": ""}, "Fill this in."),
    ):
        data = {"number": "40", "due_on": "31/3/2024", "reason": "Surat KDN"} | values
        response = enter(client, desk, "reviewer").post(TARGET, data)
        assert response.status_code == 422 and words in words_of(response), (values, words)
        assert not Target.objects.exists(), (values, words)


def test_a_closed_cycle_offers_no_target(client: Client, desk: Desk, indicator: Indicator) -> None:

    aim(desk, indicator)
    close_cycle(desk.cycle, reason="Tamat.", actor=desk.administrator, now=desk.now)
    enter(client, desk, "reviewer")
    body = words_of(client.get(PAGE))
    assert "Change the target" not in body and "End the target" not in body
    assert client.get(TARGET).status_code == client.get(f"{TARGET}end/").status_code == 409


def test_a_figure_of_another_indicator_is_not_found(client: Client, desk: Desk, indicator: Indicator) -> None:
    figure = reported(desk, make_indicator("other"))
    assert enter(client, desk).get(f"{PAGE}figures/{figure.pk}/revise/").status_code == 404
