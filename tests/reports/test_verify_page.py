"""The page of verifying: a file that is hashed while it arrives and never kept, or what a program printed of it."""

from __future__ import annotations

import hashlib
import re
import tracemalloc
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from audit.errors import NotNow
from audit.models import Event
from evidence.uploads import FORM_ALLOWANCE_BYTES
from reports.forms.verification import HashingUploadHandler, hashes_in
from reports.states import DownloadOutcome, ExportFormat
from reports.views import verification
from reports.views.large_files import may_send_large_files
from tests.reports.conftest import Told
from tests.reports.report_rows import make_download, make_record

pytestmark = pytest.mark.django_db
SHA256 = hashlib.sha256(b"bytes").hexdigest()


@pytest.fixture
def reader(told: Told, client: Client) -> Client:
    """An observer who has got a file from somebody."""
    client.force_login(told.people["observer"])
    client.post(reverse("accounts:set_language"), {"language": "en"})
    return client


def send(client: Client, *, content: bytes | None = None, text: str = "") -> HttpResponse:
    data: dict[str, object] = {"sha256": text}
    if content is not None:
        data["file"] = SimpleUploadedFile("jejak-2023-kemajuan.csv", content)
    return client.post(reverse("reports:verify"), data)


def words(response: HttpResponse) -> str:
    return re.sub(r"\s+", " ", response.content.decode().replace("<wbr>", ""))


def kept_files() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_large_file_may_be_sent_by_who_was_shown_the_page_in_this_session(reader: Client) -> None:
    def cookies(**others: str) -> str:
        held = {name: morsel.value for name, morsel in reader.cookies.items()} | others
        return "; ".join(f"{name}={value}" for name, value in held.items())

    assert not may_send_large_files(cookies())
    reader.get(reverse("reports:verify"))
    assert may_send_large_files(cookies())
    assert not may_send_large_files(cookies(sessionid="x"))
    assert not may_send_large_files(cookies(sessionid=""))
    signed = reader.cookies[settings.LARGE_FILES_COOKIE_NAME].value
    assert not may_send_large_files(cookies(**{settings.LARGE_FILES_COOKIE_NAME: f"{signed[:-1]}_"}))
    assert not may_send_large_files("")


def test_verify_file_that_jejak_made(told: Told, reader: Client) -> None:
    report = make_record(told)
    before = kept_files()
    page = words(send(reader, content=b"bytes"))
    assert "Jejak made this file, and today's answer is still the same." in page.replace("&#x27;", "'")
    for said in (report.fingerprint, report.file_name, "31 August 2023", told.maker().words, "CSV table"):
        assert said in page
    assert kept_files() == before


def test_verify_changed_file_says_what_to_do(told: Told, reader: Client) -> None:
    make_record(told)
    assert "Jejak did not make this file" in words(send(reader, content=b"")), "an empty file has a hash too"
    page = words(send(reader, content=b"bytes "))
    assert "Jejak did not make this file, or it was changed since." in page
    assert "Verify the file as it was downloaded from Jejak" in page


def test_verify_pasted_line_of_any_program(told: Told, reader: Client) -> None:
    make_record(told)
    for text in (
        SHA256,
        f"  {SHA256.upper()} ",
        f"{SHA256}  jejak-2023-kemajuan-2023-08-31-ms.csv",
        f"{SHA256} *jejak.csv",
        f"SHA256 (jejak.csv) = {SHA256}",
        f"SHA256          {SHA256.upper()}       C:\\jejak.csv",
        f"SHA256 hash of jejak.csv:\n{SHA256}\nCertUtil: -hashfile command completed successfully.",
        f"SHA256 hash of file jejak.csv:\n{' '.join(re.findall('..', SHA256))}\nCertUtil: done.",
    ):
        assert "Jejak made this file" in words(send(reader, text=text)), text


def test_verify_text_without_one_hash_is_refused(reader: Client) -> None:
    for text, said in (
        ("", "Choose a file, or paste its SHA-256."),
        ("abc", "There is no SHA-256 in this text."),
        (SHA256[:-1], "There is no SHA-256 in this text."),
        (SHA256 + "0", "There is no SHA-256 in this text."),
        (f"{SHA256}  a\n{SHA256[::-1]}  b", "There are several hashes in this text."),
    ):
        response = send(reader, text=text)
        assert response.status_code == 422 and said in words(response), text
    response = send(reader, content=b"bytes", text=SHA256)
    assert response.status_code == 422 and "not both" in words(response)


def test_verify_broken_pack_is_not_known(told: Told, reader: Client) -> None:
    report = make_record(told, export_format=ExportFormat.PACK)
    make_download(report, outcome=DownloadOutcome.BROKEN, content=b"half")
    make_download(report, outcome=DownloadOutcome.WHOLE, content=b"whole")
    assert "Jejak did not make this file" in words(send(reader, content=b"half"))
    page = words(send(reader, content=b"whole"))
    assert "Jejak made this file" in page
    assert "Downloaded on" in page


def test_verify_links_to_the_summary_only_for_who_may_see_it(told: Told, client: Client) -> None:
    report = make_record(told)
    link = reverse("reports:report", args=[report.pk])
    for by in ("reviewer", "administrator", "officer", "observer"):
        client.force_login(told.people[by])
        assert (link in words(send(client, content=b"bytes"))) is told.people[by].is_mapo, by


def test_verify_refuses_the_thirteenth_within_a_minute(told: Told, reader: Client) -> None:
    make_record(told)
    assert {send(reader, text=SHA256).status_code for _each in range(12)} == {200}
    events = Event.objects.count()
    response = send(reader, content=b"bytes")
    assert response.status_code == 429
    assert "Wait a minute" in words(response)
    assert Event.objects.count() == events
    other = Client()
    other.force_login(told.people["officer"])
    assert send(other, text=SHA256).status_code == 200


def test_verify_announced_as_larger_than_is_read_is_refused(
    reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "MAX_FILE_BYTES", 1024)
    events = Event.objects.count()
    response = send(reader, content=bytes(FORM_ALLOWANCE_BYTES + 2048))
    assert response.status_code == 422
    assert "paste that" in words(response)
    assert Event.objects.count() == events


def test_verify_without_token_is_refused(told: Told) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(told.people["officer"])
    assert send(client, text=SHA256).status_code == 403


def test_file_is_hashed_in_the_memory_of_one_piece() -> None:
    handler, piece = HashingUploadHandler(), b"\0" * HashingUploadHandler.chunk_size
    handler.new_file("file", "jejak.zip", "application/zip", None)

    tracemalloc.start()
    try:
        for _each in range(32):
            assert handler.receive_data_chunk(piece, 0) is None
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert handler.file_complete(32 * len(piece)).sha256 == hashlib.sha256(piece * 32).hexdigest()
    assert peak < 2 * len(piece)


def test_hashes_in_takes_no_part_of_a_longer_word() -> None:
    assert hashes_in("f" * 65) == set()
    assert hashes_in(f"{SHA256} {SHA256}") == {SHA256}


def test_verify_while_another_file_of_the_person_is_verified_is_refused(
    told: Told, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object, **_named: object) -> None:
        raise NotNow("One at a time.")

    monkeypatch.setattr(verification, "verify_or_begin", refuse)
    response = send(reader, content=b"bytes")
    assert response.status_code == 409
    assert "One at a time." in words(response)
