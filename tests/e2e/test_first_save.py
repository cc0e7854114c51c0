"""The form of an update before there is a draft: the first save while typing begins it, and no word is lost on the way."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from recommendations.content import Content
from recommendations.models import Update
from recommendations.services import save_update
from tests.conftest import NOW, Clock, WorkerDatabase
from tests.e2e.conftest import Desk as Seat
from tests.e2e.conftest import is_sound, kept_keys
from tests.recommendations.conftest import Desk, make_desk
from tests.recommendations.pages import edit_url

pytestmark = pytest.mark.e2e

MINE, MORE, THEIRS = "Taklimat diadakan.", "Taklimat diadakan di 12 tapak.", "Teks rakan."
#: What a page that is left would still send.
NO_BEACON = "navigator.sendBeacon = () => false;"


@pytest.fixture
def desk(real_db: WorkerDatabase, clock: Clock) -> Desk:
    """The small world of this item, committed."""
    return make_desk(clock.move_to(NOW))


@pytest.fixture
def seat(desk: Desk, sit_down: Callable[..., Seat]) -> Seat:
    """The officer at a browser, in English, where updates are begun."""
    return sit_down("en").sign_in(desk.officer.email).open("/my-work/")


def start_path(desk: Desk) -> str:
    return f"/assignments/{desk.assignment.pk}/update/"


def begin_as_colleague(desk: Desk) -> Update:
    content = Content(narrative=THEIRS)
    begun = Update(assignment=desk.assignment)
    return save_update(begun, content=content, revision=0, actor=desk.colleague, now=NOW)


def typing(page: Page, text: str) -> None:
    page.locator("textarea[name=narrative]").fill(text)


def test_first_autosave_begins_the_draft_and_the_form_goes_on_at_its_address(desk: Desk, seat: Seat) -> None:
    page = seat.open(start_path(desk)).page
    is_sound(page)
    with page.expect_response(f"**{start_path(desk)}autosave/"):
        typing(page, MINE)
    draft = Update.objects.get()
    page.wait_for_url(f"**{edit_url(draft)}")
    assert draft.narrative == MINE and kept_keys(page) == []
    with page.expect_response(f"**/updates/{draft.pk}/autosave/"):
        typing(page, MORE)
    expect(page.locator("[data-autosave-tick]")).to_be_visible()
    draft.refresh_from_db()
    assert (draft.narrative, draft.revision) == (MORE, 2)
    page.reload()
    expect(page.locator("textarea[name=narrative]")).to_have_value(MORE)
    page.get_by_role("button", name="Save draft").last.click()
    expect(page.locator(".toast")).to_contain_text("Draft saved.")
    assert Update.objects.count() == 1 and kept_keys(page) == []


def test_first_save_by_the_button_leads_to_the_draft(desk: Desk, seat: Seat) -> None:
    page = seat.page
    page.route("**/autosave/", lambda route: route.abort())
    seat.open(start_path(desk))
    page.locator("input[name=covers_from]").fill("1/7/2023")
    with page.expect_navigation():
        page.evaluate(
            "document.getElementById('update-form').requestSubmit(document.querySelector('p button[value=save]'))"
        )
    page.wait_for_url(re.compile(r"/updates/\d+/edit/$"))
    assert kept_keys(page) == []


def test_text_kept_before_there_was_a_draft_meets_the_colleagues(desk: Desk, seat: Seat) -> None:
    """Typed without a connection; before it is back a colleague begins the draft."""
    page = seat.page
    page.add_init_script(NO_BEACON)
    page.route("**/autosave/", lambda route: route.abort())
    seat.open(start_path(desk))
    typing(page, MINE)
    expect(page.locator(".send-bar")).to_contain_text("No connection.")
    assert kept_keys(page) == [f"draft:update-of-{desk.assignment.pk}"]
    draft = begin_as_colleague(desk)
    seat.open(start_path(desk))
    page.wait_for_url(f"**{edit_url(draft)}")
    expect(page.locator("textarea[name=narrative]")).to_have_value(MINE)
    expect(page.locator(".send-bar")).to_contain_text("has saved a newer text")
    assert kept_keys(page) == [f"draft:update-{draft.pk}"]
    page.locator("[data-autosave-compare]").click()
    expect(page.locator("main")).to_contain_text(THEIRS)
    expect(page.locator("main")).to_contain_text(MINE)
    page.get_by_role("button", name="Save mine").click()
    expect(page.locator(".toast")).to_contain_text("Draft saved.")
    draft.refresh_from_db()
    assert draft.narrative == MINE and kept_keys(page) == []


def test_colleague_who_begins_first_is_shown_beside_at_the_next_save(desk: Desk, seat: Seat) -> None:
    page = seat.open(start_path(desk)).page
    draft = begin_as_colleague(desk)
    typing(page, MINE)
    expect(page.locator(".send-bar")).to_contain_text(f"{desk.colleague.name} has saved a newer text")
    page.locator("[data-autosave-compare]").click()
    expect(page.locator("main")).to_contain_text(THEIRS)
    page.get_by_role("link", name="Use theirs").click()
    page.wait_for_url(f"**{edit_url(draft)}?taken=theirs")
    expect(page.locator("textarea[name=narrative]")).to_have_value(THEIRS)
    assert kept_keys(page) == []


def test_second_tab_of_the_same_form_is_told_that_the_first_began(desk: Desk, seat: Seat) -> None:
    page, tab = seat.open(start_path(desk)).page, seat.page.context.new_page()
    Seat(tab, seat.site, "en").open(start_path(desk))
    with page.expect_response("**/autosave/"):
        typing(page, MINE)
    typing(tab, MORE)
    expect(tab.locator(".send-bar")).to_contain_text("Your other tab has saved a newer text.")
    assert Update.objects.get().narrative == MINE
    expect(tab.locator("textarea[name=narrative]")).to_have_value(MORE)


def test_session_that_ends_before_the_first_save_loses_no_word(desk: Desk, seat: Seat) -> None:
    page = seat.open(start_path(desk)).page
    Session.objects.all().delete()
    typing(page, MINE)
    expect(page.locator(".send-bar")).to_contain_text("Your session has expired.", timeout=15_000)
    assert not Update.objects.exists()
    # Signed in again in another tab, while a colleague began.
    tab = Seat(page.context.new_page(), seat.site, "en").sign_in(desk.officer.email).open("/my-work/").page
    tab.close()
    begin_as_colleague(desk)
    page.locator("[data-autosave-retry]").click()
    expect(page.locator(".send-bar")).to_contain_text("has saved a newer text")
    expect(page.locator("textarea[name=narrative]")).to_have_value(MINE)
