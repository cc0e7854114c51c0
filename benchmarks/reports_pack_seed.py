"""Run as the owner: `python -m benchmarks.reports_pack_seed FACTS.json` puts 1 GB of cited files into a seeded database.

Each of the newest accepted updates cites one file of 25 MiB of noise. A pack of all of them is asked for and ready.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any

import django
from django.db import connection, transaction

FILES, FILE_BYTES = 40, 25 * 1024 * 1024


def main(facts_file: Path) -> None:
    """Write the files, cite them, ask for the pack, and write down where it is and where they are."""
    django.setup()
    from django.urls import reverse

    paths = _cite_files()
    report_id = _ask()
    facts = json.loads(facts_file.read_text(encoding="utf-8"))
    facts |= {"pack": reverse("reports:file", args=[report_id]), "pack_files": json.dumps(paths)}
    facts_file.write_text(json.dumps(facts), encoding="utf-8")


def _cite_files() -> list[str]:
    from recommendations.models import Review, SubmissionDocument

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
    from accounts.clearance import Clearance
    from audit import clock
    from evidence import storage
    from evidence.models import Document
    from evidence.states import ScanState

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


def _ask() -> int:
    from accounts.models import User
    from accounts.roles import Role
    from audit import clock
    from recommendations.models import Cycle
    from reports import services
    from reports.states import ExportFormat, ReportState
    from reports.summary.selection import read_selection

    now, cycle = clock.now(), Cycle.objects.get()
    reviewer = User.objects.get(role=Role.REVIEWER)
    asked = {"depth": "full", "language": "ms"}
    selection = read_selection(asked, cycle=cycle, today=clock.today(), user=reviewer)
    report = services.ask_for(selection, paper=ExportFormat.PACK, cycle=cycle, actor=reviewer, now=now)
    if services.make(report.pk, now=now) != ReportState.READY:
        report.refresh_from_db()
        raise SystemExit(f"the pack is not ready: {report.failure}")
    return report.pk


if __name__ == "__main__":
    main(Path(sys.argv[1]))
