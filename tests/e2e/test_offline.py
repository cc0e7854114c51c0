"""Nothing typed is lost without a connection: sending waits and says so, and what was not confirmed stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Error, expect

from recommendations.models import Comment, Submission, Update
from tests.conftest import NOW, Clock, WorkerDatabase
from tests.e2e.conftest import Desk as Seat
from tests.e2e.conftest import kept_keys
from tests.evidence import files
from tests.recommendations.conftest import Desk, make_desk
from tests.recommendations.pages import edit_url
from tracker.database_watch import watch

pytestmark = [pytest.mark.e2e, pytest.mark.long]
ADDED = "Ditambah semasa tiada talian."
SAID = "Kami akan semak semula bilangan taklimat."
#: No save gets through, not even that of a page which is left and told afterwards that the connection is back.
CUT_OFF = """navigator.sendBeacon = () => false;
window.realFetch = window.fetch;
window.fetch = () => Promise.reject(new TypeError());"""
#: Everything that the rows of files say from now on: a small file is sent in no time.
NOTE_ROWS = """window.rows = [];
new MutationObserver((changes) => rows.push(...changes.map(({ target }) => target.textContent))).observe(
  document.querySelector("[data-files]"), { subtree: true, childList: true, characterData: true });"""
HELD_BACK = "You are offline, so nothing was sent."
BACK_ONLINE = "The connection is back. Nothing has been sent yet: press “{}” again."


@pytest.fixture
def desk(real_db: WorkerDatabase, clock: Clock) -> Desk:
    """The small world of this item, committed."""
    return make_desk(clock.move_to(NOW))


@pytest.fixture
def seat(desk: Desk, sit_down: Callable[..., Seat]) -> Seat:
    """The officer at a browser, in English."""
    return sit_down("en").sign_in(desk.officer.email)


def test_draft_sent_offline_waits_says_so_and_keeps_every_word(desk: Desk, seat: Seat) -> None:
    draft, page = desk.draft(), seat.page
    page.add_init_script(CUT_OFF)
    seat.open(edit_url(draft))
    narrative, send = (
        page.locator("textarea[name=narrative]"),
        page.get_by_role("button", name="Send to MAPO"),
    )
    bar = page.locator(".send-bar")
    page.context.set_offline(True)
    narrative.fill(ADDED)
    send.click()
    expect(bar).to_contain_text(HELD_BACK)
    expect(narrative).to_have_value(ADDED)
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        seat.open("/my-work/")
    page.context.set_offline(False)
    page.go_back()
    expect(narrative).to_have_value(ADDED)
    page.reload()
    expect(narrative).to_have_value(ADDED)
    seat.open("/my-work/").open(edit_url(draft))
    expect(narrative).to_have_value(ADDED)
    # The browser takes itself for connected, but nothing gets through: sending waits anyway.
    expect(bar).to_contain_text("No connection.")
    send.click()
    expect(bar).to_contain_text(HELD_BACK)
    assert Update.objects.get().narrative != ADDED
    page.evaluate("window.fetch = window.realFetch")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(bar).to_contain_text(BACK_ONLINE.format("Send to MAPO"))
    assert Update.objects.get().narrative == ADDED
    assert not Submission.objects.exists()
    send.click()
    page.wait_for_url("**/my-work/")
    assert Submission.objects.get().narrative == ADDED
    assert kept_keys(page) == []


def test_comment_is_kept_until_the_server_has_confirmed_it(desk: Desk, seat: Seat) -> None:
    page, path = seat.page, f"/assignments/{desk.assignment.pk}/comments/"
    seat.open(path)
    text, send = page.get_by_role("textbox", name="Comment"), page.get_by_role("button", name="Send comment")
    text.fill(SAID)
    page.context.set_offline(True)
    send.click()
    expect(page.get_by_role("alert").filter(has_text=HELD_BACK)).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_role("alert").filter(has_text=BACK_ONLINE.format("Send comment"))).to_be_visible()
    # The connection breaks on the way: what was sent has not arrived.
    page.route(
        f"**{path}", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    send.click()
    page.wait_for_url("chrome-error://**")
    seat.open("/my-work/").open(path)
    expect(text).to_have_value(SAID)
    page.unroute(f"**{path}")
    send.click()
    page.wait_for_url("**#comment-*")
    assert Comment.objects.get().text == SAID
    assert kept_keys(page) == []
    expect(text).to_have_value("")


def test_text_outlives_a_database_that_does_not_answer(
    desk: Desk, seat: Seat, request: pytest.FixtureRequest
) -> None:
    """A comment that was sent is there when one goes back; a draft saves itself once the database is back."""
    request.addfinalizer(watch._is_away.clear)
    page, path = seat.page, f"/assignments/{desk.assignment.pk}/comments/"
    seat.open(path)
    text, send = page.get_by_role("textbox", name="Comment"), page.get_by_role("button", name="Send comment")
    text.fill(SAID)
    watch._is_away.set()
    send.click()
    page.get_by_role("heading", name="Jejak pauses for a moment").wait_for()
    watch._is_away.clear()
    page.go_back()
    expect(text).to_have_value(SAID)
    send.click()
    page.wait_for_url("**#comment-*")
    assert Comment.objects.get().text == SAID

    seat.open(edit_url(desk.draft()))
    watch._is_away.set()
    page.locator("textarea[name=narrative]").fill(ADDED)
    expect(page.locator(".send-bar")).to_contain_text("will be saved when the connection is back")
    watch._is_away.clear()
    expect(page.locator(".send-bar")).not_to_contain_text("will be saved", timeout=15_000)
    assert Update.objects.get().narrative == ADDED


def test_percentage_outlives_switching_the_status_back_and_forth(desk: Desk, seat: Seat) -> None:
    seat.open(edit_url(desk.draft()))
    percent = seat.page.locator("input[name=percent]")
    percent.fill("65")
    for status, value in (("done", "100"), ("none", "0"), ("progress", "65")):
        seat.page.locator("label", has=seat.page.locator(f"input[name=status][value={status}]")).click()
        expect(percent).to_have_value(value)


def test_two_tabs_of_one_person_are_called_so(desk: Desk, seat: Seat, sit_down: Callable[..., Seat]) -> None:
    address, page = edit_url(desk.draft()), seat.page
    seat.open(address)
    tab = Seat(page.context.new_page(), seat.site, "en").open(address)
    elsewhere = sit_down("en").sign_in(desk.officer.email).open(address)
    tab.page.locator("textarea[name=narrative]").fill("Dari tab kedua.")
    expect(tab.page.locator(".send-bar")).to_contain_text("Draft saved today")
    for window, told in (
        (page, "Your other tab has saved"),
        (elsewhere.page, "You have saved a newer text elsewhere"),
    ):
        window.locator("textarea[name=narrative]").fill(ADDED)
        expect(window.locator(".send-bar")).to_contain_text(told)
        assert "olleague" not in window.content()
    for window, told in ((page, "Saved in your other tab"), (elsewhere.page, "Saved by you, elsewhere")):
        window.get_by_role("button", name="Compare").click()
        expect(window.get_by_role("columnheader", name=told)).to_be_visible()


def test_another_tab_shows_what_this_one_has_not_sent(desk: Desk, seat: Seat) -> None:
    path = f"/assignments/{desk.assignment.pk}/comments/"
    text = seat.open(path).page.get_by_role("textbox", name="Comment")
    text.fill(SAID)
    tab = Seat(seat.page.context.new_page(), seat.site, "en").open(path)
    in_tab = tab.page.get_by_role("textbox", name="Comment")
    expect(in_tab).to_have_value(SAID)
    expect(tab.page.get_by_text("What you typed was put back.")).to_be_visible()
    tab.page.get_by_role("button", name="Send comment").click()
    tab.page.wait_for_url("**#comment-*")
    # It was sent once, and the other tab does not offer it again.
    expect(text).to_have_value("")
    assert kept_keys(seat.page) == kept_keys(tab.page) == []


def test_file_that_finds_no_connection_says_so_and_is_sent_afterwards(desk: Desk, seat: Seat) -> None:
    page = seat.open(edit_url(desk.draft())).page
    page.context.set_offline(True)
    chosen = {"name": "laporan.pdf", "mimeType": "application/pdf", "buffer": files.pdf()}
    page.locator("[data-upload] input[type=file]").set_input_files(chosen)
    row = page.locator("[data-files] > li")
    expect(row).to_contain_text("No connection. The file is sent automatically when the connection is back")
    page.evaluate(NOTE_ROWS)
    page.context.set_offline(False)
    expect(page.locator("[data-files] input[name=documents]")).to_have_count(1)
    told = " ".join(page.evaluate("window.rows"))
    assert "1 KB" in told and "0.0" not in told


def test_sign_out_in_one_tab_clears_the_others_and_leads_them_to_sign_in(desk: Desk, seat: Seat) -> None:
    page, tab = seat.page, seat.page.context.new_page()
    tab.route("**/autosave/", lambda route: route.abort())
    Seat(tab, seat.site, "en").open(edit_url(desk.draft()))
    tab.locator("textarea[name=narrative]").fill(ADDED)
    expect(tab.locator(".send-bar")).to_contain_text("No connection.")
    assert kept_keys(tab) != []
    seat.open("/my-work/")
    page.locator(".menu:has(form[data-signout]) > summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/")
    # The draft of a page that is left is not written back.
    tab.wait_for_url("**/sign-in/", timeout=10_000)
    assert kept_keys(tab) == kept_keys(page) == []


def test_sign_out_clears_a_tab_that_waits_at_sign_in(desk: Desk, seat: Seat) -> None:
    page, tab = seat.page, seat.page.context.new_page()
    tab.route("**/autosave/", lambda route: route.abort())
    Seat(tab, seat.site, "en").open(edit_url(desk.draft()))
    tab.locator("textarea[name=narrative]").fill(ADDED)
    expect(tab.locator(".send-bar")).to_contain_text("No connection.")
    Session.objects.all().delete()
    tab.reload()
    assert "/sign-in/" in tab.url
    assert kept_keys(tab) != []
    seat.sign_in(desk.officer.email).open("/my-work/")
    page.locator(".menu:has(form[data-signout]) > summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/")
    tab.wait_for_function("!Object.keys(sessionStorage).some((key) => key.startsWith('jejak:'))")
