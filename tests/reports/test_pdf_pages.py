"""The pages of a printed summary: figures before the statement, no page that holds a few lines, nothing that looks alike."""

from __future__ import annotations

import re
from copy import deepcopy
from datetime import date

import pytest

from overview.queries.trend import DayCounts
from recommendations.models import Item
from reports.states import ExportFormat
from reports.summary.monthly_counts import monthly_counts
from reports.writers.pdf import summary
from reports.writers.pdf.compiler import compile_pdf
from reports.writers.pdf.parts import TypstData
from reports.writers.pdf.typst_data import TypedText
from tests.reports.conftest import Told
from tests.reports.printed_pdf import PrintedPaper
from tests.shared import shared

pytestmark = pytest.mark.django_db

#: A page that is filled less looks forgotten; a depth's last page holds at least the guide and the names.
LEAST_FILL = 0.2


def enlarged(told: Told, count: int, *, depth: str, language: str, day: str = "2023-08-31") -> PrintedPaper:
    """Print the world with so many recommendations, each with one to five accepted updates."""
    maker = told.maker()
    data = summary.summary_data(told.content(day=day, depth=depth, language=language), maker=maker)
    table, first = data["lines"][0], data["items"][0]
    table["rows"] = [numbered(table["rows"][0], number) for number in range(1, count + 1)]
    items = [numbered(first, number) for number in range(1, count + 1)]
    for number, item in enumerate(items):
        item["updates"] = first["updates"][:1] * (1 + number % 5)
    data["items"] = [*items, *(item for item in data["items"] if item["kind"] != first["kind"])]
    return PrintedPaper(compile_pdf("summary.typ", data, maker.made_at))


def numbered(item: TypstData, number: int) -> TypstData:
    copied = deepcopy(item)
    beginning = (
        "Meningkatkan usaha untuk mengenal pasti mangsa pemerdagangan orang di kalangan golongan rentan"
    )
    line = f"{beginning}, termasuk golongan yang ke-{number}"
    texts = [TypedText(line) for _text in item["texts"]]
    notes = [TypedText(f"Nota {number}.") for _note in item["divergence"]]
    return copied | {
        "key": f"recommendation-{number}", "number": number, "line": [line] * len(item["line"]), "texts": texts,
        "divergence": notes,
    }  # fmt: skip


@pytest.mark.parametrize("language", ["ms", "both"])
@pytest.mark.parametrize("depth", ["glance", "lines", "evidence", "full"])
def test_first_page_has_figures_before_the_fingerprint_and_the_course(
    told: Told, full_pdf: bytes, depth: str, language: str
) -> None:
    is_known = (depth, language) == ("full", "ms")
    data = full_pdf if is_known else told.made(ExportFormat.PDF, depth=depth, language=language)
    paper = PrintedPaper(data)
    page = paper.pages[0]
    assert page.index("2 syor") < page.index("Cap jari")
    assert page.index("Dikembalikan") < page.index("Baris")
    assert len(paper.pages) == 1 or depth != "glance"
    assert all(item.text_ms[:20] in paper.words for item in told.items.values())
    assert ("Progress summary" in paper.words) == (language == "both")
    if depth != "evidence":
        # The course is a drawing and a table.
        assert any("31\xa0Julai\xa02023" in tag.alt for tag in paper.tags_of("Figure"))
        assert {"Ogos", "–"} <= set(page.split())
    if depth in ("glance", "lines"):
        words = paper.words.split()
        assert ("BM" in words) == (language == "both") and ("EN" in words or language == "ms")


SIZES = [("lines", count) for count in (1, 7, 11, 15, 16)]
SIZES += [("full", count) for count in (2, 5, 8, 11)]
SIZES += [("evidence", count) for count in (3, 6, 9)]


@pytest.mark.long
@pytest.mark.parametrize("language", ["ms", "both"])
@pytest.mark.parametrize(("depth", "count"), SIZES)
def test_no_page_holds_a_few_lines(told: Told, depth: str, language: str, count: int) -> None:
    fills = enlarged(told, count, depth=depth, language=language).fills()
    assert min(fills) >= LEAST_FILL, fills


@pytest.mark.long
@pytest.mark.parametrize("language", ["ms", "both"])
@pytest.mark.parametrize("count", [3, 15, 24])
def test_glance_is_one_page_and_tells_items_apart(told: Told, count: int, language: str) -> None:
    paper = enlarged(told, count, depth="glance", language=language)
    assert len(paper.pages) == 1
    for number in range(1, count + 1):
        assert f"ke-{number} " in f"{paper.words} "


def test_course_is_what_each_month_ended_with(told: Told) -> None:
    content = told.content(day="2023-09-13", depth="glance")
    course = monthly_counts(content)
    assert list(course) == ["recommendation", "weakness"]
    for kind, months in course.items():
        assert len(months) == 12
        counted = [each.counts for each in months if each.counts]
        days = [(each.day.month, each.day.day) for each in counted]
        assert days == [(4, 30), (5, 31), (6, 30), (7, 31), (8, 31), (9, 13)]
        for counts in counted:
            assert counts == as_at(told, counts.day, kind)


def as_at(told: Told, day: date, kind: str) -> DayCounts:
    totals = next(each for each in told.content(day=day.isoformat()).totals if each.kind == kind)
    return DayCounts(day, totals.none, totals.progress, totals.done)


def test_monthly_counts_of_a_narrower_summary_is_that_of_its_items(told: Told) -> None:
    (months,) = monthly_counts(told.content(item="recommendation-2")).values()
    assert [sum(each.counts[1:]) for each in months if each.counts] == [1] * 5


def test_course_holds_no_month_that_has_not_begun(told: Told) -> None:
    months = monthly_counts(told.content(day="2023-07-02"))["recommendation"]
    assert [each.counts is None for each in months] == [False] * 4 + [True] * 8


def write_notes(told: Told) -> None:
    """MAPO writes a note on the texts of recommendation 1, and gives it a short title, on 14 September 2023."""
    Item.objects.filter(pk=told.items["first"].pk).update(
        divergence_ms="Teks Melayu menyatakan kurang.", divergence_en="The Malay says less.",
        title_ms="Tajuk satu", title_en="Title one",
    )  # fmt: skip


@shared
def noted(told: Told) -> Told:
    """The world with the note."""
    write_notes(told)
    return told


@pytest.mark.parametrize(("depth", "count"), [("lines", 1), ("full", 1), ("glance", 0), ("evidence", 0)])
def test_divergence_note_stands_once_in_both_languages(noted: Told, depth: str, count: int) -> None:
    paper = PrintedPaper(noted.made(ExportFormat.PDF, day="2023-09-14", depth=depth, language="both"))
    assert paper.words.count("Teks Melayu menyatakan kurang.") == count
    assert paper.words.count("The Malay says less.") == count
    assert ("* Teks Melayu menyatakan kurang daripada teks Inggeris" in paper.words) == (depth == "glance")
    assert len(paper.tags_of("Note")) == (count if depth == "full" else 0)
    # The note and the title are those of the day.
    assert "Tajuk satu" in paper.words or depth == "evidence"
    old = PrintedPaper(noted.made(ExportFormat.PDF, day="2023-08-31", depth=depth)).words
    assert "Melayu menyatakan kurang" not in old and "Tajuk satu" not in old


@pytest.mark.long
def test_footnote_stands_on_the_page_of_its_item(noted: Told) -> None:
    pages = enlarged(noted, 9, depth="full", language="ms", day="2023-09-14").pages
    for number in range(1, 10):
        (page,) = [each for each in pages if f"Nota {number}." in each]
        assert f"yang ke-{number}" in " ".join(page.split())


def test_letter_of_an_item_is_that_of_its_note(noted: Told) -> None:
    words = enlarged(noted, 9, depth="lines", language="ms", day="2023-09-14").words
    for number, letter in enumerate("abcdefghi", start=1):
        assert re.search(f"ke-{number} ?{letter} ", words)
        assert re.search(f"{letter} ?Nota {number}\\.", words)


def test_note_is_part_of_the_fingerprint_of_its_day_alone(told: Told) -> None:
    asked = [("2023-08-31", depth) for depth in ("glance", "lines", "full")] + [("2023-09-14", "full")]
    before = [told.content(day=day, depth=depth).finish().fingerprint for day, depth in asked]
    write_notes(told)
    after = [told.content(day=day, depth=depth).finish().fingerprint for day, depth in asked]
    assert after[:-1] == before[:-1] and after[-1] != before[-1]
