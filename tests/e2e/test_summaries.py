"""A reviewer takes the summary and the evidence of a day, and both prove themselves after other work, in a browser."""

from __future__ import annotations

import re
import subprocess
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from recommendations import services
from recommendations.states import Status
from reports.models import Download, Report
from tests.conftest import Clock, WorkerDatabase
from tests.e2e.conftest import Desk, is_sound
from tests.factories.recommendations import make_accepted
from tests.reports.conftest import DRAFT, Told, kuala_lumpur, make_told

pytestmark = [pytest.mark.e2e, pytest.mark.long]

DAY = "2023-08-31"


@pytest.mark.parametrize(("language", "phone"), [("ms", False), ("en", True)])
def test_summary_and_pack_of_a_day_prove_themselves_on_a_later_day(
    real_db: WorkerDatabase,
    clock: Clock,
    sit_down: Callable[..., Desk],
    tmp_path: Path,
    language: str,
    phone: bool,
) -> None:
    told = make_told(clock)
    reviewer = sit_down(language, phone=phone).sign_in(told.people["reviewer"].email)
    summary = _take(reviewer, "pdf", tmp_path)
    kind = "progress-full" if language == "en" else "kemajuan-penuh"
    assert summary.name == f"jejak-2023-{kind}-{DAY}-{language}.pdf"
    first = _fingerprint(reviewer.page)
    pack = _take(reviewer, "pack", tmp_path)
    assert _fingerprint(reviewer.page) == first
    _is_whole(pack, tmp_path, holds={"Imigresen.pdf", "Laporan.pdf", "Sulit.pdf"})
    for file in (summary, pack):
        expect(_verdict(reviewer, file)).to_have_count(1)
    _go_on(told, clock)
    again = _take(reviewer, "pdf", tmp_path / "again")
    assert _fingerprint(reviewer.page) == first
    assert again.read_bytes() != summary.read_bytes()
    for file in (summary, pack, again):
        expect(_verdict(reviewer, file)).to_have_count(1)
    changed = tmp_path / "changed.pdf"
    changed.write_bytes(summary.read_bytes() + b" ")
    expect(_verdict(reviewer, changed)).to_have_count(0)
    assert Report.objects.count() == 3
    assert _are_taken_whole(3)


@pytest.mark.parametrize("language", ["ms", "en"])
def test_officer_takes_nothing_of_another_agency(
    real_db: WorkerDatabase, clock: Clock, sit_down: Callable[..., Desk], tmp_path: Path, language: str
) -> None:
    told = make_told(clock)
    officer = sit_down(language).sign_in(told.people["officer"].email)
    text = _text(_take(officer, "pdf", tmp_path))
    assert "Taklimat diadakan." in text
    for hidden in ("Perkara sulit.", "Sulit.pdf", "Imigresen.pdf", DRAFT):
        assert hidden not in text
    pack = _take(officer, "pack", tmp_path)
    _is_whole(pack, tmp_path, holds={"Laporan.pdf"})
    with zipfile.ZipFile(pack) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist() if not name.endswith(".pdf"))
    for hidden in ("Perkara sulit.", "Sulit.pdf", "Imigresen.pdf", DRAFT):
        assert hidden.encode() not in everything


def _take(desk: Desk, export_format: str, folder: Path) -> Path:
    """Choose the day and the depth on the page, make it as a format, and download the file that comes of it."""
    page = desk.open("/summaries/").page
    page.locator("#selection input[name=day]").fill(DAY)
    page.locator("#selection input[name=day]").blur()
    page.locator("#selection input[name=depth][value=full]").check(force=True)
    expect(page.locator("#make-fields input[name=depth]")).to_have_value("full")
    expect(page.locator("#make-fields input[name=day]")).to_have_value(DAY)
    is_sound(page)
    button = page.locator(f"button[name=paper][value={export_format}]")
    if not button.is_visible():
        page.locator("#make details summary").click()
    with page.expect_download() as taken:
        button.click()
    path = folder / taken.value.suggested_filename
    taken.value.save_as(path)
    # The page shows itself anew once when the server has noted the last byte; until then it may do so at any moment.
    expect(page.locator("[data-making]")).to_have_attribute("data-end", re.compile(r"\d+ whole"))
    expect(page.locator("code.mono").first).to_be_visible()
    is_sound(page)
    return path


def _are_taken_whole(count: int) -> bool:
    """Whether so many summaries are taken whole: that is noted after the last byte. A page may have begun one twice."""
    for _try in range(100):
        whole = Download.objects.filter(outcome="whole").order_by()
        if whole.values("report").distinct().count() == count:
            return True
        time.sleep(0.1)
    return False


def _fingerprint(page: Page) -> str:
    """The fingerprint that the page of a summary shows."""
    found = page.locator("code.mono").first.inner_text().strip()
    assert len(found) == 64
    return found


def _verdict(desk: Desk, file: Path) -> Locator:
    """The sign that a file was made by Jejak and that its day still gives the same answer."""
    page = desk.open("/summaries/verify/").page
    page.locator("input[type=file]").set_input_files(file)
    page.locator("main form button[type=submit]:visible").first.click()
    expect(page.locator("#verdict")).to_be_visible()
    is_sound(page)
    return page.locator("#verdict .tone-success")


def _go_on(told: Told, clock: Clock) -> None:
    """Other work on a later day: a verdict is corrected, and something new is accepted."""
    now = clock.move_to(kuala_lumpur("2023-09-20 10:00"))
    reviewer = told.people["reviewer"]
    services.supersede_verdict(
        told.reviews["jim2"],
        status=Status.PROGRESS,
        percent=55,
        reason="Semak semula.",
        actor=reviewer,
        now=now,
    )
    make_accepted(told.assignments["jim"], actor=told.people["jim"], reviewer=reviewer, now=now)


def _is_whole(pack: Path, folder: Path, *, holds: set[str]) -> None:
    """`unzip -t` and `sha256sum -c` take it, and it holds these documents."""
    subprocess.run(["unzip", "-tq", str(pack)], check=True, capture_output=True)
    into = folder / f"{pack.stem}-unpacked"
    with zipfile.ZipFile(pack) as archive:
        archive.extractall(into)
    (sums,) = into.rglob("SHA256SUMS")
    subprocess.run(
        ["sha256sum", "--strict", "-c", sums.name], check=True, capture_output=True, cwd=sums.parent
    )
    names = {path.name for path in into.rglob("*") if path.is_file()}
    assert holds <= names
    assert not ({"Imigresen.pdf", "Laporan.pdf", "Sulit.pdf"} - holds) & names


def _text(pdf: Path) -> str:
    return subprocess.run(["pdftotext", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
