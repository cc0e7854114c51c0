"""What MAPO says of an item: pillar, note and answers, changed by administrators with a reason, with a past."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from audit.errors import NotAllowed, NotNow
from audit.models import Event
from cycles.editorial import Editorial, change_editorial
from cycles.services import close_cycle
from recommendations.models import Item, ItemLink, ItemLinkVersion, ItemVersion
from recommendations.states import ItemKind
from tests.factories.recommendations import make_cycle, make_item
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of, words_of

pytestmark = pytest.mark.django_db


def change(desk: Desk, item: Item, *, actor: Any = None, **values: Any) -> Event:
    """Change some of what is said of an item, as the administrator."""
    held = Editorial.of(item)
    return change_editorial(
        item,
        wanted=replace(held, **values),
        seen=held.mark,
        reason="Surat KDN",
        actor=actor or desk.administrator,
        now=desk.now,
    )


@pytest.fixture
def weakness(desk: Desk) -> Item:
    return make_item(desk.cycle, kind=ItemKind.WEAKNESS)


def test_pillar_note_and_answers_are_changed_with_their_past(desk: Desk, weakness: Item) -> None:
    achievement = make_item(desk.cycle, kind=ItemKind.ACHIEVEMENT)
    change(desk, weakness, answers=frozenset({desk.item.pk}))
    notes = {"divergence_ms": "Catatan.", "divergence_en": "A note."}
    event = change(desk, weakness, pillar="prevention", answers=frozenset({achievement.pk}), **notes)
    assert event.action == "item.changed" and event.reason == "Surat KDN"
    assert event.after == {"pillar": "prevention", **notes, "answers": [str(achievement)]}
    assert event.before is not None and event.before["answers"] == [str(desk.item)]
    pillars = ItemVersion.objects.filter(item=weakness).order_by("pk").values_list("pillar", "divergence_en")
    assert list(pillars) == [("protection", ""), ("prevention", "A note.")]
    links = ItemLinkVersion.objects.filter(weakness=weakness).order_by("pk")
    assert [(link.answer_id, link.ended_at is None) for link in links] == [
        (desk.item.pk, False),
        (achievement.pk, True),
    ]


def test_what_an_item_cannot_have_is_refused(desk: Desk, weakness: Item) -> None:
    achievement = make_item(desk.cycle, kind=ItemKind.ACHIEVEMENT, pillar="")
    foreign = make_item(make_cycle(2024))
    for item, values in (
        (weakness, {"divergence_ms": "Catatan."}),
        (achievement, {"pillar": "prevention"}),
        (weakness, {"answers": frozenset({foreign.pk})}),
        (weakness, {"answers": frozenset({weakness.pk})}),
        (desk.item, {"answers": frozenset({achievement.pk})}),
        (weakness, {}),
    ):
        with pytest.raises(NotNow):
            change(desk, item, **values)
    assert not ItemLink.objects.exists() and not Event.objects.filter(action="item.changed").exists()


def test_reviewers_stale_pages_and_closed_cycles_change_nothing(desk: Desk, weakness: Item) -> None:
    with pytest.raises(NotAllowed):
        change(desk, weakness, actor=desk.reviewer, pillar="prevention")
    seen = Editorial.of(weakness)
    change(desk, weakness, pillar="prevention")
    about: dict[str, Any] = {"reason": "x", "actor": desk.administrator, "now": desk.now}
    with pytest.raises(NotNow):
        change_editorial(weakness, wanted=replace(seen, pillar="prosecution"), seen=seen.mark, **about)
    close_cycle(desk.cycle, reason="Tamat.", actor=desk.administrator, now=desk.now)
    with pytest.raises(NotNow):
        change(desk, weakness, pillar="prosecution")


class TestPage:
    def test_administrator_changes_an_item_from_its_page(self, desk: Desk, weakness: Item) -> None:
        browser = browser_of(desk.administrator, "en")
        url = f"/cycles/2023/items/{weakness.pk}/"
        assert f'href="{url}"' in browser.get(f"/items/{weakness.pk}/").content.decode()
        typed = {
            "pillar": "prevention",
            "divergence_ms": "Catatan.",
            "divergence_en": "",
            "answers": [desk.item.pk],
            "reason": "Surat KDN",
            "seen": Editorial.of(weakness).mark,
        }
        half = browser.post(url, typed)
        assert half.status_code == 422 and "in both languages, or in neither" in half.content.decode()
        assert browser.post(url, {**typed, "divergence_en": "A note."}).status_code == 302
        weakness.refresh_from_db()
        assert (weakness.pillar, weakness.divergence_en) == ("prevention", "A note.")
        assert "A note." in words_of(browser.get(f"/items/{weakness.pk}/"))

    def test_others_are_told_whose_words_they_are_and_offered_no_change(self, desk: Desk) -> None:
        for person in (desk.officer, desk.reviewer, desk.observer):
            words = words_of(browser_of(person, "en").get(f"/items/{desk.item.pk}/"))
            assert "are MAPO’s own" in words and "Change pillar, note and links" not in words

    def test_answers_that_do_not_exist_are_refused_and_items_of_other_cycles_not_found(
        self, desk: Desk, weakness: Item
    ) -> None:
        for answers in (["x"], ["99999999999999999999"], ["-1"]):
            typed = {"answers": answers, "reason": "x", "seen": Editorial.of(weakness).mark}
            response = browser_of(desk.administrator).post(f"/cycles/2023/items/{weakness.pk}/", typed)
            assert response.status_code == 422, answers
        make_cycle(2024)
        browser = browser_of(desk.administrator)
        assert browser.get(f"/cycles/2024/items/{desk.item.pk}/").status_code == 404
