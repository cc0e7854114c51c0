"""A disk that is full while a file arrives: each form says so in the reader's language, and calls no good file a bad one."""

from __future__ import annotations

import errno
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from waitress.buffers import TempfileBasedBuffer

from accounts.models import User
from accounts.roles import Role
from evidence import storage
from evidence.models import Document
from recommendations.models import Update
from tests.evidence.files import png
from tests.factories.accounts import UserFactory
from tests.factories.figure_reports import FigureDesk
from tests.factories.figure_workbooks import AUGUST_TEXT, file_of
from tests.imports.openings import begun
from tests.imports.workbooks import workbook
from tests.indicators.test_month_form_page import URL as MONTH
from tests.indicators.test_month_form_page import fields
from tests.recommendations.conftest import Desk, desk, draft
from tests.recommendations.pages import browser_of, edit_url, typed
from tests.recommendations.test_letter_page import typed as typed_letter
from tests.shared import shared
from tests.tracker.test_slow_clients import parsed
from tracker.request_parsing import StrictParser

__all__ = ["desk", "draft"]
WORDS = {"ms": "masalah cakera pelayan", "en": "disk problem on the server"}


@shared
def figure_desk(now: Any) -> FigureDesk:
    return FigureDesk(now)


@pytest.fixture(params=["open_part", "_write_all"], autouse=True)
def full_disk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """From the first byte on, or in the middle of the file."""

    def full(*_given: Any, **_more: Any) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(storage, request.param, full)
    return str(request.param)


@pytest.fixture(params=["ms", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def post(person: User, language: str, url: str, data: dict[str, Any]) -> HttpResponse:
    User.objects.filter(pk=person.pk).update(language=language)
    page: HttpResponse = browser_of(person, language).post(url, data)
    return page


def file(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def assert_told(page: HttpResponse, language: str, status: int, *kept: str) -> None:
    """The page says why, and holds what was typed."""
    text = page.content.decode()
    assert page.status_code == status
    assert WORDS[language] in text
    assert all(each in text for each in kept)
    assert not Document.objects.exists()


def test_opening_import(desk: Desk, language: str) -> None:
    page = post(desk.officer, language, "/openings/", {"file": file("a.xlsx", workbook())})
    assert_told(page, language, 507)


def test_other_rows_for_an_opening_import(desk: Desk, language: str) -> None:
    batch = begun(desk.cycle, desk.agency, actor=desk.officer, now=desk.now)
    data = {"file": file("a.xlsx", workbook())}
    page = post(desk.officer, language, f"/openings/{batch.pk}/file/", data)
    assert_told(page, language, 507, "Dua kursus telah diadakan")


def test_workbook_of_figures(figure_desk: FigureDesk, language: str) -> None:
    content = file_of((AUGUST_TEXT, "ipo", None, 3))
    page = post(figure_desk.officer, language, "/figures/report/workbook/", {"file": file("a.xlsx", content)})
    assert_told(page, language, 507)


def test_cycle_file(desk: Desk, language: str) -> None:
    data = {"act": "look", "file": file("2031.yaml", b"year: 2031")}
    page = post(UserFactory(role=Role.ADMINISTRATOR), language, "/cycles/prepare/", data)
    assert_told(page, language, 507)


def test_file_of_people(db: None, language: str) -> None:
    data = {"delivery": "link", "file": file("people.csv", b"name,email")}
    page = post(UserFactory(role=Role.ADMINISTRATOR), language, "/people/invite-many/", data)
    assert_told(page, language, 507, 'value="link"')


def test_update(desk: Desk, draft: Update, language: str) -> None:
    data = typed(action="save", new_files=[file("Bukti.png", png())])
    page = post(desk.officer, language, edit_url(draft), data)
    assert_told(page, language, 200, data["narrative"], "Bukti.png")


def test_letter(desk: Desk, language: str) -> None:
    data = typed_letter(files=[file("Surat.png", png())])
    page = post(desk.reviewer, language, f"/assignments/{desk.assignment.pk}/letter/", data)
    assert_told(page, language, 422, "Kursus kedua", "Surat.png")


def test_figures_of_a_month(figure_desk: FigureDesk, language: str) -> None:
    data = fields(figure_desk, po="7") | {"action": "save", "new_files": [file("Bukti.png", png())]}
    page = post(figure_desk.officer, language, MONTH, data)
    assert_told(page, language, 200, 'value="7"', "Bukti.png")


def test_body_that_the_disk_does_not_take(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long body waits on the disk before any form reads it: its request ends in words, too."""
    with open("/dev/full", "w+b", buffering=0) as full:
        monkeypatch.setattr(TempfileBasedBuffer, "newfile", lambda _self: full)
        request = arrived()
    assert request.completed
    assert request.error.to_response()[0] == "507 Insufficient Storage"


def arrived() -> StrictParser:
    """A request of 900,000 bytes, as far as it was taken."""
    head = b"POST / HTTP/1.1\r\nHost: a\r\nCookie: sessionid=x\r\nContent-Length: 900000\r\n\r\n"
    request = parsed(head, most=2_000_000)
    for _ in range(12):
        if not request.completed:
            request.received(b"a" * 64 * 1024)
    request.close()
    return request
