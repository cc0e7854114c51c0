"""Put 1 GB of cited files into a database of one cycle: each of the newest accepted updates cites 25 MiB of noise.

A pack of all of them has been asked for and is ready.
"""

from __future__ import annotations

import hashlib
import os
from typing import Any

from django.db import connection, transaction
from django.urls import reverse

from accounts.clearance import Clearance
from accounts.models import User
from accounts.roles import Role
from audit import clock
from evidence import storage
from evidence.models import Document
from evidence.states import ScanState
from recommendations.models import Cycle, Review, SubmissionDocument
from reports.services.making import make
from reports.services.requests import request_report
from reports.states import ExportFormat, ReportState
from reports.summary.selection import read_selection

FILES, FILE_BYTES = 40, 25 * 1024 * 1024


def main(_facts: dict[str, Any]) -> dict[str, Any]:
    """Write the files and cite them; return the pack's address, and where the files lie."""
    paths = _cite_files()
    return {"pack": reverse("reports:file", args=[_ask_for_pack()]), "pack_files": paths}


def _cite_files() -> list[str]:
    reviews = Review.objects.accepted().select_related("submission", "assignment").order_by("-pk")[:FILES]
    made = [(review.submission, *_file(number, review)) for number, review in enumerate(reviews)]
    with transaction.atomic(), connection.cursor() as cursor:
        # What was submitted long ago is cited afterwards: no service does that.
        cursor.execute("SET LOCAL session_replication_role = replica")
        SubmissionDocument.objects.bulk_create(
            SubmissionDocument(submission=submission, document=document)
            for submission, document, _path in made
        )
    return [path for _submission, _document, path in made]


def _file(number: int, review: Any) -> tuple[Any, str]:
    now, content = clock.now(), os.urandom(FILE_BYTES)
    stored_name = storage.new_stored_name()
    path = storage.path_of(stored_name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    document = Document.objects.create(
        agency_id=review.assignment.agency_id,
        original_name=f"Laporan {number}.pdf",
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        media_type="application/pdf",
        stored_name=stored_name,
        received_at=now,
        frozen_at=now,
        uploaded_by_id=review.submission.submitted_by_id,
        classification=Clearance.RESTRICTED,
        scan_state=ScanState.UNSCANNED,
    )
    return document, str(path)


def _ask_for_pack() -> int:
    now, cycle = clock.now(), Cycle.objects.get()
    reviewer = User.objects.get(role=Role.REVIEWER)
    asked = {"depth": "full", "language": "ms"}
    selection = read_selection(asked, cycle=cycle, today=clock.today(), user=reviewer)
    report = request_report(selection, export_format=ExportFormat.PACK, cycle=cycle, actor=reviewer, now=now)
    if make(report.pk, now=now) != ReportState.READY:
        report.refresh_from_db()
        raise SystemExit(f"the pack is not ready: {report.failure}")
    return report.pk
