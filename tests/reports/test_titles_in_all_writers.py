"""Every paper tells items apart by their short titles, and only the page of an item holds its official text."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import openpyxl
import pytest

from recommendations.models import Item
from reports.states import FORMATS, Depth, ExportFormat, SummaryLanguage
from tests.conftest import Clock
from tests.reports.conftest import Told
from tests.reports.test_all_writers import squeezed
from tests.reports.test_overrides_in_all_writers import PAPERS, WORDS
from tests.shared import shared

pytestmark = pytest.mark.django_db

TODAY = "2023-09-14"
#: Official texts that begin alike for longer than any line shows.
ALIKE = {
    "ms": "Meningkatkan usaha bersama semua agensi penguatkuasaan di seluruh negara untuk mengenal pasti "
    "mangsa pemerdagangan orang dalam kalangan golongan rentan, termasuk mereka yang bekerja sebagai bahagian ",
    "en": "Increase the joint efforts of all law enforcement agencies throughout the country to identify victims "
    "of trafficking among vulnerable populations, including those who work there in the part with the number ",
}


@shared
def titled(told: Told, clock: Clock) -> Told:
    """On 14 September the items have texts that begin alike, and titles of their own; on the 15th they are read."""
    for place, item in enumerate(told.items.values(), start=1):
        Item.objects.filter(pk=item.pk).update(
            text_ms=f"{ALIKE['ms']}{place}.",
            text_en=f"{ALIKE['en']}{place}.",
            title_ms=f"Tajuk khas {place}",
            title_en=f"Telling title {place}",
        )
        item.refresh_from_db()
    told.now = clock.move_to(told.now + timedelta(days=1))
    return told


@pytest.mark.parametrize("language", [SummaryLanguage.MALAY, SummaryLanguage.BOTH])
@pytest.mark.parametrize(
    ("export_format", "depth"), [each for each in PAPERS if each[0] != ExportFormat.MEETING]
)
def test_papers_tell_items_apart_by_short_titles(
    titled: Told, export_format: ExportFormat, depth: Depth, language: str
) -> None:
    made = titled.made(export_format, day=TODAY, depth=depth, language=language)
    words = squeezed(WORDS[export_format](made))
    codes = SummaryLanguage(language).codes
    # One page of Word has room for the titles of one language.
    is_narrow = (export_format, depth, language) == (ExportFormat.DOCX, Depth.GLANCE, "both")
    is_brief = depth == Depth.GLANCE or export_format in (ExportFormat.COUNCIL, ExportFormat.COUNCIL_PDF)
    for item in titled.items.values():
        for tongue in codes:
            assert is_narrow or squeezed(getattr(item, f"title_{tongue}")) in words
            is_whole = squeezed(getattr(item, f"text_{tongue}")) in words
            assert not (is_brief and is_whole)
            assert (
                is_whole
                or depth != Depth.FULL
                or export_format in (ExportFormat.COUNCIL, ExportFormat.COUNCIL_PDF)
            )
    if depth == Depth.FULL and export_format == ExportFormat.DOCX:
        mark = {"ms": "Tajuk ringkas MAPO:", "en": "MAPO’s short title:"}
        assert all(squeezed(mark[tongue]) in words for tongue in codes)


def test_meeting_sheet_lists_short_titles(titled: Told) -> None:
    words = squeezed(WORDS[ExportFormat.MEETING](titled.made(ExportFormat.MEETING, day=TODAY)))
    assert squeezed(titled.items["first"].title_ms) in words
    assert squeezed(ALIKE["ms"][:60]) not in words


def test_tables_have_columns_of_short_titles(titled: Told) -> None:
    titles = [(item.title_ms, item.title_en) for item in titled.items.values()]
    asked = {"day": TODAY, "depth": FORMATS[ExportFormat.CSV].depths[0]}
    told = json.loads(titled.made(ExportFormat.JSON, **asked))
    assert [(row["title_ms"], row["title_en"]) for row in told["items"]] == titles
    rows = csv.DictReader(io.StringIO(titled.made(ExportFormat.CSV, **asked).decode("utf-8-sig"), newline=""))
    assert [(row["title_ms"], row["title_en"]) for row in rows if row["record"] == "item"] == titles
    book = openpyxl.load_workbook(io.BytesIO(titled.made(ExportFormat.XLSX, language="both", **asked)))
    cells = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert cells >= {title for pair in titles for title in pair}


def test_titles_as_at_a_past_day_are_those_of_the_day(titled: Told) -> None:
    """They were given on 14 September: the rows of August know none."""
    then = titled.content(day="2023-08-31").items
    assert {(item.title_ms, item.title_en) for item in then} == {("", "")}
    now = titled.content(day=TODAY)
    before = now.finish().fingerprint
    Item.objects.filter(pk=titled.items["first"].pk).update(title_ms="Lain", title_en="Other")
    assert titled.content(day=TODAY).finish().fingerprint == before
