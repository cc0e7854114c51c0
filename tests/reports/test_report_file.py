"""The file of a report: how it leaves, and when it does not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections
from pytest_django import Settings

from accounts.clearance import Clearance
from audit.models import Event
from evidence import outgoing
from evidence.outgoing import BytesHarmed
from reminders.messages.notices import kind_of
from reminders.models import Notice
from reminders.states import FILE_HARMED
from reports.models import Download, Report
from reports.services.requests import cancel_report
from reports.services.retention import remove_expired_files
from reports.states import DownloadOutcome, ReportState
from tests.conftest import Clock
from tests.reports.conftest import Told
from tests.reports.makers import BYTES, address, asked, demote, good, kept_files, ready, signed_in, use_writer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _good_writer(monkeypatch: pytest.MonkeyPatch) -> None:
    use_writer(monkeypatch, good)


@pytest.fixture
def made(told: Told) -> Report:
    return ready(told)


def test_file_leaves_as_it_was_made_and_on_record(told: Told, made: Report) -> None:
    answer = signed_in(told).get(address("file", made))
    assert Download.objects.get().outcome == "", "the bytes are still on their way"
    assert answer.getvalue() == BYTES
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="{made.file_name}"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Length"] == str(len(BYTES))
    download = Download.objects.get()
    assert (download.outcome, download.sha256) == (DownloadOutcome.WHOLE, hashlib.sha256(BYTES).hexdigest())
    assert (download.downloaded_by, download.size) == (told.people["reviewer"], len(BYTES))
    assert Event.objects.filter(action="report.taken").count() == 1


def test_connection_that_ends_is_told_apart(told: Told, made: Report) -> None:
    answer = signed_in(told).get(address("file", made))
    # As a server does for a connection that is gone; the test's own must not be closed with it.
    with hanging_on():
        answer.close()
    download = Download.objects.get()
    assert (download.outcome, download.size, download.sha256) == (DownloadOutcome.CUT, 0, "")


def test_harmed_file_is_not_handed_out_and_is_on_record_and_told_once(told: Told, made: Report) -> None:
    (path,) = kept_files()
    for content in (BYTES[:-1] + bytes([BYTES[-1] ^ 1]), b"another"):
        path.write_bytes(content)
        answer = signed_in(told).get(address("file", made))
        assert answer.status_code == 503
        assert "no longer has this file as it was made" in answer.text and "Make again" in answer.text
    assert not Download.objects.exists()
    [event] = Event.objects.filter(action="report.found_harmed")
    assert (event.object_id, event.actor_id) == (str(made.pk), None)
    [notice] = Notice.objects.filter(what=FILE_HARMED)
    assert notice.user_id == told.people["administrator"].pk
    assert str(made.pk) in kind_of(FILE_HARMED).text(notice.about)


def test_long_file_with_a_flipped_byte_breaks_off_and_is_made_again(
    told: Told, made: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing, "PIECE_BYTES", 2)
    (path,) = kept_files()
    path.write_bytes(BYTES[:-1] + bytes([BYTES[-1] ^ 1]))
    client = signed_in(told)
    answer = client.get(address("file", made))
    with pytest.raises(BytesHarmed):
        answer.getvalue()
    with hanging_on():
        answer.close()
    download = Download.objects.get()
    assert download.outcome == DownloadOutcome.BROKEN and 0 < download.size < len(BYTES)
    page = client.get(address("report", made)).text
    assert "no longer what was made" in page and "Make again" in page
    # By now the whole file is read before any of it leaves.
    assert client.get(address("file", made)).status_code == 503
    path.write_bytes(BYTES)
    assert client.get(address("file", made)).getvalue() == BYTES


def test_lowered_reader_is_told_to_make_it_again(told: Told, made: Report) -> None:
    demote(told.people["reviewer"], clearance=Clearance.RESTRICTED)
    client = signed_in(told)
    answer = client.get(address("file", made))
    assert answer.status_code == 409
    assert "Your rights have changed" in answer.text
    assert "Make again" in answer.text
    assert not Download.objects.exists()


def test_file_that_is_no_longer_kept_is_told_and_made_again(
    told: Told, made: Report, clock: Clock, settings: Settings
) -> None:
    later = clock.move_to(made.asked_at + timedelta(days=settings.REPORTS_KEEP_DAYS, minutes=2))
    remove_expired_files(now=later)
    client = signed_in(told)
    assert client.get(address("file", made)).status_code == 409
    page = client.get(address("report", made)).text
    assert "no longer kept" in page and made.fingerprint in page
    client.post(address("again", made))
    second = Report.objects.get(dropped_at=None)
    assert (second.fingerprint, second.state) == (made.fingerprint, ReportState.READY)


def test_unfinished_file_is_not_there_yet(told: Told) -> None:
    report, client = asked(told), signed_in(told)
    assert client.get(address("file", report)).status_code == 409
    cancel_report(report, actor=told.people["reviewer"], now=told.now)
    assert client.get(address("file", report)).status_code == 409
    assert not Download.objects.exists()


@contextmanager
def hanging_on() -> Iterator[None]:
    """The end of a request closes no connection to the database."""
    request_finished.disconnect(close_old_connections)
    try:
        yield
    finally:
        request_finished.connect(close_old_connections)
