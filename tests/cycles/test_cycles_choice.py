"""Which cycle a page speaks of: of the address, of its own item, or the one that runs; and that links keep to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from html import unescape
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation

from recommendations.context import cycle_query, in_cycle, page_cycle, set_page_cycle
from recommendations.models import Cycle
from recommendations.queries.cycles import Phase, note_on, phase_of, requested_cycle, usual_cycle
from tests.factories.recommendations import make_assignment, make_cycle, make_item, make_submission
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of, words_of

pytestmark = pytest.mark.django_db

LISTS = ("overview:overview", "recommendations:items", "recommendations:assignments")


def cycle(year: int, *, is_closed: bool = False) -> Cycle:
    """A cycle from 1 April of its year to 31 March of the next, not stored."""
    return Cycle(
        pk=year,
        year=year,
        window_start=date(year, 4, 1),
        window_end=date(year + 1, 3, 31),
        closed_at=datetime.fromisoformat("2024-05-01T00:00:00+08:00") if is_closed else None,
    )


def test_usual_cycle_is_the_one_that_runs_else_the_nearest_open_one() -> None:
    for cycles, today, year in (
        ([], date(2023, 9, 14), None),
        ([cycle(2024), cycle(2023)], date(2023, 9, 14), 2023),
        ([cycle(2024), cycle(2023)], date(2024, 3, 31), 2023),
        ([cycle(2024), cycle(2023)], date(2024, 4, 1), 2024),
        ([cycle(2024), cycle(2023)], date(2025, 6, 1), 2024),
        ([cycle(2025), cycle(2024)], date(2023, 9, 14), 2024),
        ([cycle(2024), cycle(2023, is_closed=True)], date(2023, 9, 14), 2024),
        ([cycle(2024, is_closed=True), cycle(2023, is_closed=True)], date(2023, 9, 14), 2024),
        ([cycle(2023), cycle(2022)], date(2023, 4, 1), 2023),
        ([cycle(2024, is_closed=True), cycle(2023)], date(2024, 9, 14), 2023),
    ):
        chosen = usual_cycle(cycles, today)
        assert (chosen.year if chosen else None) == year, today


def test_asked_cycle_is_found_by_its_year_or_said_not_to_exist() -> None:
    for text, year, told in (
        ("", None, ""),
        ("2024", 2024, ""),
        ("2031", None, "There is no 2031 cycle."),
        ("next", None, "The cycle in the address is not valid."),
        ("٢٠٢٤", None, "The cycle in the address is not valid."),
        ("2024' OR 1=1", None, "The cycle in the address is not valid."),
        ("\0", None, "The cycle in the address is not valid."),
    ):
        with translation.override("en"):
            found, refused = requested_cycle(text, [cycle(2024), cycle(2023)])
        assert (found.year if found else None, refused) == (year, told), text


def test_phase_follows_the_window_until_the_cycle_is_closed() -> None:
    for today, phase in (
        (date(2023, 3, 31), Phase.PREPARATION),
        (date(2023, 4, 1), Phase.RUNNING),
        (date(2024, 3, 31), Phase.RUNNING),
        (date(2024, 4, 1), Phase.OVER),
    ):
        assert phase_of(cycle(2023), today) is phase, today
        assert phase_of(cycle(2023, is_closed=True), today) is Phase.CLOSED, today
        assert bool(note_on(cycle(2023), today)) == (phase is Phase.PREPARATION), today


class TestRequest:
    def asked(self, desk: Desk, query: str) -> Any:
        request = RequestFactory().get(f"/overview/{query}")
        request.user = desk.reviewer
        return request

    def test_query_is_kept_only_where_it_is_not_the_usual_cycle(self, desk: Desk) -> None:
        make_cycle(2024)
        usual, next_years = self.asked(desk, "?cycle=2023"), self.asked(desk, "?cycle=2024")
        assert cycle_query(usual) == ""
        assert cycle_query(next_years) == "cycle=2024"
        assert in_cycle(next_years, "/items/") == "/items/?cycle=2024"
        assert in_cycle(next_years, "/items/?q=a") == "/items/?q=a&cycle=2024"

    def test_own_item_of_a_page_wins_over_the_address(self, desk: Desk) -> None:
        make_cycle(2024)
        request = self.asked(desk, "?cycle=2024")
        set_page_cycle(request, desk.cycle)
        assert page_cycle(request) == desk.cycle
        assert cycle_query(request) == ""

    def test_several_cycles_take_no_more_queries_than_one(
        self, desk: Desk, django_assert_num_queries: Any
    ) -> None:
        for year in range(2010, 2020):
            make_cycle(year)
        request = self.asked(desk, "?cycle=2015")
        with django_assert_num_queries(2):  # the cycles, and the demonstration's clock
            assert page_cycle(request).year == 2015
            cycle_query(request)


def links_of(response: HttpResponse) -> Iterator[str]:
    """The addresses of the page's links, and of its forms with method POST."""
    html = response.content.decode()
    for match in re.finditer(r'<a\b[^>]*\bhref="([^"]*)"', html):
        yield unescape(match[1])
    for form in re.findall(r"<form\b[^>]*>", html):
        action = re.search(r'\baction="([^"]*)"', form)
        if action and 'method="get"' not in form:
            yield unescape(action[1])


def getting_forms(response: HttpResponse) -> list[str]:
    """The forms of the page with method GET."""
    return re.findall(r'<form\b[^>]*method="get".*?</form>', response.content.decode(), flags=re.DOTALL)


class TestPages:
    def test_pages_links_and_filters_keep_to_the_cycle_that_the_address_names(self, desk: Desk) -> None:
        item = make_item(make_cycle(2024), number=3)
        make_assignment(item, desk.agency, actor=desk.administrator, now=desk.now)
        for name in (*LISTS, "recommendations:queue", "evidence:list", "accounts:people"):
            response = browser_of(desk.administrator).get(f"{reverse(name)}?cycle=2024")
            lists = {reverse(each) for each in LISTS}
            lost = [
                url for url in links_of(response)
                if url.split("?")[0].split("#")[0] in lists and "cycle=2024" not in url
            ]  # fmt: skip
            # The way to the other cycle is the one link that leaves this one.
            assert [url.split("?")[0] for url in lost] in ([reverse(name)], ["/overview/"]), name
            for form in getting_forms(response):
                assert 'name="cycle" value="2024"' in form, name
        for name in LISTS:
            tab = "&tab=confirmed" if name == LISTS[2] else ""
            browser = browser_of(desk.administrator)
            assert "2024 cycle is in preparation" in words_of(
                browser.get(f"{reverse(name)}?cycle=2024{tab}")
            ), name
            assert "is in preparation" not in words_of(browser.get(f"{reverse(name)}?{tab}")), name

    def test_home_and_switch_keep_to_the_cycle_and_an_unknown_year_shows_the_usual_one(
        self, desk: Desk
    ) -> None:
        make_cycle(2024)
        for year in ("1999", "soon"):
            response = browser_of(desk.reviewer).get(f"/items/?cycle={year}")
            assert response.status_code == 200, year
            assert "The 2023 cycle is shown." in words_of(response), year
            assert response.context["cycle"] == desk.cycle, year
        assert browser_of(desk.reviewer).get("/?cycle=2024").headers["Location"] == "/overview/?cycle=2024"
        for person, first in ((desk.officer, "/items/"), (desk.reviewer, "/overview/")):
            switch = browser_of(person).get(f"/items/{desk.item.pk}/").context["cycle_switch"]
            assert [each["url"] for each in switch["options"]] == [f"{first}?cycle=2024", first]

    def test_item_page_speaks_of_its_own_cycle_whatever_the_address_says(self, desk: Desk) -> None:
        item = make_item(make_cycle(2024), number=3)
        response = browser_of(desk.reviewer).get(f"/items/{item.pk}/?cycle=2023")
        assert response.context["cycle_strip"]["label"] == "2024 cycle"
        assert "/assignments/?cycle=2024" in list(links_of(response))

    def test_switch_is_offered_where_there_are_several_cycles_only(self, desk: Desk) -> None:
        browser = browser_of(desk.officer)
        assert browser.get("/items/").context["cycle_switch"] is None
        make_cycle(2024)
        switch = browser.get("/items/?kind=weakness&page=2").context["cycle_switch"]
        assert [(each["url"], each["phase_text"], each["is_current"]) for each in switch["options"]] == [
            ("/items/?kind=weakness&cycle=2024", "In preparation", False),
            ("/items/?kind=weakness", "Running", True),
        ]

    def test_items_of_two_cycles_in_one_queue_are_told_apart(self, desk: Desk) -> None:
        desk.submission()
        browser = browser_of(desk.reviewer)
        assert "Recommendation 1 · 2023" not in words_of(browser.get("/reviews/"))
        other = make_item(make_cycle(2024))
        assignment = make_assignment(other, desk.agency, actor=desk.administrator, now=desk.now)
        make_submission(assignment, actor=desk.officer, now=desk.now)
        words = words_of(browser.get("/reviews/"))
        assert "Recommendation 1 · 2023" in words and "Recommendation 1 · 2024" in words
