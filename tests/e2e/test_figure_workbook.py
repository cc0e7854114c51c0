"""PDRM's officer brings figures in with a workbook, corrects two bad rows in place; the coordinator sends them."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

from accounts.roles import Role
from indicators.models import FigureImport, FigureReport
from indicators.models.workbook import FigureImportState
from indicators.workbook.template import HEAD_LINE
from submissions.states import SubmissionState
from tests.conftest import NOW, Clock, WorkerDatabase
from tests.e2e.conftest import Desk as Seat
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.indicators import make_dimension, make_indicator
from tests.factories.recommendations import make_cycle

pytestmark = [pytest.mark.e2e, pytest.mark.long]

#: Buttons in either language: save the rows, take over, send, explain and send.
WORDS = {
    "en": ("Save the rows", "Take 4 figures over", "Send to MAPO"),
    "ms": ("Simpan baris", "Masukkan 4 angka ke dalam draf", "Hantar kepada MAPO"),
}


def filled_in(template: bytes) -> bytes:
    """August's four figures of the template's last month, two of them bad."""
    book = openpyxl.load_workbook(io.BytesIO(template))
    sheet = book.worksheets[0]
    last = max(line for line in range(HEAD_LINE + 1, sheet.max_row + 1) if sheet.cell(line, 2).value)
    for line, number in zip(range(last - 3, last + 1), (137, -3, "1.234,5", 12), strict=True):
        sheet.cell(line, 4).value = number
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


@pytest.mark.parametrize("width", [1440, 360])
@pytest.mark.parametrize("language", ["en", "ms"])
def test_a_workbook_is_corrected_in_place_taken_over_and_sent(
    real_db: WorkerDatabase,
    clock: Clock,
    sit_down: Callable[..., Seat],
    tmp_path: Path,
    language: str,
    width: int,
) -> None:
    clock.move_to(NOW)
    make_cycle()
    agency = AgencyFactory(code="PDRM")
    officer = UserFactory(role=Role.OFFICER, agency=agency)
    coordinator = UserFactory(role=Role.COORDINATOR, agency=agency)
    exploitation = make_dimension("exploitation", ("forced", "sexual"))
    make_indicator("investigations", agency=agency, dimensions=(exploitation,), position=1)
    make_indicator("arrests", agency=agency, position=2)
    save, take, send = WORDS[language]

    seat = sit_down(language).sign_in(officer.email)
    page = seat.page
    page.set_viewport_size({"width": width, "height": 900})
    seat.open("/figures/report/")
    with page.expect_download() as download:
        page.locator("a[href^='/figures/report/template/']").click()
    filled = tmp_path / "angka.xlsx"
    filled.write_bytes(filled_in(download.value.path().read_bytes()))
    page.locator("input[type=file]").set_input_files(filled)
    page.locator("form:has(input[type=file]) button[type=submit]").click()
    page.wait_for_url("**/figures/workbooks/*/")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    wrong = page.locator("fieldset .error")
    expect(wrong).to_have_count(2)
    expect(page.locator("[name=row-2-number]")).to_have_value("-3")
    expect(page.locator("[name=row-3-number]")).to_have_value("1.234,5")
    expect(page.get_by_role("button", name=take)).to_have_count(0)
    page.locator("[name=row-2-number]").fill("95")
    page.locator("[name=row-3-number]").fill("tiga puluh")
    page.get_by_role("button", name=save).last.click()
    expect(wrong).to_have_count(1)
    expect(page.locator("[name=row-3-number]")).to_have_value("tiga puluh")
    page.locator("[name=row-3-number]").fill("31")
    page.get_by_role("button", name=save).last.click()
    expect(wrong).to_have_count(0)
    page.get_by_role("button", name=take).click()
    page.wait_for_url("**/figures/report/2023-08/")
    assert FigureImport.objects.get().state == FigureImportState.TAKEN
    assert sorted(FigureReport.objects.get().typed.values()) == ["12", "137", "31", "95"]

    chief = sit_down(language).sign_in(coordinator.email)
    page = chief.page
    page.set_viewport_size({"width": width, "height": 900})
    chief.open("/figures/report/2023-08/")
    page.get_by_role("button", name=send).click()
    expect(page.locator("#id_explanation")).to_have_attribute("aria-invalid", "true")
    page.locator("#id_explanation").fill("Enam kes tanpa jenis yang dinamakan. Sebelas lagi disiasat.")
    page.get_by_role("button", name=send).click()
    page.wait_for_url("**/figures/report/")
    assert FigureReport.objects.get().state == SubmissionState.SUBMITTED
