"""Figures in the papers that people read: PDF, Word and council paper, with the reader's eyes and as at the day."""

from __future__ import annotations

import re
from copy import deepcopy
from datetime import date

import pytest

from indicators.models import CheckExplanation, Indicator
from recommendations.states import Pillar
from reports.states import ExportFormat
from reports.writers.pdf import summary
from reports.writers.pdf.compiler import compile_pdf
from tests.factories.indicators import make_figure
from tests.reports.conftest import Told
from tests.reports.counted import counted
from tests.reports.printed_pdf import PrintedPaper, laid_out
from tests.reports.test_pdf_pages import LEAST_FILL, enlarged
from tests.reports.word_document import everything, opened, table_called, texts

__all__ = ["counted"]
pytestmark = pytest.mark.django_db

TODAY = {"day": "2023-09-14", "language": "en"}
SUM = "29 + 50 + 0 + 1 = 80; printed: 81 (Indicator ipo)."


@pytest.fixture(autouse=True)
def _of_protection(counted: Indicator) -> None:
    """The indicator speaks to protection, as recommendation 1 does."""
    Indicator.objects.filter(pk=counted.pk).update(pillar=Pillar.PROTECTION)


def printed(told: Told, by: str = "reviewer", **asked: str) -> PrintedPaper:
    return PrintedPaper(told.made(ExportFormat.PDF, by, **(TODAY | asked)))


def typed(told: Told, by: str = "reviewer", **asked: str) -> str:
    """All words of the Word document."""
    return everything(opened(told.made(ExportFormat.DOCX, by, **(TODAY | asked))))


def test_full_papers_show_number_basis_target_and_what_contradicts(told: Told, counted: Indicator) -> None:
    """Given a printed year and a reported month, when MAPO prints all, then both stand there with what contradicts."""
    paper = printed(told)
    for told_words in (
        counted.name_en, counted.basis_en, "Reported for Aug 2023 (1 of 12 months): 44",
        "Target: 90 by 31 March 2024.", "44 of 90.", f"1 {SUM}", "Satu orang tidak dikira.",
        "See 1 under Contradictions.",
    ):  # fmt: skip
        assert told_words in paper.words
    assert any("August 2023: 44" in tag.alt for tag in paper.tags_of("Figure"))
    assert {"Figures", "Contradictions"} <= set(paper.bookmarks())
    document = opened(told.made(ExportFormat.DOCX, **TODAY))
    assert {"Figures", "Contradictions"} <= set(texts(document, "Heading 1"))
    assert "Protection" in texts(document, "Heading 2")
    assert table_called(document, counted.name_en)[1:] == [
        ["2022", "81", "", "1"],
        ["August 2023", "44", "", ""],
    ]
    (found,) = table_called(document, "Contradictions")[1:]
    assert found[0] == "1" and found[1].startswith(f"{SUM}\n")
    assert found[2].startswith("Satu orang tidak dikira.\n")
    for words in (paper.words, everything(document)):
        assert "men 30 · women 12 · boys 2 · girls 0" in words.replace("\xa0", " ")
        assert "could point to a person" not in words


def test_number_carries_the_mark_of_its_contradiction(told: Told, counted: Indicator) -> None:
    data = summary.summary_data(told.content(**TODAY), maker=told.maker())
    (pillar,) = data["figures"]["pillars"]
    (indicator,) = pillar["indicators"]
    assert [(row["number"], row["marks"]) for row in indicator["rows"]] == [(["81"], [1])]
    shares = [column["share"] for column in indicator["chart"]["columns"]]
    assert len(shares) == 12 and shares[4] == 1.0 and shares.count(None) == 11


@pytest.mark.parametrize("by", ["observer", "outsider"])
def test_small_numbers_are_hidden_from_others_in_every_paper(told: Told, counted: Indicator, by: str) -> None:
    """Given 2 boys, when somebody outside reads, then "< 5" stands there, and what it could be computed from is hidden."""
    for words in (printed(told, by).words, typed(told, by)):
        words = words.replace("\xa0", " ")
        assert "men 30 · women hidden · boys < 5 · girls 0" in words
        assert "could point to a person" in words
        assert "44 of 90" not in words and "Ikut pelan." not in words


def test_hidden_month_has_no_height_and_no_sum(told: Told, counted: Indicator) -> None:
    """Given a month with 3 victims, when an observer prints, then its column is empty and the months have no sum."""
    days = {"kind": "month", "begins_on": date(2023, 7, 1), "ends_on": date(2023, 7, 31)}
    make_figure(counted.series.get(key=""), 3, now=told.now, **days)
    data = summary.summary_data(told.content("observer", **TODAY), maker=told.maker("observer"))
    indicator = data["figures"]["pillars"][0]["indicators"][0]
    july, august = indicator["chart"]["columns"][3:5]
    assert (july["share"], july["number"]) == (None, "< 5")
    assert august["share"] == 1.0
    assert indicator["reported"] == ["Reported for Jul\xa0– Aug\xa02023 (2 of 12 months)"]


def test_day_before_nothing_of_it_stands(told: Told, counted: Indicator) -> None:
    asked = TODAY | {"day": "2023-09-13"}
    papers = [told.made(each, **asked) for each in (ExportFormat.DOCX, ExportFormat.COUNCIL)]
    for words in (printed(told, **asked).words, *(everything(opened(paper)) for paper in papers)):
        assert counted.name_en not in words and SUM not in words and "contradictions" not in words


def test_lines_tell_each_indicator_in_a_line(told: Told, counted: Indicator) -> None:
    paper = printed(told, depth="lines")
    lines = laid_out(paper.content).replace("\xa0", " ")
    assert re.search(rf"{counted.name_en} +August 2023 +44 +1\n", lines)
    assert SUM in paper.words and counted.basis_en not in paper.words
    document = opened(told.made(ExportFormat.DOCX, **TODAY, depth="lines"))
    (row,) = table_called(document, "Protection", place=-1)[1:]
    assert row == [f"{counted.name_en}\norders · PDRM", "August 2023", "44", "", "1"]


def test_shorter_papers_hold_key_figures_and_no_contradictions(told: Told, counted: Indicator) -> None:
    for depth in ("glance", "evidence"):
        paper = printed(told, depth=depth)
        for words in (paper.words, typed(told, depth=depth)):
            assert SUM not in words
            if depth == "glance":
                assert f"{counted.name_en} 44 (August 2023)" in words.replace("\xa0", " ")
        assert depth != "glance" or len(paper.pages) == 1


def test_both_languages_stand_below_each_other(told: Told, counted: Indicator) -> None:
    in_pdf = printed(told, language="both").words
    assert "Lihat 1 di bawah Percanggahan." in in_pdf and "See 1 under Contradictions." in in_pdf
    for words in (in_pdf, typed(told, language="both")):
        for told_words in (
            counted.name_ms, counted.name_en, "29 + 50 + 0 + 1 = 80; dicetak: 81 (Petunjuk ipo).", SUM, "Ogos", "August", "Percanggahan",
        ):  # fmt: skip
            assert told_words in words


def test_council_paper_tells_figures_and_contradictions_and_asks_for_explanations(
    told: Told, counted: Indicator
) -> None:
    """Given a contradiction, when it is explained, then the paper says so; when nobody has, it asks the agency for it."""
    asked = "explain the contradictions in their figures"
    document = opened(told.made(ExportFormat.COUNCIL, **TODAY))
    (row,) = table_called(document, "Figures by indicator")[1:]
    assert row == [f"{counted.name_en}\norders · PDRM", "81", "2022", "44", "Aug\xa02023 (1 of 12 months)"]
    (row,) = table_called(document, "Contradictions")[1:]
    assert row[0].startswith(SUM) and row[1] == "PDRM" and row[2].startswith("Satu orang tidak dikira.")
    words = everything(document)
    assert "44 of 90." in words and asked not in words
    CheckExplanation.objects.update(ended_at=told.now, ended_by=told.people["reviewer"])
    words = everything(opened(told.made(ExportFormat.COUNCIL, **TODAY)))
    assert f"direct PDRM to {asked}, by [date];" in words and "Not explained yet." in words


@pytest.mark.long
@pytest.mark.parametrize("language", ["ms", "both"])
@pytest.mark.parametrize("count", [1, 2, 4, 6, 7, 9, 10, 13])
def test_no_page_of_figures_holds_a_few_lines(
    told: Told, counted: Indicator, count: int, language: str
) -> None:
    maker = told.maker()
    data = summary.summary_data(told.content(day="2023-09-14", language=language), maker=maker)
    (pillar,) = data["figures"]["pillars"]
    few = deepcopy(pillar) | {"indicators": pillar["indicators"][:1]}
    many = deepcopy(pillar) | {"indicators": pillar["indicators"] * count}
    data["figures"]["pillars"] = [many, deepcopy(many), few]
    fills = PrintedPaper(compile_pdf("summary.typ", data, maker.made_at)).fills()
    assert min(fills) >= LEAST_FILL, fills


@pytest.mark.long
@pytest.mark.parametrize("language", ["ms", "both"])
def test_one_page_of_many_items_tells_the_key_figures_too(
    told: Told, counted: Indicator, language: str
) -> None:
    paper = enlarged(told, 24, depth="glance", language=language, day="2023-09-14")
    assert len(paper.pages) == 1
    assert f"{counted.name_ms} 44 (Ogos 2023)" in paper.words.replace("\xa0", " ")
