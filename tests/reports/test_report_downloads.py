"""What the page of a report says of its downloads: which file broke one off, what was taken whole, what to do."""

from __future__ import annotations

import pytest
from django.urls import reverse

from evidence.models import Document
from evidence.services.lifecycle import seal_document
from reports.models import Download, Report
from reports.services.downloads import begin_download, end_download
from reports.services.making import make
from reports.states import DownloadOutcome
from tests.conftest import Clock
from tests.reports.conftest import Told
from tests.reports.packs import TODAY, asked, cite, fetch, leave_summaries_unprinted, make_row, take
from tests.reports.pages import Page
from tests.reports.test_pack_breaking import lose, pieces_until_it_breaks, tamper
from tests.reports.test_report_pages import address, signed_in
from tests.reports.test_schedules import set_up, turn_on

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _unprinted(monkeypatch: pytest.MonkeyPatch) -> None:
    leave_summaries_unprinted(monkeypatch)


def words(told: Told, report: Report, by: str = "reviewer", *, language: str = "en", query: str = "") -> str:
    """What the page of a report says, in one line."""
    return Page(signed_in(told, by, language=language).get(address("report", report) + query)).words("main")


def break_off(told: Told, document: Document, *, size: int = 7, by: str = "reviewer") -> Report:
    """A pack that one file broke off."""
    report = asked(told, by)
    download = begin_download(report, actor=told.people[by], now=told.now)
    end_download(
        download, outcome=DownloadOutcome.BROKEN, document=document, sha256="", size=size, now=told.now
    )
    return report


@pytest.mark.parametrize(
    ("language", "sign", "said"),
    [("en", "Interrupted", "the download stopped"), ("ms", "Terputus", "muat turun terputus")],
)
def test_pack_that_broke_off_at_once_is_not_ready_and_names_the_file(
    told: Told, language: str, sign: str, said: str
) -> None:
    document = make_row(told, name="Diubah & dipinda.pdf", content=b"bukti" * 500_000)
    cite(told, [document])
    report = asked(told, day=TODAY)
    before = signed_in(told, language=language).get(address("report", report) + "?take=1")
    assert "data-takes" in before.text, "the page looks how the download ends"
    tamper(document)
    pieces_until_it_breaks(told, report)
    response = signed_in(told, language=language).get(address("report", report) + "?take=1")
    page = Page(response)
    (chip,) = page.root.find_class("page-header__note")[0].find_class("chip")
    assert chip.text_content().strip() == sign and "chip--danger" in chip.get("class")
    (banner,) = page.root.xpath("//main//*[@role='alert']")
    assert said in banner.text_content()
    assert f"{document.pk}, “Diubah & dipinda.pdf”" in banner.text_content()
    assert [link.get("href") for link in banner.iter("a")] == [reverse("evidence:detail", args=[document.pk])]
    assert "http-equiv" not in response.text


def test_broken_file_is_named_to_who_may_read_it_and_as_long_as_it_is_not_sealed(told: Told) -> None:
    document = told.documents["jim20"]
    of_officer, of_mapo = (break_off(told, document, by=by) for by in ("officer", "reviewer"))
    assert document.original_name in words(told, of_mapo)
    page = signed_in(told, "officer").get(address("report", of_officer))
    assert reverse("evidence:detail", args=[document.pk]) not in page.text
    mapo = {"actor": told.people["administrator"], "now": told.now}
    seal_document(document, reason="Nama saksi.", **mapo)
    for said in (Page(page).words("main"), words(told, of_mapo)):
        assert f"Document {document.pk} no longer matches" in said and document.original_name not in said


def test_file_that_is_known_to_be_lost_is_named_once(told: Told) -> None:
    lose(told.documents["pdrm1"], "gone")
    report = asked(told)
    response = fetch(told, report)
    assert response.status_code == 409
    (banner,) = Page(response).root.xpath("//main//*[@role='alert']")
    assert "tiada pek diserahkan" in banner.text_content()
    assert told.documents["pdrm1"].original_name in banner.text_content()


def test_next_whole_download_makes_it_ready_again(told: Told) -> None:
    report = break_off(told, told.documents["jim20"])
    taken = take(told, report)
    page = words(told, report)
    assert "Ready" in page and "no longer matches its hash:" not in page
    whole = Download.objects.get(outcome=DownloadOutcome.WHOLE)
    assert whole.size == len(taken.content)
    assert whole.sha256 in page, "so that a pack can be checked by hand"


def test_looking_tells_how_the_newest_download_ended(told: Told) -> None:
    report, client = asked(told), signed_in(told)
    look = address("looking", report)
    assert client.post(look).json()["download"] == ""
    download = begin_download(report, actor=told.people["reviewer"], now=told.now)
    assert client.post(look).json()["download"] == "", "its bytes still flow"
    end_download(download, sha256="a" * 64, size=9, now=told.now)
    assert client.post(look).json()["download"] == f"{download.pk} whole"


def test_monthly_one_says_who_set_it_up_and_for_whom_it_is(told: Told, clock: Clock) -> None:
    set_up(told, "officer", name="Ringkasan bulanan JPN")
    (report,) = turn_on(told, clock, "2023-10-01 08:00")
    make(report.pk, now=told.now)
    page = words(told, report, "officer")
    assert f"Set up by{told.people['reviewer'].name}" in page
    assert f"Made for{told.people['officer'].name}" in page
    assert "Requested by" not in page
    assert f"Ditetapkan oleh{told.people['reviewer'].name}" in words(told, report, "officer", language="ms")
