"""Word files as LibreOffice prints them: a second reader opens what python-docx wrote."""

from __future__ import annotations

import re
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from recommendations.services import override_item, plan_decision_step
from recommendations.states import ItemKind, Pillar
from reports.states import ExportFormat
from tests.conftest import Clock
from tests.factories.recommendations import make_item
from tests.fonts import ARIAL_TWIN, JAWI
from tests.reports.conftest import Told
from tests.reports.office import convert, pdf_text

pytestmark = [pytest.mark.django_db, pytest.mark.long]


def printed(data: bytes) -> list[str]:
    """The text of each page."""
    return pdf_text(convert(data, of="docx", to="pdf")).split("\f")[:-1]


def make_whole_report(told: Told) -> None:
    """As many items as the first report has: 15 recommendations and 6 weaknesses."""
    for number in range(3, 16):
        make_item(told.cycle, number=number)
    for number in range(2, 7):
        make_item(told.cycle, number=number, kind=ItemKind.WEAKNESS, pillar=Pillar.PREVENTION)


def fonts_of(pdf: bytes) -> set[str]:
    """The families of the fonts that a PDF holds: "Arimo" of "BAAAAA+Arimo-Bold"."""
    fonts = [font for page in PdfReader(BytesIO(pdf)).pages for font in page["/Resources"]["/Font"].values()]
    names = [str(font["/FontDescriptor"]["/FontName"]) for font in fonts]
    return {re.sub(r"^/[A-Z]{6}\+|-.*$", "", name) for name in names}


def test_print_shows_what_was_typed_in_the_fonts_of_packages_alone(told: Told) -> None:
    pdf = convert(told.made(ExportFormat.DOCX, item="recommendation-1"), of="docx", to="pdf")

    assert {family for family in fonts_of(pdf) if not family.startswith("Noto")} == {ARIAL_TWIN, JAWI}
    for words in (
        '=HYPERLINK("http://example.test";"x")', "<script>alert(1)</script>", '#read("/etc/passwd")', "ڤمرداڠن",
    ):  # fmt: skip
        assert words in pdf_text(pdf)


def test_print_full_gives_a_page_to_each_item_and_counts_the_pages(full_docx: bytes) -> None:
    printed_pdf = convert(full_docx, of="docx", to="pdf")
    pages = pdf_text(printed_pdf).split("\f")[:-1]

    assert len(pages) >= 5
    for item in ("Syor 1 · Perlindungan", "Syor 2 · Pendakwaan", "Kelemahan 1 · Pencegahan"):
        assert sum(item in page for page in pages[1:]) == 1
    for place, page in enumerate(pages, start=1):
        assert f"Muka surat {place} daripada {len(pages)}" in page.replace("\N{NO-BREAK SPACE}", " ")
        assert page.count("SULIT") == 2
    # The contents say the page of each heading.
    pages = pdf_text(printed_pdf, is_laid_out=True).split("\f")
    listed = re.findall(r"^ *(\S.*?)\.{3,} *(\d+)$", pages[0], re.MULTILINE)
    assert len(listed) == 10
    for heading, number in listed:
        assert re.search(rf"^ *{re.escape(heading)}$", pages[int(number) - 1], re.MULTILINE), heading


#: Titles as long as they are written.
TITLES = {
    "title_ms": "Kenal pasti lebih ramai mangsa dalam kalangan golongan rentan",
    "title_en": "Reduce prosecution delays and improve guidance to prosecutors",
}


def printed_glance(told: Told, clock: Clock, language: str) -> str:
    """The one page, read a day after the items had got their titles."""
    told.cycle.items.update(**TITLES)
    told.now = clock.move_to(told.now + timedelta(days=1))
    (page,) = printed(told.made(ExportFormat.DOCX, depth="glance", language=language, day="2023-09-14"))
    return page.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("language", ["ms", "en", "both"])
def test_print_glance_holds_what_mapo_set_beside_all_items(told: Told, clock: Clock, language: str) -> None:
    """In a window's later weeks: long titles, two states of MAPO's own with their reasons, and no word is broken."""
    make_whole_report(told)
    about = {"actor": told.people["administrator"], "now": told.now}
    for item in (told.items["first"], told.items["second"]):
        override_item(
            item, status="progress", percent=30, reason="Wakil agensi belum dilantik. " * 5, **about
        )

    page = printed_glance(told, clock, language)

    lines = {line.strip() for line in page.splitlines()}
    whole = {
        "ms": {"Syor 15", "Kelemahan 6", "Peneraju"},
        "en": {"Recommendation 15", "Weakness 6", "Lead", "In progress"},
        "both": {"Syor 15", "Kelemahan 6"},
    }
    assert whole[language] <= lines, "a word or a short label is broken"
    assert language != "both" or ("Short title" in page and "In progress" in page)
    assert language == "ms" or "Don\ne" not in page
    if language != "en":
        assert page.count("Kenal pasti lebih ramai mangsa") == told.cycle.items.count(), (
            "each line has its title"
        )


@pytest.mark.parametrize("language", ["ms", "en", "both"])
def test_print_glance_stays_one_page_however_much_it_says(told: Told, clock: Clock, language: str) -> None:
    """Given more items than a report ever had, many of them set by MAPO with long reasons, then letters become smaller."""
    make_whole_report(told)
    for number in range(16, 34):
        make_item(told.cycle, number=number)
    about: dict[str, Any] = {"actor": told.people["administrator"], "now": told.now}
    for item in told.cycle.items.filter(kind="recommendation").order_by("number")[:5]:
        override_item(
            item, status="progress", percent=30, reason="Wakil agensi belum dilantik. " * 7, **about
        )

    page = printed_glance(told, clock, language)

    title = TITLES["title_en" if language == "en" else "title_ms"]
    assert " ".join(page.split()).count(title) == told.cycle.items.count(), "each line has its title"


def test_print_council_paper_breaks_no_name_of_an_item(told: Told) -> None:
    item = make_item(told.cycle, number=15)
    about = {"actor": told.people["reviewer"], "now": told.now}
    plan_decision_step(item, told.agencies["PDRM"], text="Latih.", due_on=date(2023, 9, 20), **about)
    asked = {"day": "2023-09-14", "language": "en"}

    whole = "".join(printed(told.made(ExportFormat.COUNCIL, **asked))).replace("\N{NO-BREAK SPACE}", " ")

    assert not re.search(r"Recommendatio\b", whole)


def test_print_council_paper_numbers_its_paragraphs(told: Told) -> None:
    whole = "".join(printed(told.made(ExportFormat.COUNCIL, language="both")))

    malay, english = whole.split("COUNCIL FOR ANTI-TRAFFICKING")
    assert [words for words in ("TUJUAN", "LATAR BELAKANG", "ISU", "KEPUTUSAN YANG DIPOHON") if words in malay] == [
        "TUJUAN", "LATAR BELAKANG", "ISU", "KEPUTUSAN YANG DIPOHON",
    ]  # fmt: skip
    for paper in (malay, english):
        lines = paper.splitlines()
        for number in ("1.", "1.1", "2.1", "6.1", "(a)"):
            assert number in lines
        assert "7." not in lines
