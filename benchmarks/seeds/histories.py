"""Add so many updates, half of them accepted, to ten cycles: spread over each window, with all that belongs to them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import connection, transaction

from benchmarks.seeds.history import HistoryWriter, RowCopier, histories_of
from benchmarks.seeds.proofs import prove
from benchmarks.seeds.ten_cycles import ASSIGNMENTS, OPEN_YEARS, OPENS_AT, YEARS, morning
from recommendations.models import Cycle


def main(_facts: dict[str, Any], updates: str) -> None:
    """Write the histories by COPY. Raises `AssertionError` where they are not as the product would have left them."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        _write(cursor, int(updates))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        prove(cursor)


def _write(cursor: Any, updates: int) -> None:
    copier = RowCopier(cursor)
    shares = _shares(updates, len(YEARS) * ASSIGNMENTS)
    for cycle in Cycle.objects.order_by("year"):
        writer = HistoryWriter(
            copier=copier,
            cycle=cycle,
            begins_at=morning(cycle.window_start),
            ends_at=min(morning(cycle.window_end), OPENS_AT - timedelta(hours=1)),
            leaves_open=cycle.year in OPEN_YEARS,
        )
        writer.write([(history, next(shares)) for history in histories_of(cycle)])
    copier.finish()


def _shares(total: int, parts: int) -> Iterator[int]:
    """Yield the total in as many equal whole numbers as can be."""
    return (total * (part + 1) // parts - total * part // parts for part in range(parts))
