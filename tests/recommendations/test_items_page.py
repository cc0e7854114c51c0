"""The list of all points of a report, and what narrows it."""

from datetime import datetime
from typing import Any

from accounts.roles import Role
from recommendations.services import name_officers, suggest_assignment
from recommendations.states import ItemKind
from tests.factories.accounts import make_agency, make_person
from tests.factories.recommendations import (
    make_accepted,
    make_assignment,
    make_cycle,
    make_item,
)
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of, words_of

EVERYBODY = ["officer", "coordinator", "outsider", "reviewer", "administrator", "observer"]

URL = "/items/"


def test_list_shows_all_kinds_to_everybody(desk: Desk) -> None:
    make_item(desk.cycle, kind=ItemKind.WEAKNESS)
    make_item(desk.cycle, kind=ItemKind.ACHIEVEMENT)
    for who in EVERYBODY:
        for language in ("ms", "en"):
            response = browser_of(getattr(desk, who), language).get(URL)
            assert [section.kind for section in response.context["sections"]] == list(ItemKind), (
                who,
                language,
            )


def test_filters_narrow_the_list(desk: Desk) -> None:
    make_item(desk.cycle, number=2, pillar="prevention")
    desk.accepted()
    for query, numbers in (
        ("kind=recommendation", {1, 2}),
        ("kind=achievement", set()),
        ("pillar=prevention", {2}),
        ("status=progress", {1}),
        ("status=none", {2}),
        ("q=POINT 2", {2}),
        ("q=perkara 1", {1}),
        ("q=Recommendation 2", {2}),
        ("kind=nonsense", {1, 2}),
        ("pillar=prevention&status=progress", set()),
    ):
        response = browser_of(desk.officer).get(f"{URL}?{query}")
        assert {row.number for section in response.context["sections"] for row in section.rows} == numbers, (
            query,
            numbers,
        )
        if not numbers:
            assert "No item matches" in words_of(response), (query, numbers)


def test_list_shows_what_is_mine(desk: Desk, now: datetime) -> None:
    make_assignment(make_item(desk.cycle, number=2), desk.agency, actor=desk.administrator, now=now)
    make_item(desk.cycle, number=3)
    name_officers(desk.assignment, officers=[desk.officer], actor=desk.coordinator, now=now)
    for who, query, numbers in (
        ("officer", "mine=own", {1}),
        ("officer", "mine=agency", {1, 2}),
        ("coordinator", "mine=own", set()),
        ("coordinator", "mine=agency", {1, 2}),
        ("outsider", "mine=agency", set()),
        ("reviewer", "mine=own", {1, 2, 3}),
        ("observer", "mine=agency", {1, 2, 3}),
    ):
        response = browser_of(getattr(desk, who)).get(f"{URL}?{query}")
        assert {row.number for section in response.context["sections"] for row in section.rows} == numbers, (
            who
        )
        assert ("You are responsible" in words_of(response)) is (who == "officer"), who
        assert bool(response.context["owners"]) is (who in ("officer", "coordinator", "outsider")), who


def test_list_speaks_of_the_chosen_cycle(desk: Desk) -> None:
    newer = make_item(make_cycle(2024), number=7)
    browser = browser_of(desk.officer)
    assert newer.text_en not in words_of(browser.get(URL))
    assert newer.text_en in words_of(browser.get(f"{URL}?cycle=2024"))


def test_list_before_any_cycle_says_what_to_do(now: datetime) -> None:
    person = make_person(Role.OFFICER, make_agency("PDRM"))
    assert "No cycle is loaded yet" in words_of(browser_of(person).get(URL))


def test_suggested_agencies_are_mapos_to_see(desk: Desk, now: datetime) -> None:
    suggest_assignment(
        desk.item, agency=make_agency("JKDM"), role="support", actor=desk.administrator, now=now
    )
    assert "JKDM" in words_of(browser_of(desk.reviewer).get(URL))
    assert "JKDM" not in words_of(browser_of(desk.officer).get(URL))


def test_list_keeps_its_number_of_queries(desk: Desk, now: datetime, django_assert_num_queries: Any) -> None:
    browser = browser_of(desk.officer)
    for numbers in ((2,), (3, 4)):
        for number in numbers:
            item = make_item(desk.cycle, number=number)
            assignment = make_assignment(item, desk.agency, actor=desk.administrator, now=now)
            make_accepted(assignment, actor=desk.officer, reviewer=desk.reviewer, now=now)
            make_item(desk.cycle, number=number, kind=ItemKind.ACHIEVEMENT)
        with django_assert_num_queries(10):
            assert browser.get(URL).status_code == 200
