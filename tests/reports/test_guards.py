"""What the database itself refuses of summaries: a making or a download that was never made."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from reports.models import Download, Report
from reports.states import DownloadOutcome, ReportState
from tests.reports.conftest import Told
from tests.reports.report_rows import make_record
from tests.vouching import acting

pytestmark = pytest.mark.django_db

COPIED = (
    "export_format", "cycle", "as_at", "language", "ceiling", "depth", "query", "asked_by", "asked_at", "reader_role",
    "reader_agency", "reader_clearance",
)  # fmt: skip


def test_finished_report_cannot_be_written_down(told: Told) -> None:
    made = make_record(told)
    facts = {name: getattr(made, name) for name in COPIED}
    forgeries = {
        "state": ReportState.MAKING,
        "sha256": "c" * 64,
        "fingerprint": "c" * 64,
        "stored_name": "c" * 32,
    }
    for name, value in forgeries.items():
        with pytest.raises(DatabaseError, match="begins_as_asked"), transaction.atomic():
            Report.objects.create(**facts, **{name: value})
    Report.objects.create(**facts)


def test_finished_download_cannot_be_written_down(told: Told) -> None:
    made = make_record(told)
    facts: dict[str, Any] = {"report": made, "downloaded_by": made.asked_by, "began_at": told.now}
    with pytest.raises(DatabaseError, match="begins_open"), transaction.atomic():
        Download.objects.create(**facts, ended_at=told.now, outcome=DownloadOutcome.WHOLE)
    with acting(made.asked_by):
        download = Download.objects.create(**facts)
    download.ended_at, download.outcome = told.now - timedelta(days=1), DownloadOutcome.WHOLE
    with pytest.raises(DatabaseError, match="present instant"), transaction.atomic():
        download.save(update_fields=["ended_at", "outcome"])


def test_bytes_are_not_dropped_in_the_past_nor_named_like_a_path(told: Told) -> None:
    made = make_record(told)
    made.dropped_at = told.now - timedelta(days=1)
    with pytest.raises(DatabaseError, match="present instant"), transaction.atomic():
        made.save(update_fields=["dropped_at"])
    waiting = Report.objects.create(**{name: getattr(made, name) for name in COPIED})
    waiting.stored_name = "../../evil"
    with pytest.raises(IntegrityError, match="stored_name_is_ours"), transaction.atomic():
        waiting.save(update_fields=["stored_name"])
    connection.check_constraints()
