"""A secretary prepares a meeting, takes its papers and records three decisions by keyboard; the next paper follows them up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from accounts.models import Agency, User
from accounts.roles import Role
from audit.clock import KUALA_LUMPUR
from meetings.models import Meeting, MeetingDecision, MeetingDetails
from meetings.services.agenda import prepare_meeting
from meetings.services.meetings import announce_meeting
from recommendations.models import Action, Cycle, Item
from recommendations.services import confirm_suggestions, finish_action
from tests.conftest import NOW, Clock, WorkerDatabase
from tests.e2e.conftest import Desk, is_sound
from tests.factories.accounts import UserFactory
from tests.factories.recommendations import make_accepted, make_submission
from tests.reports.office import convert
from tests.reports.printed_pdf import PrintedPaper
from tests.reports.word_document import opened, table_called
from ui import dates

pytestmark = [pytest.mark.e2e, pytest.mark.long]


@pytest.fixture
def secretary(real_db: WorkerDatabase, clock: Clock) -> User:
    """A reviewer, on 16 October, in a cycle where much is late and something waits."""
    september = clock.move_to(NOW)
    call_command("load_cycle", verbosity=0, stdout=StringIO())
    reviewer = UserFactory(role=Role.REVIEWER, agency=Agency.objects.get(code="KDN"))
    officer = UserFactory(
        role=Role.OFFICER, agency=Agency.objects.get(code="PDRM"), email="pegawai@pdrm.example"
    )
    confirm_suggestions(Cycle.objects.get().items.all(), actor=reviewer, now=september)
    first, second = Item.objects.filter(assignments__agency=officer.agency).in_order()[:2]
    told, waiting = (item.assignments.get(agency=officer.agency) for item in (first, second))
    later = clock.move_to(datetime(2023, 9, 20, 9, 0, tzinfo=KUALA_LUMPUR))
    make_accepted(told, actor=officer, reviewer=reviewer, now=later)
    make_submission(waiting, actor=officer, now=later)
    clock.move_to(datetime(2023, 10, 16, 9, 0, tzinfo=KUALA_LUMPUR))
    return reviewer


def press(page: Page, button: str) -> None:
    """Press a button that leads to another page, and wait until that one is loaded."""
    with page.expect_navigation(wait_until="load"):
        page.locator(button).click()


#: What a paper must say, in the languages of the test. `became` is what the next one tells of the three decisions.
WORDS = {
    "ms": {
        "item": "Syor 1",
        "points": ("Kemas kini lewat mengikut agensi", "Perubahan sejak mesyuarat lalu", "Lawatan ke Johor"),
        "status": "Status semua perkara",
        "asked": "KEPUTUSAN YANG DIPOHON",
        "earlier": "Perkara berbangkit: keputusan mesyuarat MAPO yang terdahulu",
        "became": (
            "Siap pada 30 Oktober 2023.",
            "Perlu siap pada 1 November 2023, lewat 15 hari.",
            "Perlu siap pada 30 November 2023.",
        ),
    },
    "en": {
        "item": "Recommendation 1",
        "points": ("Late updates by agency", "What changed since the last meeting", "Lawatan ke Johor"),
        "status": "Status of all items",
        "asked": "DECISIONS SOUGHT",
        "earlier": "Decisions of earlier meetings",
        "became": (
            "Done on 30 October 2023.",
            "Due on 1 November 2023, late by 15 days.",
            "Due on 30 November 2023.",
        ),
    },
}
TEXT = "Majlis diminta mengarahkan agensi menghantar kemas kini."
#: The decisions that are typed: what, for whom, by when.
DECISIONS = (
    ("Hantar data pendakwaan", "PDRM", "01/11/2023"),
    ("Taklimat kepada majlis", "MAPO", "01/11/2023"),
    ("Semak garis panduan", "PDRM", "30/11/2023"),
)


@pytest.mark.parametrize("language", ["ms", "en"])
def test_secretary_prepares_a_meeting_records_three_decisions_by_keyboard_and_the_next_paper_follows_them_up(
    secretary: User, clock: Clock, sit_down: Callable[..., Desk], language: str
) -> None:
    desk = sit_down(language).sign_in(secretary.email)
    page, words = desk.page, WORDS[language]
    _announce(desk)
    meeting = Meeting.objects.get()
    _prepare(desk, meeting)
    desk.open(f"/meetings/{meeting.pk}/papers/")
    press(page, "main form .btn--primary")
    page.locator("main .lines a").first.click()
    expect(page.locator("main")).to_contain_text(TEXT)
    is_sound(page)
    paper, sheet = _take_papers(desk, meeting)
    _is_paper(paper, meeting, words)
    _is_sheet(sheet, words)
    desk.open(f"/meetings/{meeting.pk}/")
    press(page, f"main a[href='/meetings/{meeting.pk}/hold/']")
    is_sound(page)
    press(page, "main .card form .btn--primary")
    for decision in DECISIONS:
        _record_by_keyboard(page, *decision, item=words["item"])
    expect(page.locator("main tbody tr")).to_have_count(3)
    is_sound(page)
    recorded = MeetingDecision.objects.order_by("number").values_list("text", flat=True)
    assert list(recorded) == [text for text, _whose, _due in DECISIONS]
    assert Action.objects.filter(is_decision=True).count() == 3
    officer = sit_down(language, phone=True).sign_in("pegawai@pdrm.example")
    officer.open("/our-agency/decisions/")
    expect(officer.page.locator("main")).to_contain_text("Hantar data pendakwaan")
    is_sound(officer.page)
    officer.page.goto(f"{desk.site}/meetings/{meeting.pk}/papers/")
    expect(officer.page.locator("main")).not_to_contain_text(meeting.number)
    second = _announce_next(meeting, secretary, clock)
    desk.open(f"/meetings/{second.pk}/prepare/")
    rows = desk.page.locator(f"#point-{second.points.get(kind='earlier').pk} tbody tr")
    expect(rows).to_have_count(3)
    for place, (text, _whose, _due) in enumerate(DECISIONS):
        expect(rows.nth(place)).to_contain_text(text)
    is_sound(desk.page)
    desk.open(f"/meetings/{second.pk}/papers/")
    press(desk.page, "main form .btn--primary")
    _follows_up(*_take_papers(desk, second), meeting, words)


def _announce_next(meeting: Meeting, secretary: User, clock: Clock) -> Meeting:
    """A month later the agency says that the first decision is carried out; the next meeting is prepared as at that day."""
    now = clock.move_to(datetime(2023, 11, 16, 9, 0, tzinfo=KUALA_LUMPUR))
    step = MeetingDecision.objects.get(number=1).action
    officer = User.objects.get(email="pegawai@pdrm.example")
    finish_action(step, done_on=date(2023, 10, 30), actor=officer, now=now)
    about: dict[str, Any] = {
        "actor": secretary,
        "now": clock.move_to(datetime(2023, 11, 17, 9, 0, tzinfo=KUALA_LUMPUR)),
    }
    details = MeetingDetails(
        number="Bil. 2/2023", meets_on=date(2023, 11, 17), begins=time(10), venue="Putrajaya"
    )
    following = announce_meeting(meeting.cycle, details=details, **about)
    return prepare_meeting(following, as_at_on=date(2023, 11, 16), since_on=date(2023, 10, 15), **about)


def _follows_up(paper: bytes, sheet: bytes, meeting: Meeting, words: dict[str, Any]) -> None:
    """Both papers tell what became of those three decisions, each in its own row, and of no other."""
    expected = list(zip(DECISIONS, words["became"], strict=True))
    _head, *rows = table_called(opened(paper), words["earlier"])
    assert [[_plain(cell) for cell in row] for row in rows] == [
        [words["item"], f"{text} {meeting.number}", whose, became] for (text, whose, _due), became in expected
    ]
    # What is read of a page follows its columns.
    printed = _plain(PrintedPaper(sheet).words)
    for (text, whose, _due), became in expected:
        assert all(told in printed for told in (text, whose, became))


def _take_papers(desk: Desk, meeting: Meeting) -> tuple[bytes, bytes]:
    """Make all papers, and download council paper and meeting sheet."""
    page = desk.page
    desk.open(f"/meetings/{meeting.pk}/papers/")
    page.locator("#paper-language").select_option(desk.language)
    press(page, "#papers button[value=all]")
    expect(page.locator("#papers tbody a[href$='/file/']")).to_have_count(4)
    is_sound(page)
    taken = {}
    for link in page.locator("#papers tbody a[href$='/file/']").all():
        with page.expect_download() as download:
            link.click()
        taken[download.value.suggested_filename] = Path(download.value.path()).read_bytes()
    by_kind = {Path(name).suffix: name for name in taken}
    assert taken[by_kind[".zip"]][:2] == b"PK"
    sheet, _council_paper = sorted(
        (taken[name] for name in taken if name.endswith(".pdf")), key=lambda pdf: len(PrintedPaper(pdf).pages)
    )
    return taken[by_kind[".docx"]], sheet


def _plain(text: str) -> str:
    return " ".join(text.replace(dates.NBSP, " ").split())


def _is_paper(paper: bytes, meeting: Meeting, words: dict[str, Any]) -> None:
    """The council paper as it is printed, page by page: what is asked, the points in their order, then all items."""
    pages = [_plain(page) for page in PrintedPaper(convert(paper, of="docx", to="pdf")).pages]
    assert meeting.number in pages[0] and "16" in pages[0]
    text = " ".join(pages)
    missing = [point for point in words["points"] if point.upper() not in text.upper()]
    assert not missing, text
    places = [text.upper().index(point.upper()) for point in words["points"]]
    assert places == sorted(places)
    asked = text.index(words["asked"])
    assert asked < places[0] < text.index(TEXT) < places[1]
    late = meeting.points.get(kind="late")
    (left_out,) = (Agency.objects.get(pk=key.removeprefix("agency-")).code for key in late.left_out)
    assert left_out not in text[places[0] : text.index(TEXT)].split()
    assert left_out not in text[asked : places[0]].replace(",", " ").split()


def _is_sheet(sheet: bytes, words: dict[str, Any]) -> None:
    """The meeting sheet on its two pages: the state first, every point in its order."""
    pages = [_plain(page) for page in PrintedPaper(sheet).pages]
    assert len(pages) == 2
    assert words["status"] in pages[0]
    text = " ".join(pages)
    places = [text.index(point) for point in words["points"]]
    assert places == sorted(places) and places[0] < text.index(TEXT) < places[1]


def _announce(desk: Desk) -> None:
    page = desk.page
    desk.open("/meetings/announce/")
    page.locator("#id_meets_on").fill("16/10/2023")
    page.locator("#id_begins").fill("10:30")
    page.locator("#id_venue").fill("Bilik Mesyuarat Utama, Putrajaya")
    press(page, "main form .btn--primary")
    is_sound(page)


def _prepare(desk: Desk, meeting: Meeting) -> None:
    """As at the day before: what is late goes up, with a text and without its last agency; a point of its own comes last."""
    page = desk.page
    desk.open(f"/meetings/{meeting.pk}/prepare/")
    expect(page.locator("#id_as_at_on")).to_have_value("15/10/2023")
    press(page, "main form .btn--primary")
    late = meeting.points.get(kind="late")
    card = page.locator(f"#point-{late.pk}")
    card.locator("input[name=left_out]").last.check()
    card.locator("textarea[name=text]").fill(TEXT)
    press(page, f"#point-{late.pk} button.btn[type=submit]")
    late.refresh_from_db()
    assert len(late.left_out) == 1 and late.text == TEXT
    press(page, f"#point-{late.pk} button[name=to][value=up]")
    page.locator("#new-title").fill("Lawatan ke Johor")
    page.locator("#new-text").fill("Cadangan lawatan pada bulan November.")
    press(page, "section:has(#new-point) button[type=submit]")
    kinds = list(meeting.points.order_by("position").values_list("kind", flat=True))
    assert kinds[1:3] == ["late", "changed"] and kinds[-1] == "own"
    is_sound(page)


def _record_by_keyboard(page: Page, text: str, whose: str, due: str, *, item: str) -> None:
    """The cursor is in the first field; Enter in the last one records, and the next one can be typed."""
    expect(page.locator("#id_text")).to_be_focused()
    page.keyboard.type(text)
    page.keyboard.press("Tab")
    page.keyboard.type(item)
    page.keyboard.press("Tab")
    page.keyboard.type(whose)
    page.keyboard.press("Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type(due)
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")
