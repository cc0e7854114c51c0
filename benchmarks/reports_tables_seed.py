"""Run as the owner: `python -m benchmarks.reports_tables_seed FACTS.json EVERY` lets accepted updates cite documents.

Each agency gets a document, which one in so many of its submissions cites.
"""

from __future__ import annotations

import sys

import django
from django.db import connection, transaction

CITE = """
    INSERT INTO recommendations_submissiondocument (submission_id, document_id)
    SELECT submission.id, document.id
    FROM recommendations_submission submission
    JOIN recommendations_update update ON update.id = submission.update_id
    JOIN recommendations_assignment assignment ON assignment.id = update.assignment_id
    JOIN evidence_document document ON document.agency_id = assignment.agency_id
    WHERE submission.id %% %s = 0"""


def main(every: int) -> None:
    """Make the documents and cite them."""
    django.setup()
    with transaction.atomic(), connection.cursor() as cursor:
        _make_documents()
        # What was submitted long ago is cited afterwards: no service does that.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(CITE, [every])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _make_documents() -> None:
    from accounts.clearance import Clearance
    from accounts.models import Agency, User
    from audit import clock
    from evidence.models import Document
    from evidence.states import ScanState

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


if __name__ == "__main__":
    main(int(sys.argv[2]))
