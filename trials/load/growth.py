"""How much a history takes in the database (run as a child of `benchmarks.child`)."""

from __future__ import annotations

from typing import Any

from django.db import connection

_COUNTS = """
SELECT (SELECT count(*) FROM recommendations_submission), (SELECT count(*) FROM evidence_document),
       (SELECT count(*) FROM audit_event), pg_database_size(current_database())
"""


def main(_facts: dict[str, Any]) -> dict[str, int]:
    """Return how many updates were sent, files stored and events recorded, and the bytes of the database."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute(_COUNTS)
        sent, files, events, size = cursor.fetchone()
    return {"sent": sent, "files": files, "events": events, "bytes": size}
