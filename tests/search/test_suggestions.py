"""The search box offers items, agencies and people while its reader types."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from search.queries.suggestions import MOST_ITEMS, MOST_PEOPLE
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.recommendations import make_assignment, make_cycle, make_item

pytestmark = pytest.mark.django_db


def item_with_or() -> None:
    """An item whose text holds the word that joins two questions."""
    item = make_item(make_cycle(), number=9)
    item.text_en = "Train officers or teachers on this matter."
    item.save()


def offered(person: User, typed: str, **query: Any) -> list[dict[str, str]]:
    """What the box offers this person, in English."""
    client = Client()
    client.force_login(person)
    client.cookies["language"] = "en"
    found: list[dict[str, str]] = client.get("/search/suggestions/", {"q": typed, **query}).json()[
        "suggestions"
    ]
    return found


@pytest.fixture
def reader() -> User:
    return UserFactory(role="observer")


class TestItems:
    def test_item_is_offered_by_the_beginning_of_a_word(self, reader: User) -> None:
        item = make_item(make_cycle(), number=9)
        assert offered(reader, "mende") == [
            {"label": "Recommendation 9", "note": item.text_en, "url": f"/items/{item.pk}/"}
        ]

    def test_item_is_offered_by_its_short_name(self, reader: User) -> None:
        item = make_item(make_cycle(), number=9)
        assert [each["url"] for each in offered(reader, "R9")] == [f"/items/{item.pk}/"]
        assert [each["url"] for each in offered(reader, "syor 9")] == [f"/items/{item.pk}/"]

    def test_items_of_the_cycle_in_the_address_are_offered(self, reader: User) -> None:
        make_item(make_cycle(), number=1)
        later = make_item(make_cycle(year=2024), number=1)
        assert [each["url"] for each in offered(reader, "R1", cycle=2024)] == [f"/items/{later.pk}/"]

    @pytest.mark.parametrize("typed", ["9", "R9", "Syor 9", "kelemahan 9"])
    def test_item_with_the_number_comes_first(self, reader: User, typed: str) -> None:
        cycle = make_cycle()
        ninth = make_item(cycle, number=9, kind="weakness" if "kel" in typed else "recommendation")
        for number in range(10, 10 + MOST_ITEMS):
            later = make_item(cycle, number=number, kind=ninth.kind)
            later.text_en = "See R9, section 9."
            later.save()
        assert offered(reader, typed)[0]["url"] == f"/items/{ninth.pk}/"

    def test_items_that_the_own_agency_answers_for_come_first(self, reader: User, now: datetime) -> None:
        cycle, administrator = make_cycle(), UserFactory(role="administrator")
        own, *others = [make_item(cycle, number=number) for number in range(1, 2 + MOST_ITEMS)]
        officer = UserFactory(role="officer")
        make_assignment(own, officer.agency, actor=administrator, now=now)
        make_assignment(others[0], AgencyFactory(), actor=administrator, now=now)
        assert offered(officer, "mende")[0]["url"] == f"/items/{own.pk}/"
        assert f"/items/{own.pk}/" not in [each["url"] for each in offered(reader, "mende")]

    def test_quotation_mark_that_is_open_takes_nothing_away(self, reader: User) -> None:
        make_item(make_cycle(), number=9)
        for typed in ('"mende', '"should be mende', "“mende", 'perkara "9', '"9', '"should be mended"', '9"'):
            assert [each["label"] for each in offered(reader, typed)] == ["Recommendation 9"], typed


class TestPeopleAndAgencies:
    def test_code_comes_first_among_agencies_that_match(self, reader: User) -> None:
        AgencyFactory(code="JTK")
        for code in ("JTA", "JTB", "JTC"):
            AgencyFactory(code=code, name_en=f"Part {code} of JTK")
        assert offered(reader, "jtk")[0]["label"] == "JTK"

    def test_own_agency_and_its_people_come_first(self) -> None:
        own = AgencyFactory(code="ZZZ", name_en="Harbour police")
        for number in range(MOST_PEOPLE):
            AgencyFactory(name_en="Harbour office")
            UserFactory(name=f"Aminah {number}", role="officer")
        officer = UserFactory(name="Zaki Aminah", role="officer", agency=own)
        assert offered(officer, "aminah")[0]["label"] == "Zaki Aminah"
        assert offered(officer, "harbour")[0]["label"] == "ZZZ"

    def test_person_is_offered_behind_an_open_quotation_mark(self, reader: User) -> None:
        UserFactory(name="Pegawai Dua Puluh", role="officer")
        assert [each["label"] for each in offered(reader, '"dua pul')] == ["Pegawai Dua Puluh"]

    def test_agency_leads_to_its_contacts(self, reader: User) -> None:
        UserFactory(name="JTK penyelaras", role="officer", agency=AgencyFactory(code="JTK"))
        assert offered(reader, "jtk")[0]["url"] == "/contacts/?agency=JTK"

    def test_person_is_offered_as_among_the_contacts(self, reader: User) -> None:
        officer = UserFactory(name="Pegawai Dua Puluh", role="officer")
        found = offered(reader, "dua pul")
        assert found == [
            {
                "label": officer.name,
                "note": f"{officer.agency.code} · Officer",
                "url": "/contacts/?text=Pegawai+Dua+Puluh",
            }
        ]

    def test_people_who_are_no_contacts_are_not_offered(self, reader: User) -> None:
        for state in ({"is_active": False}, {"joined_at": None}, {"role": "observer"}):
            UserFactory(**{"name": "Pegawai Dua Puluh", "role": "officer", **state})
            assert offered(reader, "dua pul") == [], state


def test_signs_beside_a_word_do_not_widen_the_question(reader: User) -> None:
    item_with_or()
    assert [each["label"] for each in offered(reader, "matter __")] == ["Recommendation 9"]
    assert offered(reader, "tiadapadanan __") == []


def test_what_cannot_be_asked_offers_nothing(reader: User) -> None:
    for typed in ("", " ", "R", "-", "a" * 5000, "' or 1=1", "\x00", "(((", "-" * 40):
        assert offered(reader, typed) == [], typed
    item_with_or()
    UserFactory(name="Pegawai Dua Puluh", role="officer")
    for typed in ("__", "_ _", "--", "@.", "..", "__ __", "\u0301\u0301", "_-_", "-mende"):
        assert offered(reader, typed) == [], typed


@pytest.mark.parametrize("role", ["officer", "observer"])
def test_suggestions_take_a_fixed_number_of_queries(
    client: Client, role: str, django_assert_num_queries: Any
) -> None:
    make_item(make_cycle(), number=9)
    client.force_login(UserFactory(role=role))
    client.get("/search/suggestions/", {"q": "mende"})
    fixed = 5  # session, person, quota, cycles, and the clock of the demonstration
    with django_assert_num_queries(fixed + (5 if role == "officer" else 4)):
        client.get("/search/suggestions/", {"q": "mende"})


def test_too_little_to_search_for_is_said_and_nothing_else(reader: User, client: Client) -> None:
    client.force_login(reader)
    client.cookies["language"] = "en"
    for typed in ("ab", "9", "R", "ab 9", '"9'):
        answer = client.get("/search/suggestions/", {"q": typed}).json()
        assert answer["suggestions"] == [], typed
        assert answer["hint"] == "Type at least three letters, or an item's short name: R9", typed
    for typed in ("", "-", "abc", "((("):
        assert client.get("/search/suggestions/", {"q": typed}).json()["hint"] == "", typed


def test_stranger_is_sent_to_sign_in(client: Client) -> None:
    assert client.get("/search/suggestions/", {"q": "syor"}).status_code == 302


def test_whole_words_are_found_with_their_other_forms(reader: User) -> None:
    make_item(make_cycle(), number=9)
    assert [each["label"] for each in offered(reader, "perkara")] == ["Recommendation 9"]
    assert [each["label"] for each in offered(reader, "perkara 9")] == ["Recommendation 9"]
