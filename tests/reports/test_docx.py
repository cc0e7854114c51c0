"""The Word summary, opened again: its rows, its styles, its languages, and nothing that leads out of it."""

from __future__ import annotations

from datetime import UTC
from io import BytesIO
from itertools import product

import pytest
from django.utils.translation import override
from docx.document import Document
from docx.oxml.ns import qn

from recommendations.states import Status
from reports.errors import TooManyRows
from reports.states import Depth, ExportFormat, SummaryLanguage
from reports.summary import limits
from reports.summary.statement import Statement
from reports.summary.writing import writer_of
from tests.reports.conftest import NASTY, Told
from tests.reports.word_document import (
    caption,
    elements,
    everything,
    of_style,
    opened,
    parts,
    relationships,
    table_called,
    texts,
)
from ui import dates
from ui.numbers import percent

pytestmark = pytest.mark.django_db

#: What the table of pillars is called.
PILLARS = "Bilangan perkara mengikut elemen dan status"
LANGUAGES = [tongue.value for tongue in SummaryLanguage]
DEPTHS = [depth.value for depth in Depth]
#: What a paragraph or a run may say of itself beside its style: its list, its page, its language and direction.
PARAGRAPH_MARKS = {"pStyle", "pageBreakBefore", "numPr", "bidi"}
RUN_MARKS = {"rStyle", "rtl", "lang"}


def local_names(document: Document, name: str) -> set[str]:
    return {child.tag.rpartition("}")[2] for each in elements(document, name) for child in each}


def test_write_any_depth_in_any_language_states_everything(told: Told) -> None:
    for depth, language in product(DEPTHS, LANGUAGES):
        asked = {"depth": depth, "language": language}
        stated = opened(told.made(ExportFormat.DOCX, **asked)).tables[0]

        content = told.content(**asked)
        statement = Statement.of(content.selection, told.maker(), content.finish())
        for tongue in ("ms", "en") if language == "both" else (language,):
            for row, (label, value) in zip(stated.rows, statement.lines(tongue), strict=True):
                assert label in row.cells[0].text
                assert value in row.cells[1].text


@pytest.fixture
def document(full_docx: bytes) -> Document:
    return opened(full_docx)


def test_write_full_has_real_headings(document: Document) -> None:
    assert texts(document, "Title") == ["Ringkasan kemajuan"]
    assert texts(document, "Heading 1") == [
        "Status keseluruhan",
        "2 syor",
        "1 kelemahan",
        "Yang lewat, menunggu dan dikembalikan",
        "Perkara satu demi satu",
        "Cara membaca ringkasan ini",
        "Nama agensi",
    ]
    items = ["Syor 1 · Perlindungan", "Syor 2 · Pendakwaan", "Kelemahan 1 · Pencegahan"]
    assert texts(document, "Heading 2") == items
    parts_of_items = ["Mengikut elemen", "Agensi", "Kemajuan yang diterima", "Bukti"]
    assert texts(document, "Heading 3")[:4] == parts_of_items
    begun = [
        each.text
        for each in document.paragraphs
        if each._p.pPr is not None and each._p.pPr.find(qn("w:pageBreakBefore")) is not None
    ]
    # The heading of the first item shares its page with that of the part.
    assert begun == ["Perkara satu demi satu", *items[1:]]
    assert of_style(document, "Official Text")


def test_write_full_gives_the_rows(told: Told, document: Document) -> None:
    _head, *rows = table_called(document, "Bilangan perkara mengikut status")
    figures = [[int(figure) for figure in row[1:]] for row in rows]
    assert figures == [
        [each.none, each.progress, each.done, each.waiting, each.late, each.returned]
        for each in told.content().totals
    ]
    # The verdict stands beside the claim.
    head, pdrm, jim = table_called(document, "Agensi bagi Syor 1")
    assert head[2:4] == ["Dilaporkan", "Keputusan MAPO"]
    assert pdrm[2:4] == ["Dalam Tindakan, 60%", "Dalam Tindakan, 40%\nBerbeza daripada laporan"]
    assert jim[2:4] == ["Dalam Tindakan, 30%", "Dalam Tindakan, 30%"]
    assert texts(document, "Narrative").count(NASTY) == 1


def test_write_gives_pillars_and_names_of_agencies(told: Told) -> None:
    document = opened(told.made(ExportFormat.DOCX, depth="lines"))

    _head, *rows = table_called(document, PILLARS)
    assert [[row[0], row[-1]] for row in rows] == [
        ["Pendakwaan", "1"], ["Perlindungan", "1"], ["Pencegahan", "1"],
    ]  # fmt: skip
    _head, *names = table_called(document, "Nama agensi")
    known = told.content().names
    assert names == [[code, known[code].name_ms] for code in ("JIM", "KLN", "PDRM")]


@pytest.mark.parametrize("language", ["ms", "en"])
def test_write_lines_gives_a_row_for_each_item(told: Told, language: str) -> None:
    document = opened(told.made(ExportFormat.DOCX, depth="lines", language=language))

    content = told.content(depth="lines", language=language)
    captions = {"ms": ("2 syor", "1 kelemahan"), "en": ("2 recommendations", "1 weakness")}[language]
    rows = [row for words in captions for row in table_called(document, words)[1:]]
    with override(language):
        for row, item in zip(rows, content.items, strict=True):
            number, text, lead, status, share, accepted = row
            assert number == str(item.number)
            assert text == getattr(item, f"text_{language}")
            assert lead.split("\n")[0] == (
                item.lead.code if item.lead else {"ms": "Tiada", "en": "None"}[language]
            )
            assert status.split("\n")[0] == str(Status(item.status).label)
            assert share == percent(item.percent)
            assert accepted == (dates.short_day(item.decided_on) or {"ms": "Tiada", "en": "None"}[language])


def test_write_updates_gives_newest_first_with_dates_and_documents(told: Told) -> None:
    document = opened(told.made(ExportFormat.DOCX, item="recommendation-1"))

    updates = list(told.content(item="recommendation-1").updates())
    heads = texts(document, "Update Heading")
    assert [head.split()[0] for head in heads] == [update.code for update in updates]
    assert all(head.endswith("\t1 Ogos 2023".replace(" ", "\N{NO-BREAK SPACE}")) for head in heads)
    notes = [note for note in texts(document, "Note") if note.startswith("Meliputi")]
    for note, update in zip(notes, updates, strict=True):
        numbers = ", ".join(str(number) for number in update.documents)
        assert f"Bukti: Dokumen {numbers}" in note


def test_write_evidence_lists_each_document_with_its_hash(told: Told) -> None:
    document = opened(told.made(ExportFormat.DOCX, depth="evidence"))

    known = list(told.content(depth="evidence").documents())
    assert known
    listed = {
        row[0]: row
        for words in ("Bukti bagi Syor 1", "Bukti bagi Syor 2")
        for row in table_called(document, words)[1:]
    }
    assert set(listed) == {str(each.number) for each in known}
    for each in known:
        name, _size, sha256 = listed[str(each.number)][1].split("\n")
        assert (name, sha256) == (each.name, each.sha256)
        assert listed[str(each.number)][2] == each.code


def test_write_for_observer_leaves_out_what_only_agencies_and_mapo_know(told: Told) -> None:
    document = opened(told.made(ExportFormat.DOCX, "observer"))

    told_words = everything(document)
    head = ["Agensi", "Peranan", "Keputusan MAPO", "Diterima"]
    assert table_called(document, "Agensi bagi Syor 1")[0] == head
    for word in (
        "Menunggu semakan", "Dilaporkan", "Laporan.pdf", "Bukti: ", "cadangan", "Perkara sulit.", "60%",
    ):  # fmt: skip
        assert word not in told_words
    assert NASTY in texts(document, "Narrative")


def test_write_for_agency_holds_its_own_marks_alone_and_says_whose_lateness_it_is(told: Told) -> None:
    document = opened(told.made(ExportFormat.DOCX, "jim"))

    _head, pdrm, jim = table_called(document, "Agensi bagi Syor 1")
    assert (pdrm[2], jim[2]) == ("", "Dalam Tindakan, 30%")
    assert "Laporan.pdf" not in everything(document)
    assert "Imigresen.pdf" in everything(document)
    head, *_rows = table_called(document, "Bilangan perkara mengikut status")
    assert "Lewat (JIM sahaja)" in head


def test_write_takes_every_look_from_a_style(told: Told) -> None:
    document = opened(told.made(ExportFormat.DOCX, language="both"))

    assert local_names(document, "w:pPr") <= PARAGRAPH_MARKS
    assert local_names(document, "w:rPr") <= RUN_MARKS
    assert {table.style.name for table in document.tables} <= {
        "Jejak Table",
        "Jejak Facts",
        "Jejak Side by Side",
    }
    known = {style.style_id for style in document.styles}
    for name in ("w:pStyle", "w:rStyle", "w:tblStyle"):
        assert {each.get(qn("w:val")) for each in elements(document, name)} <= known


def test_write_tables_repeat_their_head_and_pages_have_class_and_number(document: Document) -> None:
    for table in document.tables:
        head, *rest = table._tbl.tr_lst
        is_listing = table.style.name == "Jejak Table"
        assert (head.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None) == is_listing
        assert all(row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is None for row in rest)
        assert caption(table)
    (section,) = document.sections
    # A4.
    assert section.page_width.mm == pytest.approx(210, abs=0.1)
    assert section.page_height.mm == pytest.approx(297, abs=0.1)
    assert [each.text for each in section.header.paragraphs] == ["Sulit"]
    running, banner = section.footer.paragraphs
    assert banner.text == "Sulit"
    assert running.text.startswith("Ringkasan kemajuan setakat 31\N{NO-BREAK SPACE}Ogos")
    assert [each.get(qn("w:instr")) for each in running._p.iter(qn("w:fldSimple"))] == ["PAGE", "NUMPAGES"]


def test_write_in_two_languages_puts_the_texts_side_by_side(told: Told) -> None:
    document = opened(told.made(ExportFormat.DOCX, language="both"))

    item = told.content().items[0]
    table = next(each for each in document.tables if caption(each) == f"{item.text_ms} / {item.text_en}")
    malay, english = table.rows[0].cells
    assert (malay.text, english.text) == (item.text_ms, item.text_en)
    assert not list(malay._tc.iter(qn("w:lang")))
    assert [each.get(qn("w:val")) for each in english._tc.iter(qn("w:lang"))] == ["en-MY"]
    assert texts(document, "Title") == ["Ringkasan kemajuan / Progress summary"]


def test_write_names_the_language_of_the_document(told: Told, full_docx: bytes) -> None:
    made = {language: told.made(ExportFormat.DOCX, language=language) for language in ("en", "both")}
    for name, marks, data in (
        ("ms-MY", set(), full_docx),
        ("en-MY", set(), made["en"]),
        ("ms-MY", {"en-MY"}, made["both"]),
    ):
        document = opened(data)
        (default,) = document.styles.element.iter(qn("w:lang"))
        assert default.get(qn("w:val")) == name
        assert document.core_properties.language == name
        assert {each.get(qn("w:val")) for each in elements(document, "w:lang")} == marks


def test_write_contents_are_filled_and_lead_to_the_headings(document: Document) -> None:
    (contents,) = elements(document, "w:sdt")
    anchors = [each.get(qn("w:anchor")) for each in contents.iter(qn("w:hyperlink"))]
    marks = [each.get(qn("w:name")) for each in elements(document, "w:bookmarkStart")]
    headings = [each for each in document.paragraphs if each.style.name in ("Heading 1", "Heading 2")]
    assert anchors == marks
    entries = [
        "".join(letters.text for letters in each.iter(qn("w:t"))) for each in contents.iter(qn("w:hyperlink"))
    ]
    assert entries == [each.text for each in headings]
    assert all(each.get(qn("w:anchor")) in marks for each in elements(document, "w:hyperlink"))
    pages = [code.text.split()[1] for code in contents.iter(qn("w:instrText"))]
    assert pages == anchors
    begun = [each for each in contents.iter(qn("w:fldChar")) if each.get(qn("w:fldCharType")) == "begin"]
    assert {each.get(qn("w:dirty")) for each in begun} == {"true"}


def test_write_makes_word_ask_for_nothing_but_page_numbers(full_docx: bytes, document: Document) -> None:
    package = parts(full_docx)
    assert not any(each.get("TargetMode") == "External" for each in relationships(full_docx))
    kinds = {each.get("Type").rpartition("/")[2] for each in relationships(full_docx)}
    assert kinds <= {
        "officeDocument", "core-properties", "extended-properties", "styles", "settings", "numbering", "header", "footer",
    }  # fmt: skip
    assert b"updateFields" not in package["word/settings.xml"].partition(b"?>")[2].partition(b"-->")[2]
    codes = {code.text.split()[0] for code in elements(document, "w:instrText")}
    assert codes == {"PAGEREF"}
    assert not list(elements(document, "w:drawing")) and not list(elements(document, "w:object"))


def test_write_properties_say_who_made_it_and_what_it_is(told: Told, document: Document) -> None:
    facts, maker = document.core_properties, told.maker()
    assert facts.title == "Ringkasan kemajuan 2023"
    assert facts.subject.startswith("2 syor dan 1 kelemahan")
    assert facts.keywords == told.content().finish().fingerprint
    assert facts.author == facts.last_modified_by == maker.words
    assert facts.created == maker.made_at.astimezone(UTC).replace(microsecond=0)
    assert facts.comments == ""


def test_write_twice_gives_the_same_bytes_and_tells_its_progress_to_the_last_row(
    told: Told, full_docx: bytes
) -> None:
    heard: list[int] = []
    content, target = told.content(progress=heard.append), BytesIO()
    writer_of(ExportFormat.DOCX)(content, target, maker=told.maker())
    assert target.getvalue() == full_docx
    assert heard[-1] == content.finish().rows_count


def test_write_more_rows_than_word_holds_is_refused(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_WORD_ROWS", 4)

    with pytest.raises(TooManyRows, match="Excel"):
        told.made(ExportFormat.DOCX)


def test_write_late_and_waiting_are_listed(told: Told) -> None:
    document = opened(told.made(ExportFormat.DOCX, day="2023-09-14"))

    content = told.content(day="2023-09-14")
    in_force = [each for item in content.items for each in item.in_force]
    marks = sum(bool(each.waiting_since) + bool(each.returned_since) for each in in_force)
    _head, *rows = table_called(document, "Yang lewat, menunggu dan dikembalikan")
    assert len(rows) == marks > 0
    assert ["PDRM", "Syor 1"] in [row[:2] for row in rows]
    _head, *agencies = table_called(document, "Lewat")
    late = [each.code for each in in_force if each.late_days is not None]
    assert sorted(code.partition("\n")[0] for code, *_cells in agencies) == sorted(set(late))
    assert sum(int(count) for *_cells, count, _longest in agencies) == len(late) > 0
