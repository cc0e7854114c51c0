"""Administrators change short titles with a reason: all of a cycle on one page, or one from the page of its item."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from audit.errors import NotAllowed, NotNow
from audit.models import Event
from cycles.services import close_cycle
from cycles.titles import BadTitles, change_titles, field_of, marks_of, title_problems, undo_titles
from privacy.checks import IdentitiesFound
from recommendations.models import Item
from recommendations.states import TITLE_LENGTH
from tests.conftest import Clock
from tests.factories.recommendations import make_cycle, make_item
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of, words_of

pytestmark = pytest.mark.django_db

URL = "/cycles/2023/titles/"
FIRST = {"title_ms": "Lindungi pembantu rumah", "title_en": "Protect domestic workers"}
SECOND = {"title_ms": "Latih pegawai", "title_en": "Train officials"}


@pytest.fixture
def second(desk: Desk) -> Item:
    return make_item(desk.cycle, number=2)


def change(desk: Desk, wanted: Mapping[int, Mapping[str, str]], **changes: Any) -> list[Event]:
    """Change titles as the administrator does who has just opened the page."""
    items = [item for item in desk.cycle.items.in_order() if item.pk in wanted]
    about = {"seen": marks_of(items), "reason": "Mesyuarat", "actor": desk.administrator, "now": desk.now}
    return change_titles(desk.cycle, wanted=wanted, **(about | changes))


def titles_of(item: Item) -> dict[str, str]:
    item.refresh_from_db()
    return {"title_ms": item.title_ms, "title_en": item.title_en}


class TestChange:
    def test_titles_are_set_with_an_event_each(self, desk: Desk, second: Item) -> None:
        events = change(desk, {desk.item.pk: FIRST, second.pk: SECOND})
        assert (titles_of(desk.item), titles_of(second)) == (FIRST, SECOND)
        event = Event.objects.get(action="item.titled", item_id=desk.item.pk)
        assert event in events and len(events) == 2
        assert (event.before, event.after) == ({"title_ms": "", "title_en": ""}, FIRST)
        assert (event.reason, event.actor_id) == ("Mesyuarat", desk.administrator.pk)

    def test_only_what_changes_is_recorded(self, desk: Desk, second: Item) -> None:
        change(desk, {desk.item.pk: FIRST})
        (event,) = change(
            desk, {desk.item.pk: FIRST | {"title_en": " Protect  them "}, second.pk: titles_of(second)}
        )
        assert (event.before, event.after) == (
            {"title_en": "Protect domestic workers"},
            {"title_en": "Protect them"},
        )

    def test_two_titles_are_exchanged_in_one_act(self, desk: Desk, second: Item) -> None:
        change(desk, {desk.item.pk: FIRST, second.pk: SECOND})
        change(desk, {desk.item.pk: SECOND, second.pk: FIRST})
        assert (titles_of(desk.item), titles_of(second)) == (SECOND, FIRST)

    def test_only_administrators_may(self, desk: Desk) -> None:
        for who in ("reviewer", "officer", "observer"):
            with pytest.raises(NotAllowed):
                change(desk, {desk.item.pk: FIRST}, actor=getattr(desk, who))

    def test_titles_that_cannot_be_given_change_nothing(self, desk: Desk, second: Item) -> None:
        change(desk, {second.pk: SECOND})
        for typed, column in (
            ({"title_ms": "latih  PEGAWAI", "title_en": "Other"}, "title_ms"),
            ({"title_ms": "Lain", "title_en": ""}, "title_en"),
            ({"title_ms": "Lain", "title_en": "x" * (TITLE_LENGTH + 1)}, "title_en"),
        ):
            with pytest.raises(BadTitles) as caught:
                change(desk, {desk.item.pk: typed})
            assert field_of(column, desk.item.pk) in caught.value.problems or column == "title_ms", typed
            assert caught.value.problems == title_problems_of(desk, desk.item, typed), typed
            assert titles_of(desk.item) == {"title_ms": "", "title_en": ""}, typed
            assert Event.objects.filter(action="item.titled").count() == 1, typed

    def test_what_changed_meanwhile_is_not_overwritten(self, desk: Desk) -> None:
        seen = marks_of([desk.item])
        change(desk, {desk.item.pk: FIRST})
        with pytest.raises(NotNow, match="orang lain"):
            change(desk, {desk.item.pk: SECOND}, seen=seen)

    def test_refusals_leave_everything_as_it_is(self, desk: Desk) -> None:
        wanted = {desk.item.pk: FIRST}
        with pytest.raises(NotNow):
            change(desk, wanted, reason=" ")
        with pytest.raises(IdentitiesFound):
            change(desk, {desk.item.pk: FIRST | {"title_en": "Call 012-345 6789"}})
        change(desk, wanted)
        with pytest.raises(NotNow, match="sudah mempunyai"):
            change(desk, wanted)
        close_cycle(desk.cycle, reason="Tamat.", actor=desk.administrator, now=desk.now)
        with pytest.raises(NotNow, match="ditutup"):
            change(desk, {desk.item.pk: SECOND})
        assert titles_of(desk.item) == FIRST


def title_problems_of(desk: Desk, item: Item, typed: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the items of the cycle if one had these titles."""
    items = list(desk.cycle.items.in_order())
    for each in items:
        if each.pk == item.pk:
            each.title_ms, each.title_en = typed["title_ms"], typed["title_en"]
    return title_problems(items)


class TestUndo:
    def test_undo_gives_back_what_was(self, desk: Desk, second: Item) -> None:
        change(desk, {desk.item.pk: FIRST})
        events = change(desk, {desk.item.pk: SECOND, second.pk: FIRST})
        undone = undo(desk, events)
        assert (titles_of(desk.item), titles_of(second)["title_ms"]) == (FIRST, "")
        assert {event.action for event in undone} == {"item.titles_undone"}
        assert undo(desk, events) == []

    def test_undo_is_refused_once_something_was_built_on_it(self, desk: Desk, second: Item) -> None:
        first, later = change(desk, {desk.item.pk: FIRST}), change(desk, {desk.item.pk: SECOND})
        with pytest.raises(NotNow, match="sekali lagi"):
            undo(desk, first)
        change(desk, {second.pk: FIRST})
        with pytest.raises(NotNow, match="Perkara lain"):
            undo(desk, later)
        assert titles_of(desk.item) == SECOND

    def test_events_of_other_cycles_or_kinds_undo_nothing(self, desk: Desk) -> None:
        events = change(desk, {desk.item.pk: FIRST})
        other = make_cycle(2024)
        with pytest.raises(NotNow, match="Tiada perubahan"):
            undo_titles(other, events=[events[0].pk], actor=desk.administrator, now=desk.now)
        with pytest.raises(NotAllowed):
            undo_titles(desk.cycle, events=[events[0].pk], actor=desk.reviewer, now=desk.now)
        assert titles_of(desk.item) == FIRST


def undo(desk: Desk, events: list[Event]) -> list[Event]:
    return undo_titles(
        desk.cycle, events=[event.pk for event in events], actor=desk.administrator, now=desk.now
    )


def typed(*items: Item, **changes: str) -> dict[str, str]:
    """The form as a browser sends it, with these fields changed."""
    fields = {
        field_of(column, item.pk): getattr(item, column)
        for item in items
        for column in ("title_ms", "title_en")
    }
    return fields | {"seen": marks_of(items), "reason": "Mesyuarat"} | changes


class TestPage:
    @pytest.mark.parametrize("language", ["ms", "en"])
    def test_all_titles_are_changed_in_one_go_and_undone(
        self, desk: Desk, second: Item, clock: Clock, language: str
    ) -> None:
        browser = browser_of(desk.administrator, language)
        page = browser.get(URL)
        assert page.status_code == 200
        html = page.content.decode()
        assert all(f'name="{field_of("title_ms", item.pk)}"' in html for item in (desk.item, second))
        assert getattr(desk.item, f"text_{language}") in words_of(page)
        sent = typed(desk.item, second, **named(desk.item, FIRST))
        saved = browser.post(URL, sent, follow=True)
        assert saved.redirect_chain[0][0] == "/cycles/2023/"
        assert titles_of(desk.item) == FIRST
        (message,) = saved.context["messages"]
        clock.move_to(desk.now + timedelta(hours=1))
        undo_url = str(message.extra_tags).removeprefix("undo:").split()[0]
        assert browser.post(undo_url).status_code == 302
        assert titles_of(desk.item)["title_ms"] == ""
        words = words_of(browser.get(URL))
        assert f"{FIRST['title_en']} → –" in words and "Mesyuarat" in words

    def test_one_title_is_changed_from_the_page_of_its_item(self, desk: Desk, second: Item) -> None:
        change(desk, {desk.item.pk: FIRST})
        browser = browser_of(desk.administrator)
        item_url = f"/items/{desk.item.pk}/"
        page = browser.get(item_url)
        assert f"MAPO’s short title: {FIRST['title_en']}" in words_of(page)
        assert f"Recommendation 1: {FIRST['title_en']} · Jejak" in words_of(page)
        assert f'<h1 class="official" lang="en">{desk.item.text_en}</h1>' in page.content.decode()
        link = f"{URL}?item={desk.item.pk}"
        assert f'href="{link}"' in page.content.decode()
        assert f'href="{link}"' not in browser_of(desk.reviewer).get(item_url).content.decode()
        form = browser.get(link).content.decode()
        assert field_of("title_ms", desk.item.pk) in form and field_of("title_ms", second.pk) not in form
        desk.item.refresh_from_db()
        sent = typed(desk.item, **named(desk.item, SECOND))
        assert browser.post(link, sent).url == item_url
        assert titles_of(desk.item) == SECOND
        assert browser.get(f"{URL}?item=999999").status_code == 404

    def test_what_is_wrong_stands_at_its_field_and_the_text_is_kept(self, desk: Desk, second: Item) -> None:
        change(desk, {second.pk: SECOND})
        second.refresh_from_db()
        sent = typed(desk.item, second, **named(desk.item, FIRST | {"title_ms": SECOND["title_ms"]}))
        page = browser_of(desk.administrator).post(URL, sent)
        assert page.status_code == 422
        form = page.context["form"]
        assert [*form.errors] == [field_of("title_ms", second.pk)]
        assert FIRST["title_en"] in page.content.decode()
        assert "Recommendation 2, Bahasa Melayu: " in page.content.decode()
        assert titles_of(desk.item)["title_ms"] == ""

    def test_closed_cycle_takes_no_title(self, desk: Desk) -> None:
        close_cycle(desk.cycle, reason="Tamat.", actor=desk.administrator, now=desk.now)
        browser = browser_of(desk.administrator)
        assert browser.get(URL).status_code == 409
        assert "/titles/" not in browser.get("/cycles/2023/").content.decode()

    def test_page_takes_as_many_queries_for_thirty_items_as_for_one(
        self, desk: Desk, django_assert_num_queries: Any
    ) -> None:
        browser = browser_of(desk.administrator)
        browser.get(URL)
        for number in range(2, 31):
            make_item(desk.cycle, number=number)
        with django_assert_num_queries(8):
            browser.get(URL)


def named(item: Item, titles: Mapping[str, str]) -> dict[str, str]:
    return {field_of(column, item.pk): title for column, title in titles.items()}
