"""The council paper: MAPO's order, real numbers, figures from the rows, and places for the secretariat."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils.translation import override
from docx.document import Document
from docx.oxml.ns import qn

from recommendations.states import Status
from reports.states import ExportFormat
from reports.summary.content import SummaryContent
from reports.writers.council.issues import find_issues
from reports.writers.council.progress import item_words, totals_words
from reports.writers.wording import sentences
from tests.reports.conftest import NASTY, Told
from tests.reports.word_document import elements, everything, of_style, opened, table_called, texts

pytestmark = pytest.mark.django_db

ORDER = {
    "ms": ["Tujuan", "Latar belakang", "Kemajuan mengikut elemen", "Isu", "Keputusan yang dipohon"],
    "en": ["Purpose", "Background", "Progress by pillar", "Issues", "Decisions sought"],
}


def paper(told: Told, **asked: str) -> Document:
    return opened(told.made(ExportFormat.COUNCIL, **asked))


def paragraphs(document: Document) -> list[str]:
    """The numbered paragraphs and their points, in their order."""
    styles = ("Paper Paragraph", "Paper Lead-in", "Paper Point")
    return [
        each.text.replace("\N{NO-BREAK SPACE}", " ")
        for each in document.paragraphs
        if each.style.name in styles
    ]


def number_of(document: Document, style_id: str) -> tuple[str, str]:
    """Level and list by which the paragraphs of a style are numbered."""
    style = next(each for each in document.styles if each.style_id == style_id)
    numbered = style.element.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
    level = numbered.find(qn("w:ilvl"))
    return "0" if level is None else level.get(qn("w:val")), numbered.find(qn("w:numId")).get(qn("w:val"))


@pytest.mark.parametrize("language", ["ms", "en"])
def test_draft_follows_the_order_of_mapo(told: Told, language: str) -> None:
    assert texts(paper(told, language=language), "Paper Heading") == ORDER[language]


def test_draft_in_both_languages_puts_the_malay_paper_first_and_whole(told: Told) -> None:
    document = paper(told, language="both")

    headings = of_style(document, "Paper Heading")
    assert [each.text for each in headings] == ORDER["ms"] + ORDER["en"]
    lists = [each._p.pPr.find(qn("w:numPr")) for each in headings]
    assert lists[:5] == [None] * 5
    assert [each.find(qn("w:numId")).get(qn("w:val")) for each in lists[5:]] == ["3"] * 5
    english = headings[5]._p
    assert {each.get(qn("w:val")) for each in english.iter(qn("w:lang"))} == {"en-MY"}
    assert not list(headings[0]._p.iter(qn("w:lang")))
    alone = [paragraphs(paper(told, language=language)) for language in ("ms", "en")]
    assert paragraphs(document) == alone[0] + alone[1]


def test_draft_numbers_by_lists_not_by_letters(told: Told) -> None:
    document = paper(told)

    assert number_of(document, "PaperHeading") == ("0", "2")
    assert number_of(document, "PaperParagraph") == ("1", "2")
    assert number_of(document, "PaperPoint") == ("2", "2")
    assert not any(text[:1].isdigit() and text[1:2] == "." for text in paragraphs(document))


def test_draft_marks_what_the_secretariat_completes(told: Told) -> None:
    document = paper(told)

    marked = [
        run.text for each in document.paragraphs for run in each.runs if run.style.name == "To Complete"
    ]
    assert marked[:5] == ["[nombor]", "[tahun]", "[rujukan]", "[nombor]", "[tarikh]"]
    assert "[Urus setia: keputusan lain yang dipohon, atau padamkan baris ini]" in marked
    assert texts(document, "Paper Reference") == [
        "Kertas MAPO Bil. [nombor] Tahun [tahun]",
        "Rujukan fail: [rujukan]",
        "Mesyuarat Bil. [nombor] pada [tarikh]",
    ]


def test_draft_background_tells_the_facts_of_the_cycle(told: Told) -> None:
    whole = "\n".join(paragraphs(paper(told)))

    assert told.cycle.tier_before_ms in whole and told.cycle.tier_after_ms in whole
    assert "Kertas ini meliputi 2 syor dan 1 kelemahan." in whole
    assert "Kertas ini meliputi pilihan" not in whole


def test_draft_of_a_narrowed_selection_says_so(told: Told) -> None:
    whole = "\n".join(paragraphs(paper(told, agency="PDRM")))

    assert "Kertas ini meliputi pilihan berikut sahaja" in whole
    assert "Agensi: PDRM" in whole


@pytest.mark.parametrize("language", ["ms", "en"])
def test_draft_takes_every_figure_from_the_rows(told: Told, language: str) -> None:
    document = paper(told, language=language)

    content = told.content(language=language)
    told_words = paragraphs(document)
    with override(language):
        for totals in content.totals:
            assert totals_words(totals) in told_words
        for item in content.items:
            assert item_words(item).replace("\N{NO-BREAK SPACE}", " ") in told_words
    caption = {
        "ms": "Bilangan perkara mengikut elemen dan status",
        "en": "Number of items by pillar and status",
    }[language]
    _head, *rows = table_called(document, caption)
    figures = [[int(figure) for figure in row[1:]] for row in rows]
    for column, status in enumerate((Status.DONE, Status.PROGRESS, Status.NONE)):
        assert sum(row[column] for row in figures) == sum(item.status == status for item in content.items)
    assert sum(row[3] for row in figures) == len(content.items)


def test_draft_quotes_the_newest_text_of_the_lead_to_the_letter(told: Told) -> None:
    quoted = texts(paper(told), "Quote")

    assert (
        f"Dilaporkan oleh PDRM, diterima pada 1\N{NO-BREAK SPACE}Ogos\N{NO-BREAK SPACE}2023: {NASTY}"
        in quoted
    )
    assert not any("Taklimat diadakan." in text for text in quoted)


def test_draft_issues_are_those_of_the_rows(told: Told) -> None:
    told_words = paragraphs(paper(told, day="2023-09-14"))

    found = find_issues(told.content(day="2023-09-14"))
    assert [(item.key, each.code) for item, each in found.waiting] == [("recommendation-1", "PDRM")]
    assert "1 kemas kini menunggu semakan MAPO:" in told_words
    assert "PDRM bagi Syor 1: dihantar pada 20 Ogos 2023." in told_words
    assert (
        "PDRM bagi Syor 1: melaporkan Dalam Tindakan, 60%; keputusan MAPO Dalam Tindakan, 40%." in told_words
    )
    assert "Kelemahan 1; dicadangkan sebagai peneraju: KLN." in told_words
    late = [text for text in told_words if "telah lewat" in text and "bagi" in text]
    assert len(late) == len(found.late) > 0


def test_draft_decisions_follow_from_the_issues(told: Told) -> None:
    told_words = paragraphs(paper(told, day="2023-09-14"))

    place = told_words.index("Mesyuarat dengan hormatnya dipohon untuk:")
    asked = told_words[place + 1 :]
    assert (
        asked[0]
        == "mengambil maklum kemajuan tindakan terhadap 2 syor dan 1 kelemahan setakat 14 September 2023;"
    )
    late = sentences.listed([each.code for _item, each in find_issues(told.content(day="2023-09-14")).late])
    assert (
        f"mengarahkan {late} mengemukakan kemas kini yang telah lewat selewat-lewatnya pada [tarikh];"
        in asked
    )
    assert "menetapkan agensi peneraju bagi Kelemahan 1;" in asked
    assert asked[-1] == "[Urus setia: keputusan lain yang dipohon, atau padamkan baris ini]."


def held_back(content: SummaryContent) -> SummaryContent:
    """The content with its first item completed by the lead and held by JIM."""
    first, *others = content.items
    state = replace(first.state, status=Status.PROGRESS, percent=99, held_by=("JIM",))
    content.items = (replace(first, state=state), *others)
    return content


def test_find_issues_tells_what_supporting_agencies_hold_back(told: Told) -> None:
    found = find_issues(held_back(told.content()))

    assert [item.key for item in found.held_back] == ["recommendation-1"]
    with override("ms"):
        assert item_words(found.held_back[0]).endswith("JIM belum menyelesaikan bahagian masing-masing.")


def test_draft_without_an_issue_says_so(told: Told) -> None:
    told_words = paragraphs(paper(told, item="recommendation-2"))

    assert "Tiada isu berbangkit daripada apa yang telah direkodkan sehingga hari itu." in told_words


def test_draft_states_what_it_was_made_from(told: Told) -> None:
    document = paper(told)

    stated = dict(table_called(document, "Sumber draf ini"))
    assert stated["Cap jari"] == told.content().finish().fingerprint
    assert stated["Dibuat oleh"] == told.maker().words


def test_draft_twice_gives_the_same_bytes(told: Told) -> None:
    assert told.made(ExportFormat.COUNCIL) == told.made(ExportFormat.COUNCIL)


def test_draft_leads_nowhere_and_runs_nothing(told: Told) -> None:
    document = paper(told, language="both")

    assert not list(elements(document, "w:hyperlink")) and not list(elements(document, "w:instrText"))
    assert NASTY in everything(document)
