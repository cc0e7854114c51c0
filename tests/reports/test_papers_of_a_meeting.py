"""Papers of a meeting tell its agenda as it was laid."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date, time, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse

from indicators.models import CheckExplanation, Indicator
from indicators.services.explanations import withdraw_explanation
from meetings.models import Meeting, MeetingDetails
from meetings.queries.agenda import read_agenda
from meetings.queries.laid import read_laid
from meetings.services import laying
from meetings.services.agenda import prepare_meeting
from meetings.services.decisions import record_decision
from meetings.services.meetings import announce_meeting, hold_meeting
from recommendations.services import accept_update, cancel_action, suggest_assignment
from recommendations.states import Status
from reports.states import ExportFormat, SummaryLanguage
from reports.summary.statement import Statement
from reports.writers.council.printed import PaperPages
from reports.writers.docx.text import DocxTranslator, plain
from tests.conftest import Clock
from tests.factories.recommendations import make_assignment, make_item
from tests.reports import packs
from tests.reports.conftest import Told
from tests.reports.counted import counted
from tests.reports.meeting_papers import (
    AS_AT,
    ENGLISH,
    MALAY,
    bytes_of,
    in_order,
    lay,
    made,
    meeting,
    prepared,
    words_of,
    write,
)
from tests.reports.printed_pdf import PrintedPaper
from tests.reports.word_document import everything, opened, table_called, texts
from ui import dates

__all__ = ["counted", "meeting"]
pytestmark = pytest.mark.django_db


def test_papers_tell_why_an_earlier_decision_was_cancelled(
    told: Told, clock: Clock, meeting: Meeting
) -> None:
    reviewer = told.people["reviewer"]
    about: dict[str, Any] = {"actor": reviewer, "now": told.now}
    details = MeetingDetails(
        number="Mesyuarat MAPO Bil. 2/2023", meets_on=told.today, begins=time(9), venue="Putrajaya"
    )
    earlier = hold_meeting(announce_meeting(told.cycle, details=details, **about), **about)
    decided = {"item": told.items["first"], "agency": told.agencies["PDRM"], "due_on": date(2023, 12, 1)}
    decision = record_decision(earlier, text="Latih pegawai.", token=uuid4(), **decided, **about)
    cancel_action(decision.action, reason="Diganti oleh keputusan baharu.", **about)
    told.now = clock.move_to(told.now + timedelta(days=1))
    prepare_meeting(meeting, as_at_on=date(2023, 9, 14), since_on=AS_AT, actor=reviewer, now=told.now)
    laid = lay(told, meeting)
    for export_format in (ExportFormat.COUNCIL, ExportFormat.COUNCIL_PDF, ExportFormat.MEETING):
        paper = made(told, laid, export_format, ENGLISH)
        is_word = export_format == ExportFormat.COUNCIL
        words = words_of(paper) if is_word else PrintedPaper(bytes_of(paper)).words
        told_words = "Cancelled on 14 September 2023 because: Diganti oleh keputusan baharu."
        assert told_words in " ".join(words.replace(dates.NBSP, " ").split()), export_format


def test_council_paper_has_the_points_as_they_were_laid(told: Told, meeting: Meeting) -> None:
    laid = lay(told, meeting)
    write(told, meeting, "waiting", text="Ditulis kemudian.")
    paper = made(told, laid, ExportFormat.COUNCIL)
    text = words_of(paper)
    assert in_order(
        text,
        "Mesyuarat MAPO Bil. 3/2023, 20",
        "Kedudukan",
        "Keputusan yang dipohon",
        "Latar belakang",
        "Kemas kini yang menunggu semakan MAPO",
        "Majlis diminta mengambil maklum.",
        "Perubahan sejak mesyuarat lalu",
        "Hal-hal lain",
        "Lawatan ke rumah perlindungan.",
        "Lampiran A: Kemajuan mengikut elemen",
    )
    assert "Ditulis kemudian" not in text and "menetapkan agensi peneraju" not in text
    # Signature and list of annexes stay with what they sign.
    paragraphs = opened(bytes_of(paper)).paragraphs
    signed = next(place for place, each in enumerate(paragraphs) if each.style.name == "Paper Place")
    assert [each.style.name for each in paragraphs[signed : signed + 2]] == ["Paper Place"] * 2
    assert all(each.paragraph_format.keep_with_next for each in paragraphs[signed - 1 : signed + 1])


def test_council_paper_leaves_out_the_oldest_of_too_many_decisions(
    told: Told, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid = lay(told, meeting)
    (changed,) = [point for point in read_laid(laid).points if point.kind == "changed"]
    assert len(changed.all_rows) > 1
    monkeypatch.setattr("reports.writers.council.agenda.MOST_DECISIONS", 1)
    text = words_of(made(told, laid, ExportFormat.COUNCIL, ENGLISH))
    assert "This paper leaves out" in text
    # In English it says the same.
    assert in_order(
        text,
        "Updates that await MAPO",
        "Majlis diminta",
        "What changed since the last meeting",
        "Hal-hal lain",
    )
    assert "Items without a lead agency" not in text


def test_meeting_sheet_has_the_same_on_two_pages(told: Told, meeting: Meeting) -> None:
    laid = lay(told, meeting)
    for language in (MALAY, ENGLISH, SummaryLanguage.BOTH):
        paper = PrintedPaper(bytes_of(made(told, laid, ExportFormat.MEETING, language)))
        assert len(paper.pages) <= 2
        parts = ("Mesyuarat MAPO Bil. 3/2023, 20", "Majlis diminta mengambil maklum.", "Lawatan ke rumah")
        assert in_order(paper.words, *parts), language
        assert "Items without a lead" not in paper.words and "tanpa agensi peneraju" not in paper.words


def test_evidence_pack_has_the_items_of_the_agenda_and_the_agenda(
    told: Told, meeting: Meeting, client: Client
) -> None:
    for kind in ("changed", "late"):
        write(told, meeting, kind, is_left_out=True)
    laid = lay(told, meeting)
    paper = made(told, laid, ExportFormat.PACK)
    client.force_login(told.people["reviewer"])
    response = client.get(reverse("reports:file", args=[paper.pk]))
    with ZipFile(BytesIO(b"".join(response.streaming_content))) as pack:
        names = {name.split("/", 1)[1]: name for name in pack.namelist()}
        data = json.loads(pack.read(names["summary.json"]))
        agenda, sums = pack.read(names["agenda.json"]), pack.read(names["SHA256SUMS"]).decode()
        text = pack.read(names["agenda.txt"]).decode()
    assert {row["item"]["code"] for row in data["items"]} == {"recommendation-1"}
    assert data["about"]["selection"]["agenda"] == laid.sha256
    assert hashlib.sha256(agenda).hexdigest() == laid.sha256
    assert f"{laid.sha256}  agenda.json" in sums
    assert "Majlis diminta mengambil maklum." in text and "Hal-hal lain" in text
    assert any(name.startswith("bukti/syor-01/PDRM/") for name in names)


def test_papers_tell_how_long_mapo_took_month_by_month(
    told: Told, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three decisions on the day of the submission in August, and one after 25 days in September."""
    packs.leave_summaries_unprinted(monkeypatch)
    reviewer = told.people["reviewer"]
    waiting = told.assignments["pdrm"].open_update.newest_submission
    accept_update(waiting, status=Status.PROGRESS, percent=50, reason="Lebih.", actor=reviewer, now=told.now)
    told.now = clock.move_to(told.now + timedelta(days=1))
    laid = lay(told, prepared(told, as_at=date(2023, 9, 14)))
    figures = [("–", "0")] * 4 + [("0.0", "3"), ("25.0", "1")]
    for language, title, names, told_words in (
        (MALAY, "Tempoh semakan MAPO", "Apr Mei Jun Jul Ogos Sep", "Ogos 0.0 (3 keputusan) dan Sep 25.0 (1 keputusan)."),
        (ENGLISH, "MAPO’s own turnaround", "Apr May Jun Jul Aug Sep", "Aug 0.0 (3 decisions) and Sep 25.0 (1 decision)."),
    ):  # fmt: skip
        paper = opened(bytes_of(made(told, laid, ExportFormat.COUNCIL, language)))
        _head, *rows = table_called(paper, title)
        assert rows == [[name, *told] for name, told in zip(names.split(), figures, strict=True)]
        sheet = PrintedPaper(bytes_of(made(told, laid, ExportFormat.MEETING, language))).words
        pack = packs.take(told, made(told, laid, ExportFormat.PACK, language)).text("agenda.txt")
        assert told_words in sheet.replace(dates.NBSP, " ") and told_words in pack


def test_council_paper_asks_what_the_ordinary_draft_asks(
    told: Told, meeting: Meeting, counted: Indicator, clock: Clock
) -> None:
    """Given contradicting figures, a lead without action and a verdict unlike the claim, when papers are made of an agenda
    and without one, then both show each and ask the same."""
    about: dict[str, Any] = {"actor": told.people["reviewer"], "now": told.now}
    assigned = {"actor": told.people["administrator"], "now": told.now}
    make_assignment(make_item(told.cycle, number=5), told.agencies["KLN"], **assigned)
    given = CheckExplanation.objects.get()
    withdraw_explanation(given.check_of, reason="Diminta semula.", seen=str(given.pk), **about)
    write(told, meeting, "no_lead")
    prepare_meeting(meeting, as_at_on=told.today, since_on=date(2023, 7, 31), **about)
    told.now = clock.move_to(told.now + timedelta(days=1))
    documents = [
        opened(bytes_of(made(told, lay(told, meeting), ExportFormat.COUNCIL))),
        opened(told.made(ExportFormat.COUNCIL, day="2023-09-14", since="2023-07-31")),
    ]
    asked = []
    for document in documents:
        points = texts(document, "Paper Point")
        first = next(place for place, each in enumerate(points) if each.startswith("mengambil maklum"))
        last = next(place for place, each in enumerate(points) if each.endswith("."))
        asked.append([each.rstrip(";.") for each in points[first : last + 1] if not each.startswith("[")])
        _head, row = table_called(document, "Percanggahan")
        assert row[0].startswith("29 + 50 + 0 + 1 = 80") and row[1:] == ["PDRM", "Belum dijelaskan."]
        _head, *differing = table_called(document, "Laporan dan keputusan yang berbeza")
        assert ["PDRM", "Syor 1", "Dalam Tindakan, 60%", "Dalam Tindakan, 40%"] in differing
    assert asked[0] == asked[1]
    assert "mengarahkan PDRM menjelaskan percanggahan dalam angka masing-masing" in " ".join(asked[0])
    assert any("pelan tindakan bagi Syor 5" in each for each in asked[0])


def test_council_paper_has_position_and_request_first_and_long_tables_behind(
    told: Told, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given many decisions, when the paper is made, then they stand behind the signature, and the point leads to them."""
    monkeypatch.setattr("reports.writers.council.draft.MOST_ROWS", 1)
    document = opened(bytes_of(made(told, lay(told, meeting), ExportFormat.COUNCIL, ENGLISH)))
    assert texts(document, "Paper Heading")[:3] == ["Purpose", "Position", "Decisions sought"]
    words = everything(document).replace(dates.NBSP, " ")
    signed = words.index("MAPO Secretariat, [date]")
    letter = re.search(r"MAPO’s decisions after [^.]+; see annex ([A-Z])\.", words[:signed])[1]
    assert in_order(words[signed:], f"Annex {letter}: Decisions by item", "Before → after")
    assert "Before → after" not in words[:signed]


@pytest.mark.long
def test_signature_in_print_stays_with_what_it_signs(told: Told) -> None:
    """Given a paper of any length, when it is printed, then no page holds the list of annexes alone."""
    translate = DocxTranslator(("en",))
    content = told.content()
    statement = Statement.of(content.selection, told.maker(), content.finish())
    for count in range(38, 52):
        pages, target = PaperPages(translate), BytesIO()
        pages.frame(banner=plain("RESTRICTED"), running=plain("Paper"), page=plain("{PAGE}"))
        for place in range(count):
            pages.paragraph(plain(f"Paragraph {place}."), style="PaperParagraph")
        for line in ("MAPO Secretariat", "Annex A."):
            pages.keep_last()
            pages.paragraph(plain(line), style="PaperPlace")
        pages.save(target, title="Paper", subject="", statement=statement)
        last = PrintedPaper(target.getvalue()).pages[-1]
        assert f"Paragraph {count - 1}." in last and "Annex A." in last


def test_sheet_and_pack_tell_the_suggested_lead_alone_as_lead(told: Told, meeting: Meeting) -> None:
    about: dict[str, Any] = {"actor": told.people["administrator"], "now": told.now}
    suggest_assignment(told.items["weakness"], agency=told.agencies["JIM"], role="support", **about)
    reviewer = {"actor": told.people["reviewer"], "now": told.now}
    meeting = prepare_meeting(meeting, as_at_on=told.today, since_on=date(2023, 7, 31), **reviewer)
    write(told, meeting, "no_lead")
    agenda = laying.content_of(meeting, read_agenda(meeting, user=told.people["reviewer"]))
    [row] = next(point["rows"] for point in agenda["points"] if point["kind"] == "no_lead")
    assert (row["codes"], row["support_codes"]) == (("KLN",), ("JIM",))
