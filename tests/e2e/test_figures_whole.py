"""Figures from the month's form to what an observer reads, on the real cycle: each role does its own part in a browser."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Callable
from datetime import datetime
from io import StringIO
from pathlib import Path

import openpyxl
import pytest
from django.core.management import call_command
from openpyxl.worksheet.worksheet import Worksheet
from playwright.sync_api import Page, expect

from accounts.models import Agency, User
from accounts.roles import Role
from audit.clock import KUALA_LUMPUR
from indicators.cells import cell_name
from indicators.models import Check, DimensionValue, FigureReport, Indicator
from indicators.workbook.template import HEAD_LINE
from submissions.states import SubmissionState
from tests.conftest import Clock, WorkerDatabase
from tests.e2e.conftest import Desk, is_sound
from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.e2e, pytest.mark.long]

SEPTEMBER = datetime(2023, 9, 5, 10, 0, tzinfo=KUALA_LUMPUR)
AUGUST_FIRST = datetime(2023, 8, 1, 10, 0, tzinfo=KUALA_LUMPUR)
#: Totals, then men, women, boys and girls; those of KBB do not add up: 9 against 10.
AUGUST = {
    "IPO": ("947", "318", "620", "3", "6"),
    "PO": ("17", "6", "7", "2", "2"),
    "KBB": ("10", "3", "5", "0", "1"),
    "KB": ("6", "0", "6", "0", "0"),
}
WHY = "Seorang lagi masih ditentukan umurnya."
WHY_81 = "81 ialah jumlah yang dicetak; butiran mengikut jantina berjumlah 80."


class Case:
    """KPWKM and PDRM with an officer and a coordinator each, MAPO, and an observer."""

    def __init__(self) -> None:
        agencies = {agency.code: agency for agency in Agency.objects.all()}
        self.people: dict[str, User] = {
            "officer": UserFactory(role=Role.OFFICER, agency=agencies["KPWKM"]),
            "coordinator": UserFactory(role=Role.COORDINATOR, agency=agencies["KPWKM"]),
            "reviewer": UserFactory(role=Role.REVIEWER, agency=agencies["KDN"]),
            "police": UserFactory(role=Role.COORDINATOR, agency=agencies["PDRM"]),
            "observer": UserFactory(role=Role.OBSERVER, agency=agencies["KDN"]),
        }

    def email(self, role: str) -> str:
        return str(self.people[role].email)

    def cells(self, code: str) -> list[str]:
        """The names of an indicator's cells: its total, then each value of its dimension."""
        indicator = Indicator.objects.get(code=code)
        values = DimensionValue.objects.filter(dimension__in=indicator.dimensions.all()).order_by("position")
        return [cell_name(indicator.pk), *(cell_name(indicator.pk, value.pk) for value in values)]


@pytest.fixture
def case(real_db: WorkerDatabase, clock: Clock) -> Case:
    """The real cycle with its figures, loaded on 1 August 2023; today is 5 September."""
    clock.move_to(AUGUST_FIRST)
    call_command("load_cycle", verbosity=0, stdout=StringIO())
    clock.move_to(SEPTEMBER)
    return Case()


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("language", ["ms", "en"])
def test_figures_go_from_the_form_to_the_reader(
    case: Case, sit_down: Callable[..., Desk], tmp_path: Path, language: str, width: int
) -> None:
    def seat(role: str) -> Desk:
        desk = sit_down(language)
        desk.page.set_viewport_size({"width": width, "height": 800})
        return desk.sign_in(case.email(role))

    _type(case, seat("officer"))
    _send(case, seat("coordinator"))
    _decide(case, seat("reviewer"))
    _bring_in(seat("police"), tmp_path)
    _accept(seat("reviewer"))
    _explain(seat("reviewer"))
    observer = seat("observer")
    _read(observer)
    files = _summaries(observer, tmp_path)
    _hold(files)
    for file in files.values():
        _verify(observer, file)


def _report() -> FigureReport:
    return FigureReport.objects.get(agency__code="KPWKM")


def _type(case: Case, desk: Desk) -> None:
    """The officer types August by sex and age."""
    page = desk.open("/figures/report/2023-08/").page
    for code, numbers in AUGUST.items():
        names = case.cells(code)
        shown = [name for name in names if page.locator(f"#id_{name}").count()]
        assert shown == names, f"{code}: {names} {shown}"
        for name, number in zip(names, numbers, strict=True):
            page.locator(f"#id_{name}").fill(number)
    is_sound(page)
    page.locator(".send-bar button[value=save]").click()
    expect(page.locator(".toast")).to_be_visible()
    assert _report().typed[case.cells("IPO")[0]] == "947"


def _send(case: Case, desk: Desk) -> None:
    """The coordinator is told what does not agree, explains it, and sends."""
    page = desk.open("/figures/report/2023-08/").page
    send = page.locator(".send-bar button[value=submit]")
    send.click()
    expect(page.locator("#id_explanation_error, [id^=id_explanation] .error, .error").first).to_be_visible()
    assert _report().state == SubmissionState.DRAFT
    expect(page.locator(f"#id_{case.cells('KBB')[0]}")).to_have_value("10")
    page.locator("#id_explanation").fill(WHY)
    is_sound(page)
    send.click()
    page.wait_for_url("**/figures/report/")
    assert _report().state == SubmissionState.SUBMITTED


def _decide(case: Case, desk: Desk) -> None:
    """MAPO reads the explanation, returns one figure with a reason, and accepts the rest."""
    report = _report()
    page = desk.open(f"/figures/reports/{report.pk}/").page
    expect(page.locator("main")).to_contain_text(WHY)
    is_sound(page)
    sent = report.newest_submission
    assert sent is not None
    returned = sent.figures.get(series__indicator__code="KBB", series__values=None)
    for each in sent.figures.all():
        page.locator(f"[name=decision-{each.pk}]").select_option("return" if each == returned else "accept")
    page.locator(f"[name=reason-{returned.pk}]").fill("Tentukan umur dahulu.")
    page.locator("#decisions .btn--primary").click()
    page.wait_for_url("**/figures/reports/")
    assert _report().state == SubmissionState.RETURNED


def _explain(desk: Desk) -> None:
    """MAPO explains why the parts of 2022 are 80 and the printed total 81."""
    check = Check.objects.get(code="kbb-sum")
    page = desk.open(f"/figures/contradictions/{check.pk}/").page
    expect(page.locator("main")).to_contain_text("81")
    page.locator("a[href*='/explain/']").first.click()
    page.locator("#id_text").fill(WHY_81)
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator("main")).to_contain_text(WHY_81)


def _bring_in(desk: Desk, folder: Path) -> None:
    """PDRM fills in the template for August, corrects two bad rows in place, takes all over, and sends."""
    page = desk.open("/figures/report/").page
    with page.expect_download() as download:
        page.locator("a[href^='/figures/report/template/']").click()
    filled = folder / "pdrm.xlsx"
    filled.write_bytes(_filled_in(download.value.path().read_bytes()))
    page.locator("input[type=file]").set_input_files(filled)
    page.locator("form:has(input[type=file]) button[type=submit]").click()
    page.wait_for_url("**/figures/workbooks/*/")
    is_sound(page)
    wrong = page.locator("fieldset .error")
    expect(wrong).to_have_count(2)
    for number, typed, right in (("1", "-3", "137"), ("2", "1.234,5", "95")):
        cell = page.locator(f"[name=row-{number}-number]")
        expect(cell).to_have_value(typed)
        cell.fill(right)
    page.locator("button[name=act][value=save]").last.click()
    expect(wrong).to_have_count(0)
    page.locator("#take-over .btn--primary").click()
    page.wait_for_url("**/figures/report/2023-08/")
    page.locator("#id_explanation").fill("Selebihnya masih disiasat.")
    page.locator(".send-bar button[value=submit]").click()
    page.wait_for_url("**/figures/report/")
    assert _police_report().state == SubmissionState.SUBMITTED


def _filled_in(template: bytes) -> bytes:
    """The template with numbers for August: the first two are bad."""
    book = openpyxl.load_workbook(io.BytesIO(template))
    sheet = book.worksheets[0]
    assert isinstance(sheet, Worksheet)
    august = [
        line
        for line in range(HEAD_LINE + 1, sheet.max_row + 1)
        if "2023-08" in str(sheet.cell(line, 1).value)
    ]
    for line, number in zip(august, (-3, "1.234,5", 31), strict=False):
        sheet.cell(line, 4).value = number
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def _police_report() -> FigureReport:
    return FigureReport.objects.get(agency__code="PDRM")


def _accept(desk: Desk) -> None:
    """MAPO accepts what PDRM sent."""
    page = desk.open(f"/figures/reports/{_police_report().pk}/").page
    page.locator("#decisions button[value=accept_all]").click()
    page.wait_for_url("**/figures/reports/")
    assert _police_report().state == SubmissionState.ACCEPTED


def _summaries(desk: Desk, folder: Path) -> dict[str, Path]:
    """The PDF and the workbook of today, by format, and the PDF of the day before as "before"."""
    asked = {"pdf": ("pdf", "2023-09-05"), "xlsx": ("xlsx", "2023-09-05"), "before": ("pdf", "2023-09-04")}
    return {name: _download(desk, *each, folder / name) for name, each in asked.items()}


def _download(desk: Desk, file_format: str, day: str, folder: Path) -> Path:
    page = desk.open(f"/summaries/?day={day}&depth=full").page
    button = page.locator(f"button[name=paper][value={file_format}]")
    if not button.is_visible():
        page.locator("#make details summary").click()
    with page.expect_download() as download:
        button.click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    expect(page.locator("[data-making]")).to_have_attribute("data-end", re.compile(r"\d+ whole"))
    return path


def _hold(files: dict[str, Path]) -> None:
    """Today's summaries hold the figures, "< 5" and MAPO's explanation; that of the day before holds none of them."""
    book = openpyxl.load_workbook(files["xlsx"], read_only=True)
    cells = {str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell}
    assert {"947", "17", "< 5", WHY_81} <= cells
    today, before = _text(files["pdf"]), _text(files["before"])
    assert WHY_81 in today
    assert re.search(r"\b947\b", today)
    assert WHY_81 not in before
    assert not re.search(r"\b947\b", before)


def _text(pdf: Path) -> str:
    done = subprocess.run(["pdftotext", str(pdf), "-"], check=True, capture_output=True, text=True)
    return " ".join(done.stdout.split())


def _verify(desk: Desk, file: Path) -> None:
    page = desk.open("/summaries/verify/").page
    page.locator("input[type=file]").set_input_files(file)
    page.locator("main form button[type=submit]:visible").first.click()
    expect(page.locator("#verdict .tone-success")).to_have_count(1)


def _read(desk: Desk) -> None:
    """An observer reads totals, and "< 5" where few persons are counted; as at the day before, nothing stands."""
    page = desk.open("/figures/IPO/").page
    main = page.locator("main")
    expect(main).to_contain_text("947")
    expect(main).to_contain_text("< 5")
    is_sound(page)
    _reads_nothing_of_august(desk.open("/figures/IPO/?day=2023-09-04").page)
    desk.open("/figures/contradictions/")
    expect(page.locator("main")).to_contain_text(WHY_81)
    desk.open("/figures/contradictions/?day=2023-09-04")
    expect(page.locator("main")).not_to_contain_text(WHY_81)


def _reads_nothing_of_august(page: Page) -> None:
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("< 5")
