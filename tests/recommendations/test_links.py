"""MAPO says what answers a weakness, and takes it back; each is one Event, and the past of the link is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest

from audit.errors import NotAllowed, NotNow
from audit.models import Event
from cycles.services import close_cycle
from recommendations.models import Item, ItemLink, ItemLinkVersion, ItemVersion
from recommendations.services import link_answer, unlink_answer
from recommendations.states import ItemKind
from tests.conftest import NOW, Clock
from tests.factories.recommendations import make_cycle, make_item
from tests.recommendations.conftest import Desk
from tests.shared import shared

pytestmark = pytest.mark.django_db


@shared
def weakness(desk: Desk) -> Item:
    return make_item(desk.cycle, number=2, kind=ItemKind.WEAKNESS)


def events() -> list[tuple[str, object, object]]:
    rows = Event.objects.filter(action__in=["item.linked", "item.unlinked"]).order_by("pk")
    return [(event.action, event.before, event.after) for event in rows]


def test_link_answer_links_once_and_records_it(desk: Desk, weakness: Item) -> None:
    for _time in range(2):
        link_answer(weakness, answer=desk.item, reason="Jawapan.", actor=desk.reviewer, now=desk.now)
    assert ItemLink.objects.get().answer == desk.item
    assert events() == [("item.linked", None, {"answer": "Syor 1"})]
    event = Event.objects.get(action="item.linked")
    assert (event.item_id, event.agency_id, event.actor_id) == (weakness.pk, None, desk.reviewer.pk)


def test_unlink_answer_keeps_the_past_of_the_link(desk: Desk, weakness: Item, clock: Clock) -> None:
    achievement = make_item(desk.cycle, kind=ItemKind.ACHIEVEMENT)
    link_answer(weakness, answer=achievement, reason="Jawapan.", actor=desk.administrator, now=desk.now)
    later = clock.move_to(NOW + timedelta(days=2))
    for _time in range(2):
        unlink_answer(weakness, answer=achievement, reason="Jawapan.", actor=desk.administrator, now=later)
    assert not ItemLink.objects.exists()
    assert ItemLinkVersion.objects.as_at(NOW + timedelta(days=1)).get().answer_id == achievement.pk
    assert [action for action, _before, _after in events()] == ["item.linked", "item.unlinked"]
    assert events()[1][1] == {"answer": "Pencapaian 1"}


def test_links_are_refused_to_everybody_but_mapo_and_of_what_cannot_answer(
    desk: Desk, weakness: Item
) -> None:
    for role in ("officer", "coordinator", "observer"):
        for act in (link_answer, unlink_answer):
            with pytest.raises(NotAllowed):
                act(weakness, answer=desk.item, reason="Jawapan.", actor=getattr(desk, role), now=desk.now)
        assert events() == [] and not ItemLink.objects.exists()
    other_weakness = make_item(desk.cycle, number=3, kind=ItemKind.WEAKNESS)
    of_another_cycle = make_item(make_cycle(2024))
    for left, right in ((weakness, other_weakness), (weakness, of_another_cycle), (desk.item, desk.item)):
        with pytest.raises(NotNow):
            link_answer(left, answer=right, reason="Jawapan.", actor=desk.reviewer, now=desk.now)
    assert events() == []


def test_links_of_a_closed_cycle_stay_as_they_are(desk: Desk, weakness: Item) -> None:
    link_answer(weakness, answer=desk.item, reason="Jawapan.", actor=desk.reviewer, now=desk.now)
    close_cycle(desk.cycle, reason="Laporan dihantar", actor=desk.administrator, now=desk.now)
    achievement = make_item(desk.cycle, kind=ItemKind.ACHIEVEMENT)
    with pytest.raises(NotNow):
        link_answer(weakness, answer=achievement, reason="Jawapan.", actor=desk.reviewer, now=desk.now)
    with pytest.raises(NotNow):
        unlink_answer(weakness, answer=desk.item, reason="Jawapan.", actor=desk.reviewer, now=desk.now)
    assert ItemLink.objects.get().answer == desk.item and len(events()) == 1


def test_divergence_note_of_a_day_stays_when_the_note_changes(desk: Desk, clock: Clock) -> None:
    Item.objects.filter(pk=desk.item.pk).update(divergence_ms="Kurang.", divergence_en="Says less.")
    clock.move_to(NOW + timedelta(days=2))
    Item.objects.filter(pk=desk.item.pk).update(divergence_en="Says other.")
    versions = ItemVersion.objects.filter(item=desk.item)
    then = versions.as_at(NOW + timedelta(days=1)).get()
    assert (then.divergence_ms, then.divergence_en) == ("Kurang.", "Says less.")
    assert versions.current().get().divergence_en == "Says other."
