"""Let one accepted update in so many cite a document; each agency has one."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

from accounts.clearance import Clearance
from accounts.models import Agency, User
from audit import clock
from evidence.models import Document
from evidence.states import ScanState

CITE = """
    INSERT INTO recommendations_submissiondocument (submission_id, document_id)
    SELECT submission.id, document.id
    FROM recommendations_submission submission
    JOIN recommendations_update update ON update.id = submission.update_id
    JOIN recommendations_assignment assignment ON assignment.id = update.assignment_id
    JOIN evidence_document document ON document.agency_id = assignment.agency_id
    WHERE submission.id %% %s = 0"""


def main(_facts: dict[str, Any], every: str) -> None:
    """Make the documents and cite them."""
    with transaction.atomic(), connection.cursor() as cursor:
        _make_documents()
        # What was submitted long ago is cited afterwards: no service does that.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(CITE, [int(every)])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _make_documents() -> None:
    now, person = clock.now(), User.objects.order_by("pk")[0]
    for agency in Agency.objects.order_by("pk"):
        Document.objects.create(
            agency=agency,
            original_name=f"Laporan {agency.code}.pdf",
            sha256=f"{agency.pk:064x}",
            size=1_000,
            media_type="application/pdf",
            stored_name=f"{agency.pk:032x}",
            received_at=now,
            frozen_at=now,
            uploaded_by=person,
            classification=Clearance.RESTRICTED,
            scan_state=ScanState.UNSCANNED,
        )
