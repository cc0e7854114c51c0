"""A pack in which a file is not what was received: nobody can take it for whole, and MAPO is told."""

from __future__ import annotations

import hashlib
import io
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.signals import request_finished
from django.urls import reverse

from accounts.clearance import Clearance
from accounts.roles import Role
from audit.models import Event
from evidence import storage
from evidence.models import Document, FileCheck
from evidence.states import Harm
from reminders.messages.notices import kind_of
from reminders.models import Notice
from reminders.states import FILE_HARMED
from reports.models import Download, Report
from reports.pack.members import BrokenFile
from reports.services.notices import BROKEN_OFF
from reports.states import DownloadOutcome
from tests.evidence.pages import signed_in
from tests.factories.accounts import UserFactory
from tests.reports.conftest import Told
from tests.reports.packs import TODAY, asked, cite, fetch, leave_summaries_unprinted, make_row, take

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _unprinted(monkeypatch: pytest.MonkeyPatch) -> None:
    leave_summaries_unprinted(monkeypatch)


def path_of(document: Document) -> Path:
    return storage.path_of(document.stored_name)


def tamper(document: Document) -> None:
    """Another byte in the middle, at the same length."""
    content = bytearray(path_of(document).read_bytes())
    content[len(content) // 2] ^= 1
    path_of(document).write_bytes(content)


def pieces_until_it_breaks(told: Told, report: Report, by: str = "reviewer") -> bytes:
    """What left before the stream broke."""
    response = fetch(told, report, by)
    assert response.status_code == 200
    left: list[bytes] = []
    with pytest.raises(BrokenFile):
        left.extend(iter(response.streaming_content))
    return b"".join(left)


@pytest.fixture
def let_go(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Closes a response as a server does when the client is gone; the test keeps its connection to the database."""

    def close(response: Any) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(request_finished, "send", lambda **_about: [])
            response.close()

    return close


def test_tampered_byte_breaks_the_stream_and_no_program_takes_it_for_whole(
    told: Told, tmp_path: Path
) -> None:
    """Neither a large file, nor one after a workbook, whose own end is one of a ZIP."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as workbook:
        workbook.writestr("xl/workbook.xml", "<workbook/>")
    rows = [
        make_row(told, name="Daftar.xlsx", content=inner.getvalue()),
        make_row(told, name="Diubah.pdf", content=b"bukti" * 500_000),
    ]
    cite(told, rows)
    report = asked(told, day=TODAY)
    tamper(rows[1])
    left = pieces_until_it_breaks(told, report)
    assert b"BACA-SAYA.txt" in left and left.count(inner.getvalue()) == 1
    rest = left.replace(inner.getvalue(), b"")
    assert b"PK\x05\x06" not in rest and b"PK\x01\x02" not in rest
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(left))
    (tmp_path / "pek.zip").write_bytes(left)
    tested = subprocess.run(["unzip", "-t", "pek.zip"], cwd=tmp_path, check=False, capture_output=True)
    assert tested.returncode != 0
    assert left.endswith(b"NOT WHOLE.\n")


def test_broken_download_names_the_file_until_it_is_brought_back(told: Told) -> None:
    tampered = told.documents["jim20"]
    whole = path_of(tampered).read_bytes()
    tamper(tampered)
    report = asked(told)
    left = pieces_until_it_breaks(told, report)
    download = Download.objects.get()
    facts = (DownloadOutcome.BROKEN, tampered.pk, len(left))
    assert (download.outcome, download.document_id, download.size) == facts
    assert download.sha256 == hashlib.sha256(left).hexdigest()
    event = Event.objects.get(action="report.broken_off")
    assert (event.object_id, event.after and event.after["document"]) == (str(report.pk), tampered.pk)
    assert event.address == "127.0.0.1"
    page = signed_in(told.people["reviewer"]).get(reverse("reports:report", args=[report.pk]))
    assert f"/evidence/{tampered.pk}/" in page.content.decode()
    path_of(tampered).write_bytes(whole)
    assert take(told, report).zip.testzip() is None
    outcomes = set(Download.objects.values_list("outcome", flat=True))
    assert outcomes == {DownloadOutcome.BROKEN, DownloadOutcome.WHOLE}


def test_reviewers_who_may_open_the_file_and_administrators_are_told(told: Told) -> None:
    uncleared = UserFactory(role=Role.REVIEWER, agency=told.agencies["KDN"], clearance=Clearance.RESTRICTED)
    gone = UserFactory(role=Role.REVIEWER, agency=told.agencies["KDN"], is_active=False)
    tampered = told.documents["jim20"]
    tamper(tampered)
    report = asked(told, by="jim")
    for _again in range(2):
        pieces_until_it_breaks(told, report, by="jim")
    notices = list(Notice.objects.filter(what=BROKEN_OFF))
    told_of = {told.people["reviewer"].pk}
    assert {notice.user_id for notice in notices} == told_of and len(notices) == 1
    [harmed] = Notice.objects.filter(what=FILE_HARMED)
    assert (harmed.user_id, harmed.path) == (told.people["administrator"].pk, notices[0].path)
    assert {uncleared.pk, gone.pk}.isdisjoint(told_of)
    assert {notice.path for notice in notices} == {f"/evidence/{tampered.pk}/"}
    assert all(notice.mail_after is not None for notice in notices)
    kind = kind_of(BROKEN_OFF)
    assert str(tampered.pk) in kind.text(notices[0].about) and kind.is_urgent


@pytest.mark.parametrize("change", ["longer", "shorter", "gone"])
def test_file_that_is_known_to_be_lost_hands_out_nothing(told: Told, change: str) -> None:
    document = told.documents["pdrm1"]
    lose(document, change)
    response = fetch(told, asked(told))
    assert response.status_code == 409
    assert f"Dokumen {document.pk}" in response.content.decode()
    download = Download.objects.get()
    assert (download.outcome, download.document_id, download.size) == (DownloadOutcome.BROKEN, document.pk, 0)
    assert Notice.objects.filter(what=BROKEN_OFF).count() == 1
    assert Notice.objects.filter(what=FILE_HARMED).count() == 1
    harm = Harm.MISSING if change == "gone" else Harm.DIFFERS
    assert FileCheck.objects.get(document=document).harm == harm


def test_file_that_is_lost_while_the_pack_flows_breaks_it(told: Told) -> None:
    document, report = told.documents["jim20"], asked(told)
    whole = path_of(document).read_bytes()
    for change in ("longer", "shorter", "gone"):
        response = fetch(told, report)
        lose(document, change)
        with pytest.raises(BrokenFile) as broken:
            b"".join(response.streaming_content)
        assert broken.value.number == document.pk, change
        path_of(document).write_bytes(whole)
    assert [each.document_id for each in Download.objects.all()] == [document.pk] * 3


def lose(document: Document, change: str) -> None:
    path = path_of(document)
    content = path.read_bytes()
    path.unlink()
    if change != "gone":
        path.write_bytes(content + b"x" if change == "longer" else content[:-1])


def test_client_that_goes_away_is_told_as_cut(told: Told, let_go: Callable[[Any], None]) -> None:
    cite(told, [make_row(told, name="Besar.pdf", content=b"bukti" * 1_000_000)])
    response = fetch(told, asked(told, day=TODAY))
    first = next(iter(response.streaming_content))
    let_go(response)
    download = Download.objects.get()
    assert (download.outcome, download.size) == (DownloadOutcome.CUT, len(first))
    assert not Event.objects.filter(action="report.broken_off").exists()


def test_client_that_goes_away_before_the_first_byte_is_told_as_cut(
    told: Told, let_go: Callable[[Any], None]
) -> None:
    let_go(fetch(told, asked(told)))
    download = Download.objects.get()
    nothing = (DownloadOutcome.CUT, 0, hashlib.sha256().hexdigest())
    assert (download.outcome, download.size, download.sha256) == nothing
