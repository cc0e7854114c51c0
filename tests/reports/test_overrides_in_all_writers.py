"""A state that MAPO has set itself never looks like a verdict: every format, at every depth, in every language.

Beside it stand what is easily told wrong: a superseded verdict, a withdrawn update, ended assignments, a sealed file.
An assignment that ended leaves the state; what was accepted of it stays, with its evidence, where accepted updates are told.
"""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import cycle, product
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest

from accounts.roles import Role
from evidence.services.lifecycle import seal_document
from recommendations import services
from recommendations.states import AssignmentRole, Status
from reports.states import (
    FORMATS,
    WITH_DOCUMENTS,
    WITH_UPDATES,
    Depth,
    ExportFormat,
    SummaryLanguage,
)
from reports.writers.wording import sentences
from tests.conftest import Clock
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.evidence import make_document
from tests.factories.recommendations import REPORTED, make_accepted, make_assignment
from tests.reports import packs
from tests.reports.conftest import Told
from tests.reports.meeting_papers import bytes_of, lay, made, prepared
from tests.reports.printed_pdf import PrintedPaper
from tests.reports.test_all_writers import AS_SUPPORT, TABLES, WORDS, squeezed, words_of_pdf
from tests.reports.test_titles_in_all_writers import assert_short_titles, give_titles
from tests.shared import shared
from ui import dates

pytestmark = pytest.mark.django_db

TODAY = "2023-09-14"
BEGIN, END = "Mesyuarat menerima pekeliling yang sudah berkuat kuasa.", "Inilah penghujung sebab itu."
REASON = " ".join([BEGIN, *["Semakan susulan akan dibuat oleh Sekretariat."] * 9, END])
WITHDRAWN = "Menunggu keputusan."
SEALED = "Sulit.pdf"
#: An agency whose only assignment ended, what was accepted of it, and its evidence.
ENDED_ON = "The assignment ended on 14 Sep 2023"
ENDED, ENDED_TEXT, ENDED_FILE = "MPOB", "Kursus untuk pekebun kecil.", "Pekebun.pdf"
#: What the papers for people say, by language: the mark, what the verdicts alone give, the state itself.
MARK = {"ms": "Ditetapkan oleh MAPO", "en": "Set by MAPO"}
BENEATH = {"ms": "Dalam Tindakan, 40%", "en": "In progress, 40%"}
SET = {"ms": "Selesai, 100%", "en": "Completed, 100%"}
#: The sheet of a meeting sums decisions up by item.
SET_ON_SHEET = {"ms": "Selesai (ditetapkan MAPO)", "en": "Completed (set by MAPO)"}
#: On the page of an item in a bilingual PDF.
SET_IN_BOTH = "Selesai · Completed, 100%"
#: Where room is small, the reason is shortened; the meeting sheet gives it whole among the decisions.
SHORTENED = {(ExportFormat.PDF, Depth.GLANCE), (ExportFormat.DOCX, Depth.GLANCE)}


@shared
def mixed(told: Told, clock: Clock) -> Told:
    """On 14 September MAPO sets recommendation 1 to completed, which the verdicts give 40 %; on the 15th it is read."""
    mapo, now = {"actor": told.people["administrator"], "now": told.now}, told.now
    services.supersede_verdict(
        told.reviews["jim2"], status=Status.DONE, percent=100, reason="Bukti lengkap.", **mapo
    )
    waiting = told.assignments["pdrm"].open_update
    services.withdraw_update(waiting, actor=told.people["officer"], now=now)
    draft = told.assignments["jim"].open_update
    services.discard_update(draft, revision=draft.revision, actor=told.people["jim"], now=now)
    services.end_assignment(told.assignments["jim"], reason="Tugas berpindah.", **mapo)
    end_a_part(told)
    seal_document(told.documents["jim20"], reason="Maklumat mangsa.", **mapo)
    services.override_item(told.items["first"], status=Status.DONE, percent=100, reason=REASON, **mapo)
    give_titles(told)
    told.now = clock.move_to(now + timedelta(days=1))
    return told


def end_a_part(told: Told) -> None:
    """An agency supports on recommendation 1, its update is accepted with a document, and its assignment ends."""
    mapo, now = told.people["administrator"], told.now
    agency = AgencyFactory(code=ENDED, name_ms=f"Agensi {ENDED}", name_en=f"Agency {ENDED}")
    officer = UserFactory(role=Role.OFFICER, agency=agency)
    part = make_assignment(told.items["first"], agency, role=AssignmentRole.SUPPORT, actor=mapo, now=now)
    file = make_document(agency, actor=officer, now=now, name=ENDED_FILE)
    reported = replace(REPORTED, narrative=ENDED_TEXT, document_ids=frozenset({file.pk}))
    make_accepted(part, actor=officer, reviewer=told.people["reviewer"], now=now, content=reported)
    services.end_assignment(part, reason="Tugas berpindah.", actor=mapo, now=now)


#: The two forms of a council paper.
COUNCIL_PAPERS = (ExportFormat.COUNCIL, ExportFormat.COUNCIL_PDF)
#: The papers that people read as words, at every depth: in both languages, and in Malay and English by turns.
PAPERS = [
    (*paper, language)
    for paper, own in zip(
        [(each, depth) for each in WORDS if each not in TABLES for depth in FORMATS[each].depths],
        cycle((SummaryLanguage.MALAY, SummaryLanguage.ENGLISH)),
        strict=False,
    )
    for language in (own, SummaryLanguage.BOTH)
]
#: Depths of data, and their languages by turns.
DEPTHS = list(zip(Depth.values, cycle(SummaryLanguage.values), strict=False))


@pytest.mark.parametrize(("export_format", "depth", "language"), PAPERS)
def test_papers_tell_an_override_as_one_and_items_by_short_titles(
    mixed: Told, export_format: ExportFormat, depth: Depth, language: str
) -> None:
    codes = SummaryLanguage(language).codes
    is_of_others = language == SummaryLanguage.BOTH and not FORMATS[export_format].is_of_mapo
    for reader in ("reviewer", "observer") if is_of_others else ("reviewer",):
        words = squeezed(
            WORDS[export_format](mixed.made(export_format, reader, day=TODAY, depth=depth, language=language))
        )
        assert squeezed(BEGIN) in words
        assert (squeezed(END) in words) == ((export_format, depth) not in SHORTENED)
        for tongue in codes:
            assert_set_by_mapo(mixed, words, reader, tongue)
            assert words.count(squeezed(MARK[tongue])) >= marks_in(export_format, depth)
        assert_no_traces(words)
        assert_ended_part(words, export_format, depth, reader)
        if depth in WITH_UPDATES and "en" in codes and not FORMATS[export_format].is_of_mapo:
            assert words.count(squeezed(ENDED_ON)) == 2, "beside JIM's update, too"
        if FORMATS[export_format].is_of_mapo:
            # Among the decisions; a council paper in both languages is one paper after the other.
            is_twice = export_format in COUNCIL_PAPERS and language == SummaryLanguage.BOTH
            assert words.count(ENDED) == 1 + is_twice
        if depth in (Depth.GLANCE, Depth.LINES):
            assert_no_day_of_the_verdict(mixed, words)
            assert language == SummaryLanguage.BOTH or "100%–" in words
        if export_format != ExportFormat.MEETING:
            assert_short_titles(mixed, words, export_format, depth, codes)
        elif language != SummaryLanguage.BOTH:
            name = squeezed(mixed.people["administrator"].name)
            assert words.count(squeezed(BEGIN)) == words.count(name) == 1
        if (export_format, depth, language) == (ExportFormat.PDF, Depth.GLANCE, "ms"):
            assert words.count(squeezed(MARK["ms"])) == 2


def assert_no_day_of_the_verdict(mixed: Told, words: str) -> None:
    """The lead's verdict gives no state here: its day does not stand there, nor that nothing was accepted."""
    assert "100%Tiada" not in words and "100%None" not in words
    for tongue in ("ms", "en"):
        for write in (dates.day, dates.short_day):
            day = squeezed(write(mixed.reviews["pdrm"].decided_at, language=tongue))
            assert not re.search(rf"(?<!\d){day}", words)


def assert_set_by_mapo(mixed: Told, words: str, reader: str, tongue: str) -> None:
    """Who set it is told to MAPO; others read that MAPO did."""
    name = mixed.people["administrator"].name
    setter = f"MAPO ({name})" if reader == "reviewer" else "MAPO"
    assert (squeezed(name) in words) == (reader == "reviewer")
    day = dates.day(mixed.now - timedelta(days=1), language=tongue)
    by, on = {"ms": ("oleh", "pada"), "en": ("by", "on")}[tongue]
    assert squeezed(f"{by} {setter} {on} {day}") in words
    assert squeezed(BENEATH[tongue]) in words
    assert any(squeezed(each) in words for each in (SET[tongue], SET_IN_BOTH))


def marks_in(export_format: ExportFormat, depth: Depth) -> int:
    """How often the mark stands there at least, in each language: with the reason and, where there is room, in the row."""
    is_narrow = export_format == ExportFormat.PDF and depth == Depth.GLANCE
    return 1 if is_narrow or depth == Depth.EVIDENCE or export_format == ExportFormat.MEETING else 2


def test_meeting_sheet_marks_the_item_itself(mixed: Told) -> None:
    sheet = PrintedPaper(mixed.made(ExportFormat.MEETING, day=TODAY))
    assert any(MARK["ms"] in tag.alt for tag in sheet.tags() if "Syor 1: Selesai" in tag.alt)
    assert re.search(r"100%\s+MAPO", sheet.words)


def test_a_shortened_reason_ends_after_a_whole_word() -> None:
    item: Any = SimpleNamespace(state=SimpleNamespace(override=SimpleNamespace(reason=REASON)))
    for most in (20, 47, 120):
        begin = sentences.reason_of(item, most=most)
        assert len(begin) <= most and begin.endswith("…")
        assert f"{begin.removesuffix('…')} " in " ".join(REASON.split())


def assert_no_traces(words: str) -> None:
    """Nothing of the withdrawn update, of the sealed file's name, or of whom the verdicts waited for."""
    assert squeezed(WITHDRAWN) not in words and squeezed(SEALED) not in words
    for waits in ("Menunggu JIM", "Waits for JIM"):
        assert squeezed(waits) not in words


def assert_ended_part(words: str, export_format: ExportFormat, depth: Depth | str, reader: str) -> None:
    """An assignment that ended is no part of the state; its text and its evidence stay where those of others are told.

    MAPO's own papers hold no evidence, and a council paper the texts of leads alone; both name it among the
    decisions. Observers see no evidence.
    """
    is_of_mapo = FORMATS[export_format].is_of_mapo
    has_text = depth in WITH_UPDATES and export_format not in COUNCIL_PAPERS
    has_file = depth in WITH_DOCUMENTS and reader == "reviewer" and not is_of_mapo
    assert not re.search(AS_SUPPORT.format(code=ENDED), words)
    assert (squeezed(ENDED_TEXT) in words) == has_text
    assert (squeezed(ENDED_FILE) in words) == has_file
    assert (ENDED in words) == (has_text or has_file or is_of_mapo)


def rows_of(export_format: ExportFormat, data: bytes) -> list[dict[str, Any]]:
    """The records of a table or of data: items, agencies, updates and documents, with the names of their columns."""
    if export_format == ExportFormat.JSON:
        told = json.loads(data)
        parts = {"item": told["items"], "update": told["updates"], "document": told["documents"]}
        parts["agency"] = [agency for item in told["items"] for agency in item["agencies"]]
        return [{"record": name, **plain(row)} for name, rows in parts.items() for row in rows]
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value["code"] if isinstance(value, dict) else value for name, value in row.items()}


@pytest.mark.parametrize("export_format", [ExportFormat.CSV, ExportFormat.JSON])
def test_data_tell_an_override_as_one(mixed: Told, export_format: ExportFormat) -> None:
    for reader, (depth, language) in product(("reviewer", "observer"), DEPTHS):
        data = mixed.made(export_format, reader, day=TODAY, depth=depth, language=language)
        rows = rows_of(export_format, data)
        (item,) = (row for row in rows if row["record"] == "item" and row["item"] == "recommendation-1")
        name = mixed.people["administrator"].name if reader == "reviewer" else ""
        assert (item["status"], str(item["percent"])) == ("done", "100")
        assert (item["verdicts_status"], str(item["verdicts_percent"])) == ("progress", "40")
        assert (item["set_reason"], item["set_by"], item["set_at"][:10]) == (REASON, name, TODAY)
        assert not item["decided_on"] and not item["held_by"]
        agencies = [row for row in rows if row["record"] == "agency" and row["item"] == "recommendation-1"]
        assert [row["agency"] for row in agencies] == ["PDRM"]
        assert_ended_part(squeezed(data.decode()), export_format, depth, reader)
        (other,) = (row for row in rows if row["record"] == "item" and row["item"] == "recommendation-2")
        assert (other["status"], other["decided_on"]) == ("done", TODAY)
        assert not other["set_at"] and not other["verdicts_status"]
        decided = [row for row in rows if row["record"] == "update" and row["item"] == "recommendation-2"]
        assert all(str(row["percent"]) == "100" for row in decided)
        ended = {
            row["agency"]: row["ended_on"] for row in rows if row["record"] == "update" and row["ended_on"]
        }
        assert ended == ({"JIM": TODAY, ENDED: TODAY} if depth in WITH_UPDATES else {})
        assert_no_traces(squeezed(data.decode()))


def test_workbook_tells_an_override_as_one(mixed: Told) -> None:
    name = mixed.people["administrator"].name
    for reader, (depth, language) in product(("reviewer", "observer"), DEPTHS):
        made = mixed.made(ExportFormat.XLSX, reader, day=TODAY, depth=depth, language=language)
        book = openpyxl.load_workbook(io.BytesIO(made))
        cells = [
            str(value)
            for sheet in book.worksheets
            for row in sheet.iter_rows(values_only=True)
            for value in row
        ]
        words = squeezed(" ".join(cells))
        assert REASON in cells and (name in cells) == (reader == "reviewer")
        for tongue in SummaryLanguage(language).codes:
            for head in HEADS[tongue]:
                assert squeezed(head) in words
        assert_no_traces(words)
        assert_ended_part(words, ExportFormat.XLSX, depth, reader)


#: The heads of the columns that tell an override.
HEADS = {
    "ms": (
        "Mengikut keputusan sahaja: status",
        "Mengikut keputusan sahaja: kemajuan",
        "Ditetapkan oleh MAPO pada",
    ),
    "en": ("Verdicts alone: status", "Verdicts alone: progress", "Set by MAPO on"),
}


def test_pack_tells_an_override_as_one(mixed: Told) -> None:
    taken = packs.take(mixed, packs.asked(mixed, day=TODAY, language="both"))
    texts = {name: squeezed(taken.text(name)) for name in taken.names if name.endswith(".txt")}
    (of_pdrm,) = (text for name, text in texts.items() if "PDRM" in name)
    for tongue in ("ms", "en"):
        assert squeezed(MARK[tongue]) in of_pdrm and squeezed(BENEATH[tongue]) in of_pdrm
    assert squeezed(REASON) in of_pdrm
    (summary,) = (name for name in taken.names if name.endswith(".pdf") and "/" not in name)
    told = squeezed(words_of_pdf(taken.read(summary)))
    for text in (*texts.values(), told, " ".join(taken.names)):
        assert_no_traces(text)
    assert_ended_part(told, ExportFormat.PDF, Depth.FULL, "reviewer")
    (of_ended,) = (text for name, text in texts.items() if ENDED in name)
    assert squeezed(ENDED_TEXT) in of_ended
    assert [name for name in taken.evidence if ENDED in name and name.endswith(ENDED_FILE)]


def test_papers_of_a_meeting_tell_an_override_as_one(mixed: Told) -> None:
    laid = lay(mixed, prepared(mixed, as_at=date.fromisoformat(TODAY)))
    for paper, language in (
        (ExportFormat.MEETING, SummaryLanguage.MALAY),
        (ExportFormat.MEETING, SummaryLanguage.ENGLISH),
        (ExportFormat.COUNCIL, SummaryLanguage.MALAY),
        (ExportFormat.COUNCIL_PDF, SummaryLanguage.ENGLISH),
    ):
        words = squeezed(WORDS[paper](bytes_of(made(mixed, laid, paper, language))))
        day = dates.day(mixed.now - timedelta(days=1), language=language)
        by, on = {"ms": ("oleh", "pada"), "en": ("by", "on")}[language]
        told = SET_ON_SHEET if paper == ExportFormat.MEETING else SET
        for expected in (
            BEGIN, END, f"{by} MAPO ({mixed.people['administrator'].name}) {on} {day}",
            MARK[language], BENEATH[language], told[language],
        ):  # fmt: skip
            assert squeezed(expected) in words, (paper, language)
        assert_no_traces(words)
        # What was accepted of an assignment that ended is among the decisions; nothing waits for it or holds back.
        assert words.count(ENDED) == 1 and not re.search(AS_SUPPORT.format(code=ENDED), words)
