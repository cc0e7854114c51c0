"""Papers of a meeting are made of its agenda as it was laid, and kept with the meeting."""

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
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from accounts.clearance import Clearance
from accounts.models import User
from audit.errors import NotAllowed
from indicators.models import CheckExplanation, Indicator
from indicators.services.explanations import withdraw_explanation
from meetings.models import LaidAgenda, Meeting, MeetingDetails
from meetings.queries.agenda import PreparedAgenda, read_agenda
from meetings.queries.laid import read_laid
from meetings.services import laying
from meetings.services.agenda import add_point, move_point, prepare_meeting, save_point
from meetings.services.decisions import record_decision
from meetings.services.laying import lay_agenda
from meetings.services.meetings import announce_meeting, hold_meeting
from recommendations.services import accept_update, cancel_action, suggest_assignment
from recommendations.states import Status
from reports import files
from reports.models import Report
from reports.queries.verification_page import describe
from reports.services.changes import ChangeReason
from reports.services.making import make
from reports.services.requests import request_paper
from reports.services.retention import remove_expired_files
from reports.services.verification import differences, verify_file
from reports.states import MEETING_PAPERS, ExportFormat, ReportState, SummaryLanguage, VerificationOutcome
from tests.conftest import Clock
from tests.factories.recommendations import make_assignment, make_item
from tests.reports import packs
from tests.reports.conftest import Told
from tests.reports.counted import counted
from tests.reports.printed_pdf import PrintedPaper
from tests.reports.word_document import everything, opened, table_called, texts
from ui import dates

__all__ = ["counted"]
pytestmark = pytest.mark.django_db

AS_AT = date(2023, 9, 13)
MALAY, ENGLISH = SummaryLanguage.MALAY, SummaryLanguage.ENGLISH


@pytest.fixture
def meeting(told: Told) -> Meeting:
    """Prepared on 14 September as at the day before: the waiting update first, a text to it, and a point of its own last."""
    about: dict[str, Any] = {"actor": told.people["reviewer"], "now": told.now}
    details = MeetingDetails(
        number="Mesyuarat MAPO Bil. 3/2023",
        meets_on=date(2023, 9, 20),
        begins=time(10, 30),
        venue="Putrajaya",
    )
    meeting = announce_meeting(told.cycle, details=details, **about)
    meeting = prepare_meeting(meeting, as_at_on=AS_AT, since_on=date(2023, 7, 31), **about)
    write(told, meeting, "waiting", text="Majlis diminta mengambil maklum.")
    for _place in range(9):
        point = meeting.points.get(kind="waiting")
        if point.position > 1:
            move_point(point, by=-1, **about)
    write(told, meeting, "no_lead", is_left_out=True)
    add_point(meeting, title="Hal-hal lain", text="Lawatan ke rumah perlindungan.", **about)
    return meeting


def write(told: Told, meeting: Meeting, kind: str, **values: Any) -> None:
    point = meeting.points.get(kind=kind)
    usual: dict[str, Any] = {"text": "", "classification": 1, "is_left_out": False, "left_out": []}
    about: dict[str, Any] = {"revision": point.revision, "actor": told.people["reviewer"], "now": told.now}
    save_point(point, **(usual | about | values))


def lay(told: Told, meeting: Meeting) -> LaidAgenda:
    return lay_agenda(meeting, actor=told.people["reviewer"], now=told.now)


def made(
    told: Told,
    laid: LaidAgenda,
    export_format: ExportFormat,
    language: SummaryLanguage = MALAY,
    by: str = "reviewer",
) -> Report:
    """A paper that is ready."""
    person = told.people[by]
    paper = request_paper(laid, export_format=export_format, language=language, actor=person, now=told.now)
    assert make(paper.pk, now=told.now) == ReportState.READY
    return Report.objects.select_related("laid_agenda__meeting").get(pk=paper.pk)


def bytes_of(paper: Report) -> bytes:
    with open(files.path_of(paper.stored_name), "rb") as file:
        return file.read()


def words_of(paper: Report) -> str:
    """All letters of a Word paper."""
    return everything(opened(bytes_of(paper))).replace(dates.NBSP, " ")


def in_order(text: str, *parts: str) -> bool:
    places = [text.index(part) for part in parts]
    return places == sorted(places)


@pytest.mark.parametrize(
    "export_format", [ExportFormat.COUNCIL, ExportFormat.COUNCIL_PDF, ExportFormat.MEETING]
)
def test_papers_tell_why_an_earlier_decision_was_cancelled(
    told: Told, clock: Clock, meeting: Meeting, export_format: ExportFormat
) -> None:
    reviewer = told.people["reviewer"]
    about: dict[str, Any] = {"actor": reviewer, "now": told.now}
    details = MeetingDetails(
        number="Mesyuarat MAPO Bil. 2/2023", meets_on=told.today, begins=time(9), venue="Putrajaya"
    )
    earlier = hold_meeting(announce_meeting(told.cycle, details=details, **about), **about)
    decision = record_decision(
        earlier,
        text="Latih pegawai.",
        item=told.items["first"],
        agency=told.agencies["PDRM"],
        due_on=date(2023, 12, 1),
        token=uuid4(),
        **about,
    )
    cancel_action(decision.action, reason="Diganti oleh keputusan baharu.", **about)
    told.now = clock.move_to(told.now + timedelta(days=1))
    prepare_meeting(meeting, as_at_on=date(2023, 9, 14), since_on=AS_AT, actor=reviewer, now=told.now)
    paper = made(told, lay(told, meeting), export_format, ENGLISH)
    words = words_of(paper) if export_format == ExportFormat.COUNCIL else PrintedPaper(bytes_of(paper)).words
    told_words = "Cancelled on 14 September 2023 because: Diganti oleh keputusan baharu."
    assert told_words in " ".join(words.replace(dates.NBSP, " ").split())


def test_council_paper_has_the_points_as_they_were_laid(told: Told, meeting: Meeting) -> None:
    laid = lay(told, meeting)
    write(told, meeting, "waiting", text="Ditulis kemudian.")
    text = words_of(made(told, laid, ExportFormat.COUNCIL))
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


def test_council_paper_leaves_out_the_oldest_of_too_many_decisions(
    told: Told, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid = lay(told, meeting)
    (changed,) = [point for point in read_laid(laid).points if point.kind == "changed"]
    assert len(changed.all_rows) > 1
    monkeypatch.setattr("reports.writers.council.agenda.MOST_DECISIONS", 1)
    text = words_of(made(told, laid, ExportFormat.COUNCIL, ENGLISH))
    assert "This paper leaves out" in text


def test_english_paper_says_the_same(told: Told, meeting: Meeting) -> None:
    text = words_of(made(told, lay(told, meeting), ExportFormat.COUNCIL, ENGLISH))
    assert in_order(
        text,
        "Updates that await MAPO",
        "Majlis diminta",
        "What changed since the last meeting",
        "Hal-hal lain",
    )
    assert "Items without a lead agency" not in text


@pytest.mark.parametrize("language", [MALAY, ENGLISH, SummaryLanguage.BOTH])
def test_meeting_sheet_has_the_same_on_two_pages(
    told: Told, meeting: Meeting, language: SummaryLanguage
) -> None:
    paper = PrintedPaper(bytes_of(made(told, lay(told, meeting), ExportFormat.MEETING, language)))
    assert len(paper.pages) <= 2
    assert in_order(
        paper.words, "Mesyuarat MAPO Bil. 3/2023, 20", "Majlis diminta mengambil maklum.", "Lawatan ke rumah"
    )
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


def test_fingerprint_covers_the_agenda_and_verifies(told: Told, meeting: Meeting) -> None:
    first = made(told, lay(told, meeting), ExportFormat.COUNCIL)
    write(told, meeting, "waiting", text="Teks lain.")
    second = made(told, lay(told, meeting), ExportFormat.COUNCIL)
    assert first.fingerprint != second.fingerprint
    result = verify_file(second.sha256, now=told.now)
    assert result.outcome == VerificationOutcome.SAME
    stated = {fact.label: fact.text for fact in describe(result).facts}
    assert stated["Agenda"] == "Mesyuarat MAPO Bil. 3/2023, versi 2"
    assert second.laid_agenda is not None and second.laid_agenda.sha256 in stated.values()


def test_verifying_says_when_the_agenda_is_another_one(told: Told, meeting: Meeting) -> None:
    paper = made(told, lay(told, meeting), ExportFormat.COUNCIL)
    changed = LaidAgenda.objects.get(pk=paper.laid_agenda_id)
    changed.content["points"][0]["text"] = "Diubah"
    paper.laid_agenda = changed
    assert ChangeReason.AGENDA in differences(paper)


def test_paper_belongs_to_its_agenda_for_good(told: Told, meeting: Meeting) -> None:
    paper = made(told, lay(told, meeting), ExportFormat.COUNCIL)
    with pytest.raises(DatabaseError), transaction.atomic():
        Report.objects.filter(pk=paper.pk).update(laid_agenda=None)


def test_files_stay_with_the_meeting(told: Told, meeting: Meeting, clock: Clock, client: Client) -> None:
    paper = made(told, lay(told, meeting), ExportFormat.MEETING)
    assert paper.kept_until is None
    assert remove_expired_files(now=clock.move_to(told.now + timedelta(days=400))) == 0
    client.force_login(told.people["reviewer"])
    page = client.get(reverse("reports:report", args=[paper.pk])).content.decode()
    assert "Bersama mesyuarat" in page


def test_what_is_there_is_not_made_again(told: Told, meeting: Meeting) -> None:
    laid = lay(told, meeting)
    paper = made(told, laid, ExportFormat.MEETING)
    about: dict[str, Any] = {"export_format": ExportFormat.MEETING, "now": told.now}
    same = request_paper(laid, language=MALAY, actor=told.people["administrator"], **about)
    other = request_paper(laid, language=ENGLISH, actor=told.people["administrator"], **about)
    assert (same, other == paper) == (paper, False)


def test_what_a_colleague_has_begun_is_told_and_not_begun_again(
    told: Told, meeting: Meeting, client: Client
) -> None:
    laid = lay(told, meeting)
    about: dict[str, Any] = {"export_format": ExportFormat.PACK, "language": MALAY, "now": told.now}
    begun = request_paper(laid, actor=told.people["administrator"], **about)
    assert request_paper(laid, actor=told.people["reviewer"], **about) == begun
    client.force_login(told.people["reviewer"])
    page = client.get(reverse("meetings:meeting_papers", args=[meeting.pk])).content.decode()
    own_page = reverse("reports:report", args=[begun.pk])
    assert told.people["administrator"].name in page and own_page not in page
    assert client.get(own_page).status_code == 404
    client.force_login(told.people["administrator"])
    assert own_page in client.get(reverse("meetings:meeting_papers", args=[meeting.pk])).content.decode()


def test_paper_whose_file_is_lost_is_made_again(told: Told, meeting: Meeting) -> None:
    laid = lay(told, meeting)
    paper = made(told, laid, ExportFormat.MEETING)
    files.remove(paper.stored_name)
    assert made(told, laid, ExportFormat.MEETING) != paper


@pytest.mark.parametrize("role", ["officer", "observer", "outsider"])
def test_others_neither_make_nor_see_them(told: Told, meeting: Meeting, client: Client, role: str) -> None:
    laid = lay(told, meeting)
    papers = [made(told, laid, each) for each in MEETING_PAPERS]
    person = told.people[role]
    with pytest.raises(NotAllowed):
        request_paper(laid, export_format=ExportFormat.PACK, language=MALAY, actor=person, now=told.now)
    client.force_login(person)
    urls = [reverse(name, args=[paper.pk]) for paper in papers for name in ("reports:report", "reports:file")]
    assert {client.get(url).status_code for url in urls} == {404}
    choice = {"paper": "all", "language": "ms"}
    assert client.post(reverse("reports:papers_make", args=[laid.pk]), choice).status_code == 404


def test_class_of_the_agenda_bounds_its_papers(told: Told, meeting: Meeting, client: Client) -> None:
    reviewer = told.people["reviewer"]
    reviewer.clearance = Clearance.CONFIDENTIAL
    reviewer.save()
    write(told, meeting, "waiting", text="Hal sulit.", classification=Clearance.CONFIDENTIAL)
    paper = made(told, lay(told, meeting), ExportFormat.COUNCIL)
    assert paper.classification == Clearance.CONFIDENTIAL
    lower = told.people["administrator"]
    lower.clearance = Clearance.RESTRICTED
    lower.save()
    client.force_login(lower)
    assert client.get(reverse("reports:file", args=[paper.pk])).status_code == 404
    assert paper.laid_agenda_id is not None
    make_url = reverse("reports:papers_make", args=[paper.laid_agenda_id])
    assert client.post(make_url, {"paper": "all", "language": "ms"}).status_code == 404


def test_page_makes_all_papers_and_lists_them(
    told: Told, meeting: Meeting, client: Client, django_assert_max_num_queries: Any
) -> None:
    client.force_login(told.people["reviewer"])
    url = reverse("meetings:meeting_papers", args=[meeting.pk])
    assert "Bentangkan agenda dahulu" in client.get(url).content.decode()
    laid = lay(told, meeting)
    response = client.post(reverse("reports:papers_make", args=[laid.pk]), {"paper": "all", "language": "en"})
    assert response["Location"] == f"{url}#papers"
    papers = Report.objects.filter(laid_agenda=laid, language="en", state=ReportState.READY)
    assert papers.count() == 4
    write(told, meeting, "waiting", text="Versi dua.")
    lay(told, meeting)
    with django_assert_max_num_queries(20):
        page = client.get(url).content.decode()
    urls = [reverse("reports:file", args=[papers.get(export_format=each).pk]) for each in MEETING_PAPERS]
    assert in_order(page, *urls)
    title = client.get(reverse("reports:report", args=[papers[0].pk])).content.decode()
    assert "Mesyuarat MAPO Bil. 3/2023, setakat 13" in title


def test_made_again_from_its_page_and_bad_choices_are_refused(
    told: Told, meeting: Meeting, client: Client
) -> None:
    client.force_login(told.people["reviewer"])
    laid = lay(told, meeting)
    url = reverse("reports:papers_make", args=[laid.pk])
    assert client.post(url, {"paper": "pdf", "language": "ms"}).status_code == 409
    assert client.post(url, {"paper": "council", "language": "fr"}).status_code == 409
    paper = request_paper(
        laid, export_format=ExportFormat.COUNCIL, language=MALAY, actor=told.people["reviewer"], now=told.now
    )
    assert client.post(reverse("reports:cancel", args=[paper.pk])).status_code == 302
    assert url in client.get(reverse("reports:report", args=[paper.pk])).content.decode()
    page = reverse("meetings:meeting_papers", args=[meeting.pk])
    assert client.post(reverse("reports:again", args=[paper.pk]))["Location"] == page
    client.post(url, {"paper": "council", "language": "ms"})
    assert Report.objects.get(state=ReportState.READY).laid_agenda == laid


def test_addresses_choose_no_agenda(told: Told) -> None:
    assert told.select(agenda="0" * 64).agenda is None


def test_names_of_files_say_meeting_and_version(told: Told, meeting: Meeting) -> None:
    paper = made(told, lay(told, meeting), ExportFormat.COUNCIL)
    assert paper.file_name == "jejak-2023-kertas-mapo-bil-3-2023-v1-2023-09-13-ms.docx"


@pytest.mark.parametrize(
    ("language", "names", "told_words"),
    [
        (
            MALAY,
            ["Apr", "Mei", "Jun", "Jul", "Ogos", "Sep"],
            "Ogos 0 (3 keputusan) dan Sep 25 (1 keputusan).",
        ),
        (
            ENGLISH,
            ["Apr", "May", "Jun", "Jul", "Aug", "Sep"],
            "Aug 0 (3 decisions) and Sep 25 (1 decision).",
        ),
    ],
)
def test_papers_tell_how_long_mapo_took_month_by_month(
    told: Told, clock: Clock, language: SummaryLanguage, names: list[str], told_words: str
) -> None:
    """Three decisions on the day of the submission in August, and one after 25 days in September."""
    reviewer = told.people["reviewer"]
    waiting = told.assignments["pdrm"].open_update.newest_submission
    accept_update(waiting, status=Status.PROGRESS, percent=50, reason="Lebih.", actor=reviewer, now=told.now)
    told.now = clock.move_to(told.now + timedelta(days=1))
    about: dict[str, Any] = {"actor": reviewer, "now": told.now}
    details = MeetingDetails(number="Bil. 3", meets_on=date(2023, 9, 20), begins=time(10), venue="Putrajaya")
    days = {"as_at_on": date(2023, 9, 14), "since_on": date(2023, 7, 31)}
    laid = lay(told, prepare_meeting(announce_meeting(told.cycle, details=details, **about), **days, **about))
    paper = opened(bytes_of(made(told, laid, ExportFormat.COUNCIL, language)))
    title = {MALAY: "Tempoh semakan MAPO", ENGLISH: "MAPO’s own turnaround"}[language]
    _head, *rows = table_called(paper, title)
    figures = [("–", "0")] * 4 + [("0", "3"), ("25", "1")]
    assert rows == [[name, *told] for name, told in zip(names, figures, strict=True)]
    sheet = PrintedPaper(bytes_of(made(told, laid, ExportFormat.MEETING, language))).words
    pack = packs.take(told, made(told, laid, ExportFormat.PACK, language)).text("agenda.txt")
    assert told_words in sheet.replace(dates.NBSP, " ") and told_words in pack


def test_pages_of_a_paper_read_of_its_agenda_the_number_alone(
    told: Told, meeting: Meeting, client: Client, django_assert_max_num_queries: Any
) -> None:
    """An agenda is long; the page, what it asks again and again, the shelf and the papers of the meeting do without."""
    laid = lay(told, meeting)
    paper = made(told, laid, ExportFormat.COUNCIL)
    client.force_login(told.people["reviewer"])
    page, looking = reverse("reports:report", args=[paper.pk]), reverse("reports:looking", args=[paper.pk])
    lists = [reverse("reports:made"), reverse("meetings:meeting_papers", args=[meeting.pk])]
    with django_assert_max_num_queries(100) as queries:
        assert "Mesyuarat MAPO Bil. 3/2023, versi 1" in client.get(page).content.decode()
        assert client.post(looking).status_code == 200
        assert {client.get(url).status_code for url in lists} == {200}
    read = [query["sql"] for query in queries if '"meetings_laidagenda"."content",' in query["sql"]]
    assert not read


def test_agenda_is_gathered_once(told: Told, meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> None:
    gathered: list[int] = []

    def count(meeting: Meeting, *, user: User) -> PreparedAgenda:
        gathered.append(user.clearance)
        return read_agenda(meeting, user=user)

    monkeypatch.setattr(laying, "read_agenda", count)
    lay(told, meeting)
    assert gathered == [Clearance.RESTRICTED]


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
        asked.append([each for each in points[first:] if each.endswith(";")])
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


def test_sheet_and_pack_tell_the_suggested_lead_alone_as_lead(told: Told, meeting: Meeting) -> None:
    about: dict[str, Any] = {"actor": told.people["administrator"], "now": told.now}
    suggest_assignment(told.items["weakness"], agency=told.agencies["JIM"], role="support", **about)
    reviewer = {"actor": told.people["reviewer"], "now": told.now}
    meeting = prepare_meeting(meeting, as_at_on=told.today, since_on=date(2023, 7, 31), **reviewer)
    write(told, meeting, "no_lead")
    agenda = laying.content_of(meeting, read_agenda(meeting, user=told.people["reviewer"]))
    [row] = next(point["rows"] for point in agenda["points"] if point["kind"] == "no_lead")
    assert (row["codes"], row["support_codes"]) == (("KLN",), ("JIM",))
