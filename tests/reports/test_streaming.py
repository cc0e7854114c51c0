"""How a download ended is noted although the connection to the database was lost while the bytes flowed."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.db import Error, InterfaceError, OperationalError

from audit.models import Event
from reminders.models import Notice
from reports.models import Download
from reports.services import downloads
from reports.services.downloads import begin_download, break_off_download, end_download
from reports.states import DownloadOutcome, ExportFormat
from reports.views.streaming import DownloadRecorder
from tests.reports.conftest import Told
from tests.reports.report_rows import make_record

pytestmark = pytest.mark.django_db


def failing(monkeypatch: pytest.MonkeyPatch, error: Error, *, times: int) -> None:
    """Let noting an end fail so often."""
    ends, errors = end_download, iter([error] * times)

    def end(*arguments: Any, **named: Any) -> Download:
        for each in errors:
            raise each
        return ends(*arguments, **named)

    monkeypatch.setattr(downloads, "end_download", end)


@pytest.mark.parametrize("error", [InterfaceError("closed"), OperationalError("gone")])
def test_end_is_noted_once_more(told: Told, monkeypatch: pytest.MonkeyPatch, error: Error) -> None:
    for export_format, outcome in (
        (ExportFormat.CSV, DownloadOutcome.WHOLE),
        (ExportFormat.PACK, DownloadOutcome.CUT),
    ):
        report = make_record(told, export_format=export_format)
        download = begin_download(report, actor=told.people["reviewer"], now=told.now)
        with monkeypatch.context() as patch:
            failing(patch, error, times=1)
            DownloadRecorder(download)("0" * 64, 5, outcome)
        download.refresh_from_db()
        assert (download.outcome, download.size) == (outcome, 5)


def test_end_that_cannot_be_noted_is_logged_with_what_it_was(
    told: Told, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    download = begin_download(make_record(told), actor=told.people["reviewer"], now=told.now)
    failing(monkeypatch, InterfaceError("closed"), times=2)
    with caplog.at_level(logging.ERROR):
        DownloadRecorder(download)("0" * 64, 5, DownloadOutcome.WHOLE)
    assert f"download {download.pk} ended" in caplog.text and "0" * 64 in caplog.text


def test_break_off_that_is_noted_twice_is_told_once(told: Told) -> None:
    report = make_record(told, export_format=ExportFormat.PACK)
    download = begin_download(report, actor=told.people["reviewer"], now=told.now)
    for _each in range(2):
        break_off_download(download, document_id=told.documents["jim0"].pk, sha256="", size=0, now=told.now)
        Notice.objects.update(read_at=told.now)
    assert Event.objects.filter(action="report.broken_off").count() == 1
    assert not Notice.objects.unread().exists()
