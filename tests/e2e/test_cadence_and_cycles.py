"""Completed work that MAPO asks about, and a cycle file like another one, as people see them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from recommendations.models import AskedUpdate, Cycle
from tests.conftest import NOW, Clock, WorkerDatabase
from tests.e2e.conftest import Desk, is_sound
from tests.e2e.touch import small_targets
from tests.factories.recommendations import DONE
from tests.recommendations.conftest import Desk as World
from tests.recommendations.conftest import make_desk

pytestmark = [pytest.mark.e2e, pytest.mark.long]

FILE = Path(__file__).resolve().parent.parent / "cycles" / "data" / "2031.yaml"


@pytest.fixture
def world(real_db: WorkerDatabase, clock: Clock) -> World:
    made = make_desk(clock.move_to(NOW))
    made.accepted(DONE)
    return made


def test_mapo_asks_for_an_update_of_completed_work(world: World, sit_down: Callable[..., Desk]) -> None:
    mapo = sit_down("en").sign_in(world.reviewer.email).open(f"/assignments/{world.assignment.pk}/").page
    expect(mapo.locator("dd", has_text="No regular update is due")).to_be_visible()
    mapo.locator("summary", has_text="Ask for an update").click()
    mapo.locator("#ask_due_on").fill("2/10/2023")
    mapo.locator("#ask_reason").fill("Please confirm before the meeting.")
    is_sound(mapo)
    mapo.get_by_role("button", name="Ask for an update").click()
    expect(mapo.get_by_text("asked for an update by 2 October 2023")).to_be_visible()
    assert AskedUpdate.objects.standing().count() == 1
    officer = sit_down("ms", phone=True).sign_in(world.officer.email).open("/my-work/").page
    expect(
        officer.get_by_text("MAPO meminta kemas kini selewat-lewatnya pada 2 Oktober 2023")
    ).to_be_visible()
    assert small_targets(officer) == []
    is_sound(officer)
    mapo.get_by_role("button", name="Stop asking for the update").click()
    expect(mapo.get_by_text("MAPO no longer asks for this update").first).to_be_visible()


def test_a_file_like_another_cycle_is_confirmed_and_its_cycle_deleted(
    world: World, sit_down: Callable[..., Desk]
) -> None:
    Cycle.objects.filter(pk=world.cycle.pk).update(window_start="2031-05-01", window_end="2032-04-30")
    page = sit_down("ms", phone=True).sign_in(world.administrator.email).open("/cycles/prepare/").page
    page.locator("input[type=file]").set_input_files(FILE)
    page.get_by_role("button", name="Semak fail").click()
    expect(page.get_by_text("Fail ini mungkin tersilap")).to_be_visible()
    is_sound(page)
    assert small_targets(page) == []
    page.get_by_label("Fail ini betul").check()
    page.locator("button[value=load]").click()
    expect(page).to_have_url(f"{page.url.split('/cycles/')[0]}/cycles/2031/")
    page.get_by_role("link", name="Padamkan").click()
    page.locator("textarea[name=reason]").fill("Fail tahun yang salah.")
    is_sound(page)
    page.get_by_role("button", name="Padamkan kitaran").click()
    expect(page.get_by_text("telah dipadamkan")).to_be_visible()
    assert not Cycle.objects.filter(year=2031).exists()
