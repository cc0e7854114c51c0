"""A printed summary can be read by whoever cannot see it: own assertions on its tree of tags.

veraPDF, the reference checker of PDF/UA, is neither in Debian nor in the package registries that a checkout can reach
(its builds live on a site of their own), so it is not run. Typst refuses by itself to write a PDF/UA-1 file that breaks
what it can know; the rest of what we promise is asserted here.
"""

from __future__ import annotations

from itertools import pairwise

import pytest

from reports.states import ExportFormat
from tests.reports.conftest import Told
from tests.reports.printed_pdf import PrintedPaper
from tests.shared import shared

pytestmark = pytest.mark.django_db


@shared
def paper(told: Told) -> PrintedPaper:
    return PrintedPaper(told.made(ExportFormat.PDF, language="both"))


def test_file_says_that_it_is_tagged_and_accessible(paper: PrintedPaper) -> None:
    assert paper.root["/MarkInfo"]["/Marked"]
    assert "<pdfuaid:part>1</pdfuaid:part>" in paper.xmp()
    assert paper.root["/ViewerPreferences"]["/DisplayDocTitle"]


def test_document_has_language_title_and_no_author(told: Told, paper: PrintedPaper, full_pdf: bytes) -> None:
    english = told.made(ExportFormat.PDF, language="en")
    for tongue, each, languages in (
        ("ms", PrintedPaper(full_pdf), {"ms"}),
        ("en", PrintedPaper(english), {"en"}),
        ("ms", paper, {"ms", "en"}),
    ):
        assert each.root["/Lang"] == tongue
        title = {"ms": "Ringkasan kemajuan", "en": "Progress summary"}[tongue]
        assert str(each.reader.metadata["/Title"]).startswith(title)
        assert "/Author" not in each.reader.metadata
        assert {tag.language for tag in each.tags()} == languages


def test_lines_tag_the_official_text_in_each_language_and_describe_the_chart(told: Told) -> None:
    paper = PrintedPaper(told.made(ExportFormat.PDF, depth="lines", language="both"))
    cells = [tag for tag in paper.tags() if tag.kind == "TD" and tag.language == "en"]
    assert len(cells) == len(told.items)
    *_others, chart = paper.tags_of("Figure")
    assert "Perlindungan" in chart.alt and "Protection" in chart.alt


def test_headings_skip_no_level(paper: PrintedPaper) -> None:
    levels = [int(tag.kind[1]) for tag in paper.tags() if tag.kind[0] == "H" and tag.kind[1:].isdecimal()]
    assert levels[0] == 1
    assert all(following <= level + 1 for level, following in pairwise(levels))


def test_each_drawing_has_words(paper: PrintedPaper) -> None:
    window, *course = [tag.alt for tag in paper.tags() if tag.kind == "Figure"]
    assert "Hari 153 daripada 366" in window and "Day 153 of 366" in window
    assert len(course) == 2
    last = "31\xa0Ogos\xa02023: Tiada Tindakan 0, Dalam Tindakan 2, Selesai 0."
    assert "Syor mengikut status" in course[0] and last in course[0]
    assert "Weaknesses by status" in course[1]


def test_each_table_has_heads(paper: PrintedPaper) -> None:
    tags = paper.tags()
    tables = [place for place, tag in enumerate(tags) if tag.kind == "Table"]
    assert len(tables) > 8
    for place in tables:
        rest = tags[place + 1 :]
        inside = rest[: next((n for n, tag in enumerate(rest) if tag.depth <= tags[place].depth), len(rest))]
        kinds = {tag.kind for tag in inside}
        assert {"THead", "TBody", "TR", "TH", "TD"} <= kinds


def test_contents_lead_to_their_pages(paper: PrintedPaper) -> None:
    kinds = [tag.kind for tag in paper.tags()]
    assert kinds.count("TOCI") == kinds.count("Link") > len(["Syor 1", "Syor 2", "Kelemahan 1"])


def test_bookmarks_name_every_part(paper: PrintedPaper) -> None:
    marks = paper.bookmarks()
    for name in ("Kandungan", "2 syor", "Syor 1", "Syor 2", "Kelemahan 1", "Cara membaca ringkasan ini"):
        assert name in marks


def test_all_faces_are_inside(paper: PrintedPaper) -> None:
    for page in paper.reader.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            (inner,) = font.get_object()["/DescendantFonts"]
            facts = inner.get_object()["/FontDescriptor"].get_object()
            assert "/FontFile2" in facts or "/FontFile3" in facts
