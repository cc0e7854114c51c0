"""Facts of a cycle: read by everybody, loaded once, kept by administrators with a reason, never deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from audit.errors import NotAllowed, NotNow
from audit.models import Event
from cycles.cycle_page import read_cycle_page
from cycles.facts import WrittenFact, add_fact, change_fact, withdraw_fact
from cycles.file import BadCycleFile, CycleFile, kept_cycle_files, read_cycle_bytes, read_cycle_file
from cycles.file.load import load_cycle
from cycles.services import close_cycle
from recommendations.models import Cycle, CycleFact, CycleFactItem, CycleFactItemVersion, CycleFactVersion
from recommendations.states import ItemKind
from tests.factories.recommendations import make_fact, make_item
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of, words_of

pytestmark = pytest.mark.django_db

TODAY = date(2023, 9, 14)
WRITTEN = WrittenFact(
    kind="partner",
    happened_on=None,
    title_ms="Rakan",
    title_en="A partner",
    text_ms="Membantu mangsa.",
    text_en="Helps victims.",
    source_ms="",
    source_en="",
    items=frozenset(),
)
REASON = "Surat KDN"


def about(desk: Desk) -> dict[str, Any]:
    return {"reason": REASON, "actor": desk.administrator, "now": desk.now}


@cache
def first_file() -> CycleFile:
    """The file of the first cycle, which takes long to read."""
    return read_cycle_file(kept_cycle_files()[0])


def load_first(desk: Desk) -> Cycle:
    load_cycle(first_file(), is_confirmed=True, now=desk.now)
    return Cycle.objects.get(year=2023)


def typed(**changes: Any) -> dict[str, Any]:
    """The form of a fact as a browser sends it."""
    return {**WRITTEN.columns, "happened_on": "", "reason": REASON, "seen": "", **changes}


class TestFile:
    def test_facts_of_the_first_cycle(self, desk: Desk) -> None:
        facts = {fact.key: fact for fact in first_file().facts}
        assert facts["announcement"].happened_on == date(2023, 6, 15)
        assert "188" in facts["countries"].columns["title_en"]
        assert facts["nghti"].happened_on == date(2023, 3, 22)
        partners = [fact.columns["title_ms"] for fact in facts.values() if fact.kind == "partner"]
        assert partners == ["TENAGANITA", "Global Shepherds Berhad", "SHUT", "SUKA Society"]
        assert all(fact.columns["source_ms"] for fact in facts.values())

    def test_loading_enters_each_fact_once_and_a_withdrawn_one_stays_away(self, desk: Desk) -> None:
        cycle = load_first(desk)
        count = len(first_file().facts)
        assert CycleFact.objects.filter(cycle=cycle).count() == count
        assert Event.objects.filter(action="fact.added").count() == count
        vas = CycleFact.objects.get(cycle=cycle, key="vas")
        assert ("recommendation", 8) in vas.items.values_list("kind", "number")
        withdraw_fact(vas, **about(desk))
        load_first(desk)
        assert CycleFact.objects.filter(cycle=cycle).count() == count
        vas.refresh_from_db()
        assert vas.withdrawn_at is not None

    def test_file_with_a_mistake_is_refused_with_its_line(self, tmp_path: Path) -> None:
        for old, new, problem in (
            ("key: vas", "key: nghti", "muncul dua kali"),
            ("key: vas", "key: V A S", "bukan kunci fakta"),
            ("kind: programme", "kind: rumour", "bukan jenis fakta"),
            ("recommendations: [8]", "recommendations: [8, 8]", "dinyatakan dua kali"),
            ("recommendations: [8]", "recommendations: [80]", "tiada dalam fail"),
        ):
            text = kept_cycle_files()[0].read_text("utf-8")
            start = text.index("\nfacts:")
            broken = text[:start] + text[start:].replace(old, new, 1)
            with pytest.raises(BadCycleFile, match=problem) as refusal:
                read_cycle_bytes(broken.encode(), name="x.yaml")
            assert all(found.line > text[:start].count("\n") for found in refusal.value.problems), new


class TestServices:
    def test_fact_is_added_changed_and_withdrawn_with_its_past(self, desk: Desk) -> None:
        item, other = make_item(desk.cycle, number=8), make_item(desk.cycle, number=9)
        fact = add_fact(desk.cycle, content=replace(WRITTEN, items=frozenset({item.pk})), **about(desk))
        seen = WrittenFact.of(fact)
        wanted = replace(seen, title_en="Another name", items=frozenset({other.pk}))
        change_fact(fact, content=wanted, seen=seen.mark, **about(desk))
        assert list(fact.items.all()) == [other]
        event = Event.objects.get(action="fact.changed")
        assert event.before == {"title_en": "A partner", "items": [str(item)]}
        assert event.after == {"title_en": "Another name", "items": [str(other)]}
        withdraw_fact(fact, **about(desk))
        versions = CycleFactVersion.objects.filter(fact=fact).order_by("pk")
        assert [version.title_en for version in versions] == ["A partner", "Another name", "Another name"]
        links = CycleFactItemVersion.objects.filter(fact=fact).order_by("pk")
        assert [(link.item_id, link.ended_at is None) for link in links] == [
            (item.pk, False),
            (other.pk, True),
        ]

    def test_reviewers_and_closed_cycles_change_nothing(self, desk: Desk) -> None:
        with pytest.raises(NotAllowed):
            add_fact(desk.cycle, content=WRITTEN, **{**about(desk), "actor": desk.reviewer})
        fact = make_fact(desk.cycle)
        with pytest.raises(NotNow):
            change_fact(fact, content=WRITTEN, seen="another", **about(desk))
        held = WrittenFact.of(fact)
        with pytest.raises(NotNow):
            change_fact(fact, content=held, seen=held.mark, **about(desk))
        close_cycle(desk.cycle, reason="Tamat.", actor=desk.administrator, now=desk.now)
        for act in (
            lambda: add_fact(desk.cycle, content=WRITTEN, **about(desk)),
            lambda: change_fact(fact, content=WRITTEN, seen=WrittenFact.of(fact).mark, **about(desk)),
            lambda: withdraw_fact(fact, **about(desk)),
        ):
            with pytest.raises(NotNow):
                act()

    def test_items_of_another_cycle_are_refused(self, desk: Desk) -> None:
        from tests.factories.recommendations import make_cycle

        foreign = make_item(make_cycle(2024))
        with pytest.raises(NotNow):
            add_fact(desk.cycle, content=replace(WRITTEN, items=frozenset({foreign.pk})), **about(desk))

    def test_database_refuses_half_a_fact_and_deletes_none(self, desk: Desk) -> None:
        for values in ({"title_en": ""}, {"source_en": ""}, {"kind": "rumour"}, {"text_ms": ""}):
            with pytest.raises(DatabaseError), transaction.atomic():
                make_fact(desk.cycle, **values)
        fact = make_fact(desk.cycle)
        with pytest.raises(DatabaseError), transaction.atomic():
            CycleFact.objects.filter(pk=fact.pk).delete()
        with pytest.raises(DatabaseError), transaction.atomic():
            CycleFactVersion.objects.filter(fact=fact).update(title_en="x")


class TestPages:
    def test_everybody_reads_the_page_and_administrators_alone_its_buttons(self, desk: Desk) -> None:
        fact = make_fact(desk.cycle, happened_on=date(2023, 3, 22))
        CycleFactItem.objects.create(fact=fact, item=desk.item)
        for person in (desk.officer, desk.observer, desk.reviewer, desk.administrator):
            response = browser_of(person, "en").get("/cycles/2023/")
            words = words_of(response)
            assert "New guidelines" in words and "Before the window" in words
            assert "MAPO’s own; the source does not give it" in words
            assert ("Add a fact" in words) == person.is_administrator
            assert ("Events of this cycle" in words) == person.is_mapo

    def test_item_and_cycle_link_to_each_other(self, desk: Desk) -> None:
        fact = make_fact(desk.cycle)
        CycleFactItem.objects.create(fact=fact, item=desk.item)
        browser = browser_of(desk.observer, "en")
        assert f'href="/cycles/2023/#fact-{fact.pk}"' in browser.get(f"/items/{desk.item.pk}/").text
        assert f'href="/items/{desk.item.pk}/"' in browser.get("/cycles/2023/").text
        withdraw_fact(fact, **about(desk))
        assert f"fact-{fact.pk}" not in browser.get(f"/items/{desk.item.pk}/").text
        assert f"fact-{fact.pk}" not in browser.get("/cycles/2023/").text

    def test_number_of_queries_does_not_grow_with_facts(
        self, desk: Desk, django_assert_max_num_queries: Any
    ) -> None:
        for number in range(2, 6):
            item = make_item(desk.cycle, number=number, kind=ItemKind.ACHIEVEMENT)
            CycleFactItem.objects.create(fact=make_fact(desk.cycle), item=item)
        with django_assert_max_num_queries(7):
            page = read_cycle_page(2023, user=desk.administrator, today=TODAY)
        assert page is not None and len(page.fact_groups[0].facts) == 4

    def test_administrator_adds_changes_and_withdraws(self, desk: Desk) -> None:
        browser = browser_of(desk.administrator, "en")
        added = browser.post("/cycles/2023/facts/add/", typed(items=[desk.item.pk]))
        fact = CycleFact.objects.get()
        assert added.status_code == 302 and list(fact.items.all()) == [desk.item]
        url = f"/cycles/2023/facts/{fact.pk}/"
        seen = WrittenFact.of(fact).mark
        half = browser.post(url, typed(source_ms="Surat", seen=seen))
        assert half.status_code == 422 and "Give the source in both languages." in half.text
        changed = browser.post(url, typed(title_en="Changed", seen=seen))
        assert changed.status_code == 302
        fact.refresh_from_db()
        assert fact.title_en == "Changed" and not fact.items.exists()
        assert browser.post(f"{url}withdraw/", {"reason": REASON}).status_code == 302
        assert browser.get(url).status_code == 404

    def test_items_that_do_not_exist_are_refused(self, desk: Desk) -> None:
        for items in (["x"], ["99999999999999999999"], ["-1"], ["0"]):
            response = browser_of(desk.administrator, "en").post(
                "/cycles/2023/facts/add/", typed(items=items)
            )
            assert response.status_code == 422, items
            assert not CycleFact.objects.exists(), items
