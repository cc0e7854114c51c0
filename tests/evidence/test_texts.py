"""The text inside files: extracted by a child process that can neither harm nor hang the worker."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import docx
import odfdo
import openpyxl
import pptx
import pytest
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from audit import clock
from demo.samples import sample_document
from evidence import display, storage, tasks, text_extraction
from evidence.extraction import readers
from evidence.kinds.catalogue import BY_CODE, KINDS, TEXT_KINDS
from evidence.limits import MAX_TEXT_CHARACTERS
from evidence.models import Document, DocumentText, FileCheck
from evidence.services import texts
from evidence.services.lifecycle import seal_document
from evidence.services.receiving import register_reference
from evidence.services.scans import record_scan
from evidence.services.texts import claim_text, read_texts_again, save_text
from evidence.states import Harm, ScanState, TextState
from tests.evidence import files
from tests.evidence.conftest import World

SENTENCE = "Mangsa dirujuk ke rumah perlindungan"


def read(content: bytes, kind: str, tmp_path: Path) -> text_extraction.ExtractedText:
    path = tmp_path / "file"
    path.write_bytes(content)
    with path.open("rb") as file:
        return text_extraction.extract(file, kind=kind)


def pdf(text: str = SENTENCE) -> bytes:
    return sample_document("Laporan.pdf", agency="JTK", text=text)


def word() -> bytes:
    document = docx.Document()
    document.add_paragraph(SENTENCE)
    document.add_table(1, 2).cell(0, 1).text = "Sel jadual"
    document.sections[0].header.paragraphs[0].text = "Kepala surat"
    return _saved(document)


def sheet() -> bytes:
    book = openpyxl.Workbook()
    book.active.append([SENTENCE, 42])
    book.create_sheet("Helaian kedua").append(["Akhir"])
    return _saved(book)


def slides() -> bytes:
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[0])
    slide.shapes.title.text = SENTENCE
    slide.notes_slide.notes_text_frame.text = "Nota penceramah"
    return _saved(show)


def open_document(kind: str) -> bytes:
    document = odfdo.Document({"odt": "text", "ods": "spreadsheet", "odp": "presentation"}[kind])
    if kind == "ods":
        table = odfdo.Table("Helaian")
        table.set_value("A1", SENTENCE)
        document.body.append(table)
    elif kind == "odt":
        document.body.append(odfdo.Paragraph(SENTENCE))
    else:
        page = odfdo.DrawPage("page1", name="Slaid")
        page.append(odfdo.Frame.text_frame(SENTENCE))
        document.body.append(page)
    return _saved(document)


def mail() -> bytes:
    html = f"<p>{SENTENCE}</p><script>rahsia()</script>".encode()
    return files.EML.replace(b"text/plain", b"text/html").replace(b"Telah diadakan.", html)


def _saved(document: Any) -> bytes:
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


CONTENTS = {
    "pdf": pdf,
    "docx": word,
    "xlsx": sheet,
    "pptx": slides,
    "odt": lambda: open_document("odt"),
    "ods": lambda: open_document("ods"),
    "odp": lambda: open_document("odp"),
    "csv": lambda: f"Perkara;Bil\n{SENTENCE};3\n".encode("utf-16"),
    "txt": lambda: f"{SENTENCE} \u2013 selesai".encode("cp1252"),
    "eml": mail,
}


def test_every_kind_with_words_is_read() -> None:
    assert set(CONTENTS) == set(TEXT_KINDS)
    assert {kind.code for kind in KINDS} - set(TEXT_KINDS) == {"jpeg", "png"}


CORNERS = {
    "docx": ("Sel jadual", "Kepala surat"),
    "xlsx": ("Akhir",),
    "pptx": ("Nota penceramah",),
    "eml": ("pegawai@jtk.example",),
}


@pytest.mark.parametrize("kind", TEXT_KINDS)
def test_read_text_with_its_corners_and_without_scripts(kind: str, tmp_path: Path) -> None:
    found = read(CONTENTS[kind](), kind, tmp_path)
    assert (found.state, found.is_cut) == (TextState.DONE, False)
    for words in (SENTENCE, *CORNERS.get(kind, ())):
        assert words in found.text
    assert "rahsia" not in found.text


def test_read_pdf_without_words(tmp_path: Path) -> None:
    assert read(files.pdf(), "pdf", tmp_path) == text_extraction.ExtractedText(TextState.EMPTY)


def test_read_broken_file(tmp_path: Path) -> None:
    for kind, content in (
        ("pdf", b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 1 0 R >>\nendobj\nstartxref\n9\n%%EOF"),
        ("pdf", b"%PDF-1.4 " + files.noise(200_000)),
        ("docx", files.docx()),
        ("xlsx", files.archive({"xl/workbook.xml": b"<a>" * 100_000})),
        ("odt", files.odf()),
        ("pptx", b""),
    ):
        assert read(content, kind, tmp_path) == text_extraction.ExtractedText(TextState.FAILED), kind


@pytest.mark.long
def test_read_bomb_ends_in_a_state(tmp_path: Path) -> None:
    """A part of two megabytes that unpacks to more than the child may hold."""
    honest = zipfile.ZipFile(io.BytesIO(sheet()))
    parts = {name: honest.read(name) for name in honest.namelist()}
    part = "xl/worksheets/sheet1.xml"
    parts[part] = parts[part].replace(SENTENCE.encode(), b"x" * (900 * 1024 * 1024))
    bomb = files.archive(parts)
    assert len(bomb) < 2 * 1024 * 1024
    found = read(bomb, "xlsx", tmp_path)
    assert found.state in (TextState.TOO_BIG, TextState.FAILED) or found.is_cut
    assert len(found.text) < 100


@pytest.mark.long
def test_read_huge_sheet_keeps_its_beginning(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for _number in range(20_000):
        book.active.append([SENTENCE, SENTENCE])
    found = read(_saved(book), "xlsx", tmp_path)
    assert (found.state, found.is_cut) == (TextState.DONE, True)
    assert len(found.text) <= MAX_TEXT_CHARACTERS
    assert found.text.startswith("Sheet")


def test_read_long_text_keeps_its_beginning(tmp_path: Path) -> None:
    found = read("kata ڤرکارا ".encode() * 1_000_000, "txt", tmp_path)
    assert (found.state, found.is_cut) == (TextState.DONE, True)
    assert len(found.text) <= MAX_TEXT_CHARACTERS


def test_read_sheet_that_claims_to_be_huge(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = SENTENCE, "hujung"
    found = read(_saved(book), "xlsx", tmp_path)
    assert found.state == TextState.DONE
    assert SENTENCE in found.text


def test_clean_text() -> None:
    for given, clean in (
        ("ﬁle  satu\r\n\r\n dua\x00\x1b", "file satu\ndua"),
        ("kata\u00adkerja\u200b", "katakerja"),
        ("\u00a0Ａgensi\t4", "Agensi 4"),
        ("ﭘﺮﻛﺎﺭﺍ", "پركارا"),
    ):
        assert readers.clean(given) == clean, given


# The life of a text


def words_of(document: Document) -> DocumentText:
    return DocumentText.objects.get(document=document)


def test_extract_text_after_upload(world: World) -> None:
    document = world.document(content=pdf())
    assert Document.objects.waiting_for_text(world.now).get() == document
    assert tasks.extract_text(document.pk) == "done"
    words = words_of(document)
    assert SENTENCE in words.text.replace("\n", " ")
    assert words.extracted_at is not None
    assert tasks.extract_text(document.pk) == "not due"


def test_extract_waiting_finds_what_the_queue_lost(world: World) -> None:
    world.document(content=pdf())
    world.document(name="Gambar.png", content=files.png())
    assert tasks.extract_waiting() == 1
    assert tasks.extract_waiting() == 0


@pytest.mark.parametrize("state", [ScanState.INFECTED, ScanState.FAILED])
def test_extract_text_of_a_held_file(world: World, settings: Any, state: ScanState) -> None:
    settings.SCANNER, settings.CLAMD_ADDRESS = "clamav", "127.0.0.1:9"
    document = world.document(content=pdf())
    assert tasks.extract_text(document.pk) == "not due"
    record_scan(document, state=state, now=world.now)
    assert tasks.extract_text(document.pk) == "not due"


def test_extract_text_once_the_scan_is_clean(world: World, settings: Any) -> None:
    settings.SCANNER, settings.CLAMD_ADDRESS = "clamav", "127.0.0.1:9"
    document = world.document(content=pdf())
    record_scan(document, state=ScanState.CLEAN, now=world.now)
    assert tasks.extract_text(document.pk) == "done"


def test_text_goes_when_a_virus_is_found_and_comes_back(world: World, settings: Any) -> None:
    """A file that came in without scanning, could not be scanned later, and is clean in the end."""
    document = world.document(content=pdf())
    assert tasks.extract_text(document.pk) == "done"
    settings.SCANNER, settings.CLAMD_ADDRESS = "clamav", "127.0.0.1:9"
    record_scan(document, state=ScanState.FAILED, now=world.now)
    assert (words_of(document).state, words_of(document).text) == (TextState.REMOVED, "")
    record_scan(document, state=ScanState.CLEAN, now=world.now)
    assert tasks.extract_text(document.pk) == "done"


def test_two_tasks_read_a_text_once(world: World) -> None:
    document = world.document(content=pdf())
    assert claim_text(document.pk, now=world.now) == document
    assert claim_text(document.pk, now=world.now) is None
    later = world.now + timedelta(minutes=6)
    assert claim_text(document.pk, now=later) == document


def test_claim_text_of_a_file_at_which_the_worker_falls(world: World) -> None:
    document = world.document(content=pdf())
    for turn in range(3):
        assert claim_text(document.pk, now=world.now + timedelta(hours=turn)) == document
    assert claim_text(document.pk, now=world.now + timedelta(hours=4)) is None
    assert words_of(document).state == TextState.FAILED


def test_seal_document_empties_its_text(world: World) -> None:
    document = world.document(content=pdf())
    tasks.extract_text(document.pk)
    seal_document(document, reason="Menyebut mangsa", actor=world.administrator, now=world.now)
    assert (words_of(document).state, words_of(document).text) == (TextState.REMOVED, "")
    assert tasks.extract_text(document.pk) == "not due"


def test_keep_text_that_was_sealed_meanwhile(world: World) -> None:
    document = world.document(content=pdf())
    claim_text(document.pk, now=world.now)
    seal_document(document, reason="Menyebut mangsa", actor=world.administrator, now=world.now)
    kept = save_text(document, state=TextState.DONE, text=SENTENCE, now=world.now)
    assert (kept, words_of(document).text) == (TextState.REMOVED, "")


def test_a_text_is_examined_before_its_document_is_locked(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = world.document(content=pdf())
    claim_text(document.pk, now=world.now)
    done: list[str] = []
    examine, lock = texts.find_identities, texts.locked_document
    monkeypatch.setattr(
        texts, "find_identities", lambda text, **bound: done.append("examined") or examine(text, **bound)
    )
    monkeypatch.setattr(texts, "locked_document", lambda row: done.append("locked") or lock(row))
    save_text(document, state=TextState.DONE, text=SENTENCE, now=world.now)
    assert done == ["examined", "locked"]


def test_database_refuses_the_text_of_a_sealed_document(world: World) -> None:
    document = world.document(content=pdf())
    claim_text(document.pk, now=world.now)
    seal_document(document, reason="Menyebut mangsa", actor=world.administrator, now=world.now)
    with pytest.raises(DatabaseError, match="not_of_sealed"), transaction.atomic():
        DocumentText.objects.filter(document=document).update(state=TextState.DONE, text=SENTENCE)


def test_read_texts_again(world: World) -> None:
    document = world.document(content=pdf())
    tasks.extract_text(document.pk)
    assert read_texts_again() == 1
    assert words_of(document).state == TextState.WAITING
    assert tasks.extract_waiting() == 1
    assert words_of(document).state == TextState.DONE


def test_extract_text_of_bytes_that_are_gone(world: World) -> None:
    """The disk failed: the claim stays, and the beat tries again later."""
    document = world.document(content=pdf())
    storage.remove(document.stored_name)
    assert tasks.extract_text(document.pk) == "no bytes"
    assert FileCheck.objects.get(document=document).harm == Harm.MISSING
    assert words_of(document).state == TextState.WAITING
    assert document not in Document.objects.waiting_for_text(clock.now())


def test_paper_file_has_no_text(world: World) -> None:
    register_reference(
        agency=world.agency, reference_number="KDN 1", classification=3, actor=world.officer, now=world.now
    )
    assert tasks.extract_waiting() == 0


def test_page_of_a_document_says_whether_its_text_can_be_searched(world: World) -> None:
    document, image = world.document(content=pdf()), world.document(name="Gambar.png", content=files.png())
    assert display.text_label(document) == label_of("Waiting to be read")
    tasks.extract_text(document.pk)
    assert display.text_label(document) == label_of("Can be searched")
    DocumentText.objects.filter(document=document).update(is_cut=True)
    assert display.text_label(document) == _("Can be searched up to the length limit")
    assert display.text_label(image) == ""


def label_of(label: str) -> str:
    return pgettext("text of a file", label)


def test_kinds_with_text_are_kinds() -> None:
    assert set(TEXT_KINDS) <= set(BY_CODE)
