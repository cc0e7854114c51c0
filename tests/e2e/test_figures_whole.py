"""Figures from the month's form to what an observer reads, on the real cycle: each role does its own part in a browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from io import StringIO

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from accounts.models import Agency, User
from accounts.roles import Role
from audit.clock import KUALA_LUMPUR
from indicators.cells import cell_name
from indicators.models import Check, DimensionValue, FigureReport, Indicator
from indicators.states import FigureReportState
from tests.conftest import Clock, WorkerDatabase
from tests.e2e.conftest import Desk, is_sound
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.e2e

SEPTEMBER = datetime(2023, 9, 5, 10, 0, tzinfo=KUALA_LUMPUR)
AUGUST_FIRST = datetime(2023, 8, 1, 10, 0, tzinfo=KUALA_LUMPUR)
#: Totals, then men, women, boys and girls; those of KBB do not add up: 9 against 10.
AUGUST = {
    "IPO": ("41", "12", "20", "3", "6"),
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


@pytest.mark.parametrize(("language", "phone"), [("ms", False), ("en", True)])
def test_figures_go_from_the_form_to_the_reader(
    case: Case, sit_down: Callable[..., Desk], language: str, phone: bool
) -> None:
    def seat(role: str) -> Desk:
        return sit_down(language, phone=phone).sign_in(case.email(role))

    _type(case, seat("officer"))
    _send(case, seat("coordinator"))
    _decide(case, seat("reviewer"))
    _explain(seat("reviewer"))
    _read(case, seat("observer"))


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
    assert FigureReport.objects.get().typed[case.cells("IPO")[0]] == "41"


def _send(case: Case, desk: Desk) -> None:
    """The coordinator is told what does not agree, explains it, and sends."""
    page = desk.open("/figures/report/2023-08/").page
    send = page.locator(".send-bar button[value=submit]")
    send.click()
    expect(page.locator("#id_explanation_error, [id^=id_explanation] .error, .error").first).to_be_visible()
    assert FigureReport.objects.get().state == FigureReportState.DRAFT
    expect(page.locator(f"#id_{case.cells('KBB')[0]}")).to_have_value("10")
    page.locator("#id_explanation").fill(WHY)
    is_sound(page)
    send.click()
    page.wait_for_url("**/figures/report/")
    assert FigureReport.objects.get().state == FigureReportState.SUBMITTED


def _decide(case: Case, desk: Desk) -> None:
    """MAPO reads the explanation, returns one figure with a reason, and accepts the rest."""
    report = FigureReport.objects.get()
    page = desk.open(f"/figures/reports/{report.pk}/").page
    expect(page.locator("main")).to_contain_text(WHY)
    is_sound(page)
    sent = report.newest_submission
    assert sent is not None
    returned = sent.figures.get(series__indicator__code="KBB", series__values=None)
    page.locator(f"[name=decision-{returned.pk}]").select_option("return")
    page.locator(f"[name=reason-{returned.pk}]").fill("Tentukan umur dahulu.")
    page.locator("#decisions button[type=submit]").click()
    page.wait_for_url("**/figures/reports/")
    assert FigureReport.objects.get().state == FigureReportState.RETURNED


def _explain(desk: Desk) -> None:
    """MAPO explains why the parts of 2022 are 80 and the printed total 81."""
    check = Check.objects.get(code="kbb-sum")
    page = desk.open(f"/figures/contradictions/{check.pk}/").page
    expect(page.locator("main")).to_contain_text("81")
    page.locator("a[href*='/explain/']").first.click()
    page.locator("#id_text").fill(WHY_81)
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator("main")).to_contain_text(WHY_81)


def _read(case: Case, desk: Desk) -> None:
    """An observer reads totals, and "< 5" where few persons are counted; as at the day before, nothing stands."""
    page = desk.open("/figures/IPO/").page
    main = page.locator("main")
    expect(main).to_contain_text("41")
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
