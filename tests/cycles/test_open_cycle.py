"""A loaded cycle is MAPO's alone until an administrator opens it."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils.translation import override

from accounts.models import Agency
from accounts.roles import Role
from audit.errors import NotAllowed, NotNow
from audit.models import Event
from cycles.cycle_page import read_cycle_page
from cycles.facts import add_fact
from cycles.file import read_cycle_bytes
from cycles.file.load import load_cycle
from cycles.services import CycleSettings, change_cycle, close_cycle, open_cycle, reopen_cycle
from indicators.queries.month_page import cycle_of_month
from recommendations.models import Assignment, Cycle, Item
from recommendations.queries.cycles import usual_cycle
from recommendations.services import assign_agency, confirm_assignment
from recommendations.states import AssignmentRole
from reminders.queries.feed.calendar import load_feed
from tests.conftest import Clock
from tests.cycles.test_cycle_file import OTHER_FILE
from tests.cycles.test_facts import WRITTEN
from tests.factories.accounts import UserFactory
from tests.recommendations.conftest import Desk
from tests.shared import shared

pytestmark = pytest.mark.django_db

#: Stand in the texts of every item of the cycle: the one that is searched for, and one that only a found text shows.
ASKED, HIDDEN = "kelopak", "lembayung"
YEAR = 2031


@shared
def loaded(desk: Desk) -> Cycle:
    """A cycle as the page loads it: not opened."""
    text = OTHER_FILE.read_text(encoding="utf-8")
    file = read_cycle_bytes(text.encode(), name="2031.yaml")
    load_cycle(file, is_confirmed=True, opens=False, actor=desk.administrator, now=desk.now)
    cycle = Cycle.objects.get(year=YEAR)
    for item in cycle.items.all():
        item.text_ms, item.text_en = f"{ASKED} {HIDDEN} {item.text_ms}", f"{ASKED} {HIDDEN} {item.text_en}"
        item.save(update_fields=["text_ms", "text_en"])
    return cycle


def outsiders(desk: Desk) -> list[Client]:
    """Somebody of each role that is not MAPO's, of an agency that the file suggests where they have one."""
    suggested = Agency.objects.filter(assignments__item__cycle__year=YEAR).first() or desk.officer.agency
    people = [
        UserFactory(role=role, agency=suggested) for role in (Role.OFFICER, Role.COORDINATOR, Role.OBSERVER)
    ]
    clients = []
    for person in people:
        client = Client()
        client.force_login(person)
        clients.append(client)
    return clients


def test_loaded_cycle_takes_no_act_and_is_not_the_usual_one(loaded: Cycle, desk: Desk) -> None:
    assert not loaded.is_opened and loaded.is_closed
    assert usual_cycle([loaded, desk.cycle], date(2031, 5, 1)) == desk.cycle
    assert usual_cycle([loaded], date(2031, 5, 1)) == loaded
    assert cycle_of_month(date(2031, 5, 1)) is None
    suggestion = Assignment.objects.filter(item__cycle=loaded).first()
    assert suggestion is not None
    with pytest.raises(NotNow, match="belum dibuka"):
        confirm_assignment(suggestion, actor=desk.reviewer, now=desk.now)
    with pytest.raises(NotNow, match="belum dibuka"):
        assign_agency(
            suggestion.item,
            agency=desk.officer.agency,
            role=AssignmentRole.SUPPORT,
            actor=desk.reviewer,
            now=desk.now,
        )
    with pytest.raises(NotNow, match="belum dibuka"):
        reopen_cycle(loaded, reason="Silap.", actor=desk.administrator, now=desk.now)
    assert close_cycle(loaded, reason="Tamat.", actor=desk.administrator, now=desk.now).opened_at is None


def test_database_holds_an_unopened_cycle_closed(loaded: Cycle) -> None:
    with pytest.raises(IntegrityError, match="cycle_closed_until_opened"), transaction.atomic():
        Cycle.objects.filter(pk=loaded.pk).update(closed_at=None)


def test_administrator_writes_it_before_it_is_opened(loaded: Cycle, desk: Desk) -> None:
    held = CycleSettings.of(loaded)
    wanted = CycleSettings(**{**held.values, "stale_after_days": 50})
    changed = change_cycle(
        loaded, seen=held.mark, wanted=wanted, reason="Semakan", actor=desk.administrator, now=desk.now
    )
    assert changed.stale_after_days == 50
    assert add_fact(loaded, content=WRITTEN, reason="Semakan", actor=desk.administrator, now=desk.now).pk
    more = read_cycle_bytes(OTHER_FILE.read_bytes(), name="2031.yaml")
    assert not load_cycle(more, is_confirmed=True, now=desk.now).created


def test_nobody_but_mapo_sees_it(loaded: Cycle, desk: Desk) -> None:
    item = loaded.items.first()
    assert item is not None
    pages = [
        "/items/",
        f"/items/?cycle={YEAR}",
        f"/items/{item.pk}/",
        f"/items/{item.pk}/?day=2023-09-14",
        f"/cycles/{YEAR}/",
        f"/overview/?cycle={YEAR}",
        f"/weaknesses/?cycle={YEAR}",
        f"/contacts/?cycle={YEAR}",
        f"/search/?q={ASKED}",
        f"/search/suggestions/?q={ASKED}",
        f"/summaries/?cycle={YEAR}",
        "/my-work/",
    ]
    for client in outsiders(desk):
        for page in pages:
            shown = client.get(page, follow=True)
            text = shown.content.decode().replace(page, "")
            assert HIDDEN not in text, page
            assert f"?cycle={YEAR}" not in text and f"/cycles/{YEAR}/" not in text, page
        assert client.get(f"/items/{item.pk}/").status_code == 404
        assert client.get(f"/cycles/{YEAR}/").status_code == 404
    reviewer = Client()
    reviewer.force_login(desk.reviewer)
    assert HIDDEN in reviewer.get(f"/items/{item.pk}/").content.decode()
    assert "Belum dibuka" in reviewer.get(f"/cycles/{YEAR}/").content.decode()


def test_models_hide_it_from_all_but_mapo(loaded: Cycle, desk: Desk) -> None:
    observer = UserFactory(role=Role.OBSERVER)
    for person in (desk.officer, observer):
        assert not Item.objects.visible_to(person).filter(cycle=loaded).exists()
        assert loaded not in Cycle.objects.visible_to(person)
        assert read_cycle_page(YEAR, user=person, today=date(2023, 9, 14)) is None
        assert loaded.pk not in load_feed(person, now=desk.now).cycles
    assert Item.objects.visible_to(desk.reviewer).filter(cycle=loaded).exists()
    assert read_cycle_page(YEAR, user=desk.reviewer, today=date(2023, 9, 14)) is not None


def test_opening_shows_it_to_all_and_lets_it_take_acts(loaded: Cycle, desk: Desk, clock: Clock) -> None:
    with pytest.raises(NotAllowed):
        open_cycle(loaded, actor=desk.reviewer, now=desk.now)
    opened = open_cycle(loaded, actor=desk.administrator, now=desk.now)
    assert opened.opened_at == desk.now and not opened.is_closed
    assert open_cycle(loaded, actor=desk.administrator, now=desk.now).opened_at == desk.now
    assert Event.objects.filter(action="cycle.opened").count() == 1
    suggestion = Assignment.objects.filter(item__cycle=loaded).first()
    assert suggestion is not None
    assert confirm_assignment(suggestion, actor=desk.reviewer, now=desk.now).is_confirmed
    for client in outsiders(desk):
        assert HIDDEN in client.get(f"/items/{suggestion.item_id}/").content.decode()


def test_page_of_the_cycle_offers_to_open_it_and_says_what_follows(loaded: Cycle, desk: Desk) -> None:
    for language in ("ms", "en"):
        with transaction.atomic():
            client = Client(headers={"accept-language": language})
            client.force_login(desk.administrator)
            page = client.get(f"/cycles/{YEAR}/").content.decode()
            assert f"/cycles/{YEAR}/open/" in page and f"/cycles/{YEAR}/titles/" in page, language
            assert f"/cycles/{YEAR}/close/" not in page and f"/cycles/{YEAR}/reopen/" not in page, language
            assert client.get(f"/cycles/{YEAR}/open/").status_code == 200, language
            assert not Cycle.objects.get(year=YEAR).is_opened, language
            assert client.post(f"/cycles/{YEAR}/open/").status_code == 302, language
            assert Cycle.objects.get(year=YEAR).is_opened, language
            assert f"/cycles/{YEAR}/open/" not in client.get(f"/cycles/{YEAR}/").content.decode(), language
            transaction.set_rollback(True)


def test_page_loads_a_cycle_hidden(desk: Desk, now: datetime) -> None:
    client = Client()
    client.force_login(desk.administrator)
    with OTHER_FILE.open("rb") as file:
        preview = client.post("/cycles/prepare/", {"file": file})
    assert preview.status_code == 200
    form = preview.context["load_form"]
    with override("en"):
        sent = {name: form[name].value() for name in form.fields if form[name].value()}
    client.post("/cycles/prepare/", {**sent, "is_confirmed": "on", "act": "load"})
    assert Cycle.objects.get(year=YEAR).opened_at is None
