"""An item's page and the list of items as at a day that is over: what was recorded by then, and nothing to act on."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.services.agencies import change_agency
from audit.clock import end_of_day, local_date
from recommendations.models import CycleFactItem, Item
from recommendations.queries.cycle_state import state_of_cycle
from recommendations.queries.item_as_at import read_item_as_at
from recommendations.services import end_assignment, link_answer, override_item, supersede_verdict
from recommendations.states import ItemKind
from tests.conftest import Clock
from tests.factories.recommendations import make_accepted, make_fact, make_item
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of, words_of
from tests.shared import shared

pytestmark = pytest.mark.django_db


@shared
def past(desk: Desk, clock: Clock) -> str:
    """A day on which the agency had an accepted update; afterwards everything was changed. Returns the day."""
    weakness = make_item(desk.cycle, number=1, kind=ItemKind.WEAKNESS)
    make_item(desk.cycle, number=1, kind=ItemKind.ACHIEVEMENT)
    review = desk.accepted()
    now = clock.move_to(desk.now + timedelta(days=2))
    about: dict[str, Any] = {"actor": desk.administrator, "now": now}
    texts = {"text_en": "A text of later.", "title_ms": "Tajuk kemudian", "title_en": "A later title"}
    notes = {"pillar": "prevention", "divergence_en": "A later note.", "divergence_ms": "Catatan kemudian."}
    Item.objects.filter(pk=desk.item.pk).update(**texts, **notes)
    CycleFactItem.objects.create(fact=make_fact(desk.cycle, title_en="A later fact"), item=desk.item)
    link_answer(weakness, answer=desk.item, reason="Jawapan.", **about)
    change_agency(desk.agency, code="POLIS", name_ms="Nama lain", name_en="Other name", **about)
    supersede_verdict(review, status="done", percent=100, reason="A later verdict", **about)
    override_item(desk.item, status="none", percent=0, reason="A later override", **about)
    end_assignment(desk.assignment, reason="A later end", **about)
    return local_date(desk.now).isoformat()


def test_item_shows_what_was_recorded_by_the_end_of_the_day_and_nothing_to_write(
    desk: Desk, past: str
) -> None:
    later = ("later", "POLIS", "100%", "Set by MAPO", "Answers", "Prevention")
    acts = ("Start an update", "Plan a step", "Set the status yourself", "Nudge", "Change the short title")
    for who in ("officer", "outsider", "reviewer", "administrator", "observer"):
        response = browser_of(getattr(desk, who), "en").get(f"/items/{desk.item.pk}/?day={past}")
        words = words_of(response)
        assert response.status_code == 200, who
        assert "You see the item as at 14 September 2023" in words, who
        assert "Point 1 that should be mended." in words and "Protection" in words, who
        assert "PDRM" in words and "In progress" in words and "40%" in words, who
        main = response.content.decode().split("<main")[1].split("</main>")[0]
        assert [word for word in (*later, 'method="post"', *acts) if word in main] == [], who


def test_texts_of_updates_are_for_whom_they_are_now(desk: Desk, past: str) -> None:
    url = f"/items/{desk.item.pk}/?day={past}"
    assert "4 kontinjen" in browser_of(desk.officer).get(url).content.decode()
    assert "4 kontinjen" in browser_of(desk.observer).get(url).content.decode()
    assert "4 kontinjen" not in browser_of(desk.outsider).get(url).content.decode()
    assert browser_of(desk.officer).get(f"/items/999999/?day={past}").status_code == 404


def test_page_agrees_with_the_state_of_the_cycle(desk: Desk, past: str) -> None:
    before = end_of_day(local_date(desk.now))
    page = read_item_as_at(desk.item, user=desk.reviewer, day=local_date(desk.now), before=before)
    row = next(
        row
        for row in state_of_cycle(desk.cycle, user=desk.reviewer, before=before).items
        if row.item_id == desk.item.pk
    )
    assert page is not None and page.state == row.state
    assert [(line.code, line.verdict.percent) for line in page.in_force] == [("PDRM", 40)]
    assert [entry.superseded_by for entry in page.entries] == [None]


def test_number_of_queries_does_not_grow_with_verdicts(
    desk: Desk, django_assert_max_num_queries: Any, now: datetime
) -> None:
    for _each in range(3):
        make_accepted(desk.assignment, actor=desk.officer, reviewer=desk.reviewer, now=now)
    day = local_date(now)
    with django_assert_max_num_queries(8):
        read_item_as_at(desk.item, user=desk.reviewer, day=day, before=end_of_day(day))


def test_days_that_cannot_be_shown_get_the_answer_of_the_overview(desk: Desk) -> None:
    for day, told in (
        ("2031-01-01", "1 January 2031 is in the future. Today is shown."),
        ("2001-01-01", "Nothing was recorded in this cycle by 1 January 2001. Today is shown."),
        ("nonsense", "The date is not valid. Today is shown."),
        ("2023-02-31", "The date is not valid. Today is shown."),
    ):
        for url in ("/items/", "/items/{}/"):
            browser = browser_of(desk.officer, "en")
            words = words_of(browser.get(f"{url.format(desk.item.pk)}?day={day}"))
            assert told in words, (day, told)
            assert told in words_of(browser.get(f"/overview/?day={day}")), (day, told)


def test_list_shows_what_was_recorded_by_the_end_of_the_day(desk: Desk, past: str) -> None:
    response = browser_of(desk.observer, "en").get(f"/items/?day={past}")
    main = response.content.decode().split("<main")[1].split("</main>")[0]
    rows = [row for section in response.context["sections"] for row in section.rows]
    assert [(row.kind, row.status) for row in rows] == [
        ("recommendation", "progress"),
        ("weakness", "none"),
        ("achievement", ""),
    ]
    assert "later" not in main and "POLIS" not in main
    assert f"/items/{desk.item.pk}/?day={past}" in main


def test_filters_and_other_days_keep_each_other(desk: Desk, past: str) -> None:
    browser = browser_of(desk.officer, "en")
    kept = browser.get(f"/items/?day={past}&pillar=protection&mine=own")
    assert "pillar=protection" in kept.context["previous_url"] + kept.context["today_url"]
    assert f'name="day" value="{past}"' in kept.content.decode()
    # Who was responsible on a past day is not recorded.
    assert kept.context["filters"].mine == "" and "You are responsible" not in words_of(kept)
    rows = [row.kind for section in kept.context["sections"] for row in section.rows]
    assert rows[:2] == ["recommendation", "weakness"]
    later = browser.get(f"/items/?day={past}&pillar=prevention")
    assert later.context["sections"] == []


def test_item_that_was_not_recorded_yet_shows_today(desk: Desk, clock: Clock) -> None:
    day = local_date(desk.now)
    clock.move_to(desk.now + timedelta(days=2))
    added = make_item(desk.cycle, number=9)
    words = words_of(browser_of(desk.officer, "en").get(f"/items/{added.pk}/?day={day.isoformat()}"))
    assert "Nothing was recorded in this cycle by" in words


def test_overview_and_weaknesses_lead_to_the_items_of_the_same_day(desk: Desk, past: str) -> None:
    browser = browser_of(desk.reviewer)
    link = f'href="/items/{desk.item.pk}/?day={past}"'
    assert link in browser.get(f"/overview/?day={past}").content.decode()
    weaknesses = browser.get(f"/weaknesses/?day={past}").content.decode()
    assert link in weaknesses
    assert "?day=" not in browser.get("/weaknesses/").content.decode().split("<main")[1].split("<ul")[-1]
