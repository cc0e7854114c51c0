"""Files that are kept for some days, and downloads of them."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from accounts.clearance import Clearance
from audit.errors import NotAllowed, NotNow
from audit.models import Event
from reminders.models import Notice
from reports import files, tasks
from reports.models import Download, Report
from reports.services.downloads import begin_download, end_download
from reports.services.making import make_next
from reports.services.retention import remove_expired_files
from reports.states import DownloadOutcome, ExportFormat, ReportState
from tests.conftest import Clock
from tests.reports.conftest import Told, kuala_lumpur
from tests.reports.makers import asked, demote, fresh, good, kept_files, use_writer

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(told: Told, monkeypatch: pytest.MonkeyPatch) -> Report:
    use_writer(monkeypatch, good)
    report = asked(told)
    make_next(most_leases=1, now=told.now)
    return fresh(report)


def test_bytes_go_after_their_days_and_the_record_stays(
    told: Told, made: Report, clock: Clock, settings: Settings
) -> None:
    settings.REPORTS_KEEP_DAYS = 3
    until = made.kept_until
    assert until is not None and until - told.now < timedelta(days=3, minutes=1)
    assert remove_expired_files(now=clock.move_to(kuala_lumpur("2023-09-17 09:59"))) == 0
    later = clock.move_to(kuala_lumpur("2023-09-17 10:01"))
    assert remove_expired_files(now=later) == 1
    assert remove_expired_files(now=later) == 0
    row = fresh(made)
    assert (row.state, row.dropped_at, row.has_bytes) == (ReportState.READY, later, False)
    assert (row.fingerprint, row.sha256) == (made.fingerprint, made.sha256)
    assert kept_files() == []
    assert row.kept_until is None
    assert Event.objects.filter(action="report.dropped").count() == 1


def test_sweep_removes_old_files_that_no_report_has(told: Told, made: Report) -> None:
    (kept,) = kept_files()
    orphan = files.path_of("ab" + "0" * 30)
    stranger = files.path_of("ab-notes")
    orphan.parent.mkdir(parents=True, exist_ok=True)
    for path in (orphan, stranger):
        path.write_bytes(b"x")
    assert tasks.sweep() == 0, "young files may get their row yet"
    assert files.sweep(written_before=time.time() + 60, is_live=lambda names: {kept.name} & set(names)) == [
        orphan.name
    ]
    assert sorted(kept_files()) == sorted([kept, stranger])


def test_file_is_for_the_server_alone_and_whole_only_as_it_was_made(made: Report) -> None:
    facts: dict[str, Any] = {"sha256": made.sha256, "size": made.size}
    assert files.is_whole(made.stored_name, **facts)
    (path,) = kept_files()
    assert os.stat(path).st_mode & 0o077 == 0
    path.chmod(0o600)
    path.write_bytes(b"another")
    assert not files.is_whole(made.stored_name, **facts)
    path.unlink()
    assert not files.is_whole(made.stored_name, **facts)


def test_download_is_on_record_before_the_first_byte_and_its_first_end_is_kept(
    told: Told, made: Report
) -> None:
    download = begin_download(made, actor=told.people["reviewer"], now=told.now)
    begun = (told.people["reviewer"], "", None)
    assert (download.downloaded_by, download.outcome, download.ended_at) == begun
    event = Event.objects.get(action="report.taken")
    assert event.after is not None
    assert (event.after["selection"], event.after["fingerprint"]) == (made.query, made.fingerprint)
    assert not Notice.objects.unread().exists(), "who takes it has heard the bell"
    end_download(download, outcome=DownloadOutcome.CUT, sha256="", size=3, now=told.now)
    end_download(download, outcome=DownloadOutcome.WHOLE, sha256=made.sha256, size=made.size, now=told.now)
    row = Download.objects.get()
    assert (row.outcome, row.size) == (DownloadOutcome.CUT, 3)


def test_nobody_but_a_colleague_takes_it_nor_who_has_less_rights_by_now(told: Told, made: Report) -> None:
    for person in ("officer", "observer"):
        with pytest.raises(NotAllowed):
            begin_download(made, actor=told.people[person], now=told.now)
    demote(told.people["reviewer"], clearance=Clearance.RESTRICTED)
    told.people["reviewer"].refresh_from_db()
    with pytest.raises(NotNow):
        begin_download(made, actor=told.people["reviewer"], now=told.now)
    assert not Download.objects.exists()
    begin_download(made, actor=told.people["administrator"], now=told.now)
    assert Download.objects.get().downloaded_by == told.people["administrator"]


def test_what_is_not_ready_or_no_longer_kept_is_not_taken(
    told: Told, made: Report, clock: Clock, settings: Settings
) -> None:
    waiting = asked(told, export_format=ExportFormat.JSON)
    settings.REPORTS_KEEP_DAYS = 1
    later = clock.move_to(kuala_lumpur("2023-09-16 10:00"))
    remove_expired_files(now=later)
    for report in (waiting, fresh(made)):
        with pytest.raises(NotNow):
            begin_download(report, actor=told.people["reviewer"], now=later)
