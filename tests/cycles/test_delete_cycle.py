"""A cycle that was loaded by mistake goes, its Event stays; a cycle in which anything was done does not go."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from audit.errors import NotAllowed, NotNow
from audit.models import Event
from audit.services import record
from bulk.models import BulkAct, BulkKind
from cycles.file import read_cycle_bytes, read_cycle_file
from cycles.file.load import load_cycle
from cycles.services import close_cycle, delete_cycle
from privacy.checks import IdentitiesFound
from recommendations.models import Assignment, Cycle, Item, ItemLink
from recommendations.services import confirm_suggestions, end_assignment
from reminders.models import ReminderRule
from reminders.services.planning import plan
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of, words_of
from tests.shared import shared
from tests.vouching import acting

pytestmark = pytest.mark.django_db

FILE = Path(__file__).resolve().parent / "data" / "2031.yaml"
REASON = "Fail tahun yang salah."


@shared
def mistaken(desk: Desk) -> Cycle:
    load_cycle(read_cycle_file(FILE), actor=desk.administrator, now=desk.now)
    return Cycle.objects.get(year=2031)


def delete(desk: Desk, cycle: Cycle, reason: str = REASON) -> None:
    delete_cycle(cycle, reason=reason, actor=desk.administrator, now=desk.now)


def test_deleted_cycle_is_nowhere_and_its_event_keeps_it(desk: Desk, mistaken: Cycle) -> None:
    plan(now=desk.now)
    assert ReminderRule.objects.filter(cycle=mistaken).exists()
    delete(desk, mistaken)
    assert not Cycle.objects.filter(year=2031).exists()
    assert not Item.objects.exclude(cycle=desk.cycle).exists()
    assert not Assignment.objects.exclude(item__cycle=desk.cycle).exists()
    event = Event.objects.get(action="cycle.deleted")
    assert event.before is not None
    assert (event.reason, event.before["window_start"]) == (REASON, "2031-05-01")
    kept = event.before["files"][0]
    assert kept["contents"] == FILE.read_text("utf-8")
    assert kept["sha256"] == read_cycle_file(FILE).sha256
    for url in ("/cycles/", "/overview/", "/items/"):
        assert "2031" not in words_of(browser_of(desk.administrator).get(url))


def test_guards_of_the_database_hold_again_afterwards(desk: Desk, mistaken: Cycle) -> None:
    delete(desk, mistaken)
    links = ItemLink.objects.count()
    for table in ("cycle", "item", "assignment", "itemversion", "cycleversion", "assignmentversion"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM recommendations_{table}")
    assert ItemLink.objects.count() == links


def _ask_the_database(cycle: Cycle) -> None:
    """Call the function as anybody could who holds the web's sign-in to the database."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT jejak_delete_cycle(%s)", [cycle.pk])


def _event_of(cycle: Cycle, desk: Desk, **changes: Any) -> None:
    facts = {
        "action": "cycle.deleted",
        "actor": desk.administrator,
        "obj": cycle,
        "before": {"files": [{"file": "2031.yaml"}]},
        "reason": REASON,
        "now": desk.now,
    }
    record(**(facts | changes))


@pytest.mark.parametrize(
    "changes",
    [
        None,
        {"action": "cycle.closed"},
        {"actor": None},
        {"before": None},
        {"before": {"files": []}},
        {"reason": ""},
        {"obj": None, "object_type": "recommendations.Cycle", "object_id": 1_000_000},
    ],
)
def test_database_deletes_no_cycle_without_the_event_of_it(
    desk: Desk, mistaken: Cycle, changes: dict[str, Any] | None
) -> None:
    if changes is not None:
        _event_of(mistaken, desk, **changes)
    with pytest.raises(DatabaseError, match="Event of this deletion is missing"):
        _ask_the_database(mistaken)
    assert Cycle.objects.filter(year=2031).exists() and mistaken.items.exists()


def test_event_of_another_transaction_deletes_nothing(desk: Desk, mistaken: Cycle) -> None:
    _event_of(mistaken, desk)
    with connection.cursor() as cursor:
        # What a commit does to it.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    with pytest.raises(DatabaseError, match="Event of this deletion is missing"):
        _ask_the_database(mistaken)
    _event_of(mistaken, desk)
    _ask_the_database(mistaken)
    assert not Cycle.objects.filter(year=2031).exists()


def test_deleted_file_can_be_loaded_again(desk: Desk, mistaken: Cycle) -> None:
    items = mistaken.items.count()
    delete(desk, mistaken)
    out = StringIO()
    call_command("deleted_cycle_file", Event.objects.get(action="cycle.deleted").pk, stdout=out)
    load_cycle(
        read_cycle_bytes(out.getvalue().encode(), name="2031.yaml"), actor=desk.administrator, now=desk.now
    )
    assert Cycle.objects.get(year=2031).items.count() == items
    with pytest.raises(CommandError):
        call_command("deleted_cycle_file", 0)


def test_closed_and_with_a_suggestion_turned_down_it_still_goes(desk: Desk, mistaken: Cycle) -> None:
    suggestion = Assignment.objects.filter(item__cycle=mistaken)[0]
    end_assignment(suggestion, actor=desk.administrator, now=desk.now)
    close_cycle(mistaken, reason="Tamat.", actor=desk.administrator, now=desk.now)
    delete(desk, mistaken)
    assert not Cycle.objects.filter(year=2031).exists()


def test_cycle_in_which_something_was_done_stays(desk: Desk, mistaken: Cycle) -> None:
    confirm_suggestions(list(mistaken.items.all()), actor=desk.administrator, now=desk.now)
    with pytest.raises(NotNow):
        delete(desk, mistaken)
    with pytest.raises(NotNow):
        delete(desk, desk.cycle)
    assert Cycle.objects.filter(year=2031).exists()
    assert not Event.objects.filter(action="cycle.deleted").exists()
    page = browser_of(desk.administrator).get(reverse("cycles:cycle", args=[2031]))
    assert reverse("cycles:cycle_delete", args=[2031]) not in page.content.decode()
    refused = browser_of(desk.administrator).get(reverse("cycles:cycle_delete", args=[2031]))
    assert refused.status_code == 409


def test_reference_from_another_app_keeps_it(desk: Desk, mistaken: Cycle) -> None:
    with acting(desk.reviewer):
        BulkAct.objects.create(cycle=mistaken, kind=BulkKind.TURN_DOWN, actor=desk.reviewer, done_at=desk.now)
    with pytest.raises(NotNow):
        delete(desk, mistaken)
    assert Cycle.objects.filter(year=2031).exists()
    assert mistaken.items.exists()


def test_refused_without_reason_to_others_and_with_identities(desk: Desk, mistaken: Cycle) -> None:
    with pytest.raises(NotNow):
        delete(desk, mistaken, reason=" ")
    with pytest.raises(NotAllowed):
        delete_cycle(mistaken, reason=REASON, actor=desk.reviewer, now=desk.now)
    with pytest.raises(IdentitiesFound):
        delete(desk, mistaken, reason="Mangsa 901231-14-5678.")
    assert Cycle.objects.filter(year=2031).exists()


def test_page_says_what_goes_and_deletes(desk: Desk, mistaken: Cycle) -> None:
    browser = browser_of(desk.administrator)
    url = reverse("cycles:cycle_delete", args=[2031])
    assert url in browser.get(reverse("cycles:cycle", args=[2031])).content.decode()
    assert "which can be loaded again" in words_of(browser.get(url))
    page = browser.post(url, {"reason": REASON}, follow=True)
    assert "was deleted" in words_of(page)
    event = Event.objects.get(action="cycle.deleted")
    shown = words_of(browser.get(reverse("audit:event", args=[event.pk])))
    assert "Cycle deleted" in shown and REASON in shown
