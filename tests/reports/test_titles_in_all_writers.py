"""Every paper tells items apart by their short titles, and only the page of an item holds its official text.

Papers at every depth are read in `test_overrides_in_all_writers`.
"""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import openpyxl
import pytest

from recommendations.models import Item
from reports.states import FORMATS, Depth, ExportFormat
from tests.conftest import Clock
from tests.reports.conftest import Told
from tests.reports.test_all_writers import WORDS, squeezed
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


def give_titles(told: Told) -> None:
    """The items get texts that begin alike, and titles of their own."""
    for place, item in enumerate(told.items.values(), start=1):
        Item.objects.filter(pk=item.pk).update(
            text_ms=f"{ALIKE['ms']}{place}.",
            text_en=f"{ALIKE['en']}{place}.",
            title_ms=f"Tajuk khas {place}",
            title_en=f"Telling title {place}",
        )
        item.refresh_from_db()


@shared
def titled(told: Told, clock: Clock) -> Told:
    """On 14 September the items get their titles; on the 15th they are read."""
    give_titles(told)
    told.now = clock.move_to(told.now + timedelta(days=1))
    return told


def assert_short_titles(
    told: Told, words: str, export_format: ExportFormat, depth: Depth, codes: tuple[str, ...]
) -> None:
    """A paper tells items apart by short titles; `words` are squeezed."""
    # One page of Word has room for the titles of one language.
    is_narrow = (export_format, depth) == (ExportFormat.DOCX, Depth.GLANCE) and len(codes) == 2
    is_council = export_format in (ExportFormat.COUNCIL, ExportFormat.COUNCIL_PDF)
    for item in told.items.values():
        for tongue in codes:
            assert is_narrow or squeezed(getattr(item, f"title_{tongue}")) in words
            is_whole = squeezed(getattr(item, f"text_{tongue}")) in words
            assert not is_whole or not (depth == Depth.GLANCE or is_council)
            assert is_whole or depth != Depth.FULL or is_council
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
