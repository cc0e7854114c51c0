"""The page of a summary while it is made: it follows by itself, can be left, cancelled and used without scripts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from audit import clock as audit_clock
from reminders.models import Notice
from reports.models import Report
from reports.services import verification
from reports.services.making import make, make_next
from reports.services.notices import path_of
from reports.services.verification import compare_next
from reports.states import DownloadOutcome, ReportState
from tests.conftest import Clock, WorkerDatabase
from tests.e2e.conftest import Desk, is_sound
from tests.reports.conftest import Told, make_told
from tests.reports.makers import BYTES, asked, ended, fresh, good, use_writer

pytestmark = [pytest.mark.e2e, pytest.mark.long]

CHOICE = "/summaries/?day=2023-08-31&depth=full"


@pytest.fixture
def told(real_db: WorkerDatabase, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Told:
    use_writer(monkeypatch, good)
    return make_told(clock)


def ask_for_pdf(desk: Desk) -> Report:
    """Choose and ask, as a person does."""
    desk.open(CHOICE).page.locator("button[name=paper][value=pdf]").first.click()
    desk.page.wait_for_url("**/summaries/*/*")
    return Report.objects.get()


def test_page_follows_a_making_and_hands_the_file_over(
    told: Told, sit_down: Callable[..., Desk], settings: Settings
) -> None:
    settings.REPORTS_AT_ONCE_ROWS = 0
    desk = sit_down("en").sign_in(told.people["reviewer"].email)
    desk.open(CHOICE)
    report = ask_for_pdf(desk)
    is_sound(desk.page)
    expect(desk.page.get_by_role("status").first).to_contain_text("is in the queue")

    Report.objects.filter(pk=report.pk).update(state=ReportState.MAKING, done_count=1, total_count=4)
    expect(desk.page.locator("progress")).to_have_attribute("value", "25")
    Report.objects.filter(pk=report.pk).update(state=ReportState.WAITING)
    assert make_next(most_leases=1, now=audit_clock.now()) == report.pk

    with desk.page.expect_download() as download:
        desk.page.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == fresh(report).file_name
    assert download.value.path().read_bytes() == BYTES
    assert not Notice.objects.unread().exists(), "who looks has heard the bell"
    is_sound(desk.page)


def test_small_summary_is_fetched_without_a_click_and_without_scripts(
    told: Told, sit_down: Callable[..., Desk]
) -> None:
    desk = sit_down("ms", scripts=False).sign_in(told.people["reviewer"].email)
    desk.open(CHOICE)
    with desk.page.expect_download() as download:
        desk.page.locator("button[name=paper][value=pdf]").first.click()
    assert download.value.path().read_bytes() == BYTES
    assert desk.page.url.endswith("?take=1")
    assert ended().outcome == DownloadOutcome.WHOLE


def test_bell_leads_to_a_summary_whose_page_was_left(
    told: Told, sit_down: Callable[..., Desk], settings: Settings
) -> None:
    settings.REPORTS_AT_ONCE_ROWS = 0
    desk = sit_down("en").sign_in(told.people["reviewer"].email)
    report = ask_for_pdf(desk)
    desk.open("/overview/")
    make_next(most_leases=1, now=audit_clock.now())
    assert Notice.objects.unread().count() == 1
    desk.open(path_of(report))
    expect(desk.page.get_by_role("link", name="Download")).to_be_visible()
    desk.page.wait_for_load_state("networkidle")
    assert not Notice.objects.unread().exists(), "the page was seen"


def test_making_is_cancelled_after_a_question(
    told: Told, sit_down: Callable[..., Desk], settings: Settings
) -> None:
    settings.REPORTS_AT_ONCE_ROWS = 0
    desk = sit_down("en", phone=True).sign_in(told.people["reviewer"].email)
    report = ask_for_pdf(desk)
    desk.page.get_by_role("button", name="Cancel").click()
    desk.page.get_by_role("button", name="Cancel it").click()
    expect(desk.page.get_by_role("heading", name="It was cancelled")).to_be_visible()
    assert fresh(report).state == ReportState.CANCELLED
    is_sound(desk.page)


@pytest.mark.parametrize("scripts", [True, False])
def test_large_file_is_verified_while_its_page_follows(
    told: Told,
    sit_down: Callable[..., Desk],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    scripts: bool,
) -> None:
    monkeypatch.setattr(verification, "AT_ONCE_ROWS", 1)
    report = asked(told)
    make(report.pk, now=told.now)
    (tmp_path / "jejak.csv").write_bytes(BYTES)
    page = (
        sit_down("en", scripts=scripts).sign_in(told.people["reviewer"].email).open("/summaries/verify/").page
    )
    page.locator("input[type=file]").set_input_files(tmp_path / "jejak.csv")
    page.get_by_role("button", name="Verify").click()
    expect(page.get_by_role("heading", name="The file is in the queue")).to_be_visible()
    assert compare_next(most_leases=1, now=audit_clock.now()) is not None
    expect(page.locator("main")).to_contain_text("today's answer is still the same", timeout=9000)
    if scripts:
        is_sound(page)
