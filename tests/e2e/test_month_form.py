"""A month's figures are typed and pasted like in a spreadsheet, survive a lost connection, are sent, and decided on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from indicators.models import Figure, FigureReport
from indicators.services.decisions import CellDecision, decide_figures
from submissions.states import SubmissionState
from tests.conftest import NOW, Clock, WorkerDatabase
from tests.e2e.conftest import Desk as Seat
from tests.factories.figure_reports import FigureDesk
from tests.factories.indicators import make_dimension, make_indicator

pytestmark = pytest.mark.e2e

URL = "/figures/report/2023-08/"
#: A block as Excel puts it on the clipboard, pasted into the cell in hand.
PASTE = """(block) => {
  const data = new DataTransfer();
  data.setData("text/plain", block);
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def desk(real_db: WorkerDatabase, clock: Clock) -> FigureDesk:
    """The small world, committed."""
    return FigureDesk(clock.move_to(NOW))


@pytest.mark.parametrize(("language", "send"), [("en", "Send to MAPO"), ("ms", "Hantar kepada MAPO")])
def test_figures_are_typed_pasted_sent_and_decided(
    desk: FigureDesk, sit_down: Callable[..., Seat], language: str, send: str
) -> None:
    seat = sit_down(language).sign_in(desk.coordinator.email)
    seat.open(URL)
    page = seat.page
    total = page.locator(f"#id_{desk.cell(desk.ipo)}")
    total.focus()
    page.evaluate(PASTE, "12\t3\t5\t1\t3\r\n")
    for value, number in (("", "12"), ("men", "3"), ("women", "5"), ("boys", "1"), ("girls", "3")):
        expect(page.locator(f"#id_{desk.cell(desk.ipo, value)}")).to_have_value(number)
    total.focus()
    page.keyboard.press("Enter")
    po = page.locator(f"#id_{desk.cell(desk.po)}")
    expect(po).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(total).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator(f"#id_{desk.cell(desk.ipo, 'men')}")).to_be_focused()
    with page.expect_response("**/autosave/"):
        po.fill("-7")
    notes = page.locator(f"#{desk.cell(desk.po)}-notes .sheet__note")
    expect(notes).to_have_count(1)
    page.context.set_offline(True)
    po.fill("7")
    page.get_by_role("button", name=send).click()
    expect(page.locator(".send-bar .autosave")).to_have_class("autosave is-troubled")
    assert FigureReport.objects.get().typed[desk.cell(desk.po)] == "-7"
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(notes).to_have_count(0)
    page.get_by_role("button", name=send).click()
    page.wait_for_url("**/figures/report/")
    assert FigureReport.objects.get().state == SubmissionState.SUBMITTED

    mapo = sit_down(language).sign_in(desk.reviewer.email)
    mapo.open(f"/figures/reports/{FigureReport.objects.get().pk}/")
    page = mapo.page
    sent = FigureReport.objects.get().newest_submission
    assert sent is not None
    returned = sent.figures.get(series__indicator=desk.po)
    for each in sent.figures.all():
        page.locator(f"[name=decision-{each.pk}]").select_option("return" if each == returned else "accept")
    page.locator(f"[name=reason-{returned.pk}]").fill("Semak semula.")
    page.locator("#decisions .btn--primary").click()
    page.wait_for_url("**/figures/reports/")
    assert FigureReport.objects.get().state == SubmissionState.RETURNED
    assert Figure.objects.count() == 5


@pytest.mark.parametrize(
    ("language", "discard", "undo", "withdraw"),
    [("en", "Discard draft", "Undo", "Withdraw"), ("ms", "Buang draf", "Buat asal", "Tarik balik")],
)
def test_a_draft_is_discarded_and_undone_and_a_returned_month_withdrawn(
    desk: FigureDesk, sit_down: Callable[..., Seat], language: str, discard: str, undo: str, withdraw: str
) -> None:
    desk.save(desk.content(po="7"))
    seat = sit_down(language).sign_in(desk.coordinator.email)
    page = seat.page
    page.set_viewport_size({"width": 360, "height": 780})
    seat.open(URL)
    # What the page itself has saved since it was opened is discarded with the rest.
    with page.expect_response("**/autosave/"):
        page.locator(f"#id_{desk.cell(desk.ipo)}").fill("9")
    page.get_by_role("button", name=discard).click()
    page.get_by_role("dialog").get_by_role("button", name=discard).click()
    page.wait_for_url("**/figures/report/")
    assert not FigureReport.objects.open().exists()
    page.get_by_role("button", name=undo).click()
    page.wait_for_url(f"**{URL}")
    expect(page.locator(f"#id_{desk.cell(desk.po)}")).to_have_value("7")
    expect(page.locator(f"#id_{desk.cell(desk.ipo)}")).to_have_value("9")
    draft = FigureReport.objects.open().get()
    submission = desk.send(desk.content(po="7"), revision=draft.revision)
    decisions = {
        sent.pk: CellDecision(is_accepted=False, reason="Semak.") for sent in submission.figures.all()
    }
    decide_figures(submission, decisions=decisions, actor=desk.reviewer, now=desk.now)
    seat.open(f"/figures/reports/{submission.report_id}/")
    page.get_by_role("button", name=withdraw).click()
    page.get_by_role("dialog").get_by_role("button", name=withdraw).click()
    page.wait_for_url(f"**{URL}")
    expect(page.locator(f"#id_{desk.cell(desk.po)}")).to_have_value("7")
    assert FigureReport.objects.open().get().state == SubmissionState.DRAFT


def test_more_cells_than_a_form_has_fields_are_saved(desk: FigureDesk, sit_down: Callable[..., Seat]) -> None:
    states = make_dimension("state", tuple(f"state-{number}" for number in range(20)))
    for number in range(50):
        make_indicator(f"many-{number}", agency=desk.agency, dimensions=(states,), position=number + 9)
    seat = sit_down("en").sign_in(desk.officer.email)
    seat.open(URL)
    page = seat.page
    with page.expect_response("**/autosave/") as saved:
        page.locator(f"#id_{desk.cell(desk.po)}").fill("7")
    assert saved.value.status == 200
    last = page.locator("[data-cell]").last
    with page.expect_response("**/autosave/"):
        last.fill("9")
    page.get_by_role("button", name="Save draft").last.click()
    expect(page.locator(".toast, [role=status]").first).to_be_attached()
    assert sorted(FigureReport.objects.get().typed.values()) == ["7", "9"]


def test_an_expired_session_loses_no_digit(desk: FigureDesk, sit_down: Callable[..., Seat]) -> None:
    seat = sit_down("en").sign_in(desk.officer.email)
    seat.page.set_viewport_size({"width": 360, "height": 780})
    seat.open(URL)
    seat.page.context.clear_cookies(name="sessionid")
    cell = seat.page.locator(f"#id_{desk.cell(desk.po)}")
    cell.fill("42")
    expect(seat.page.locator(".send-bar")).to_contain_text("Your session has expired")
    seat.sign_in(desk.officer.email)
    seat.open(URL)
    expect(cell).to_have_value("42")
