"""One planning of a day that nobody has planned, in a process that does nothing else."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.children.planning import plan_day, taken_back
from benchmarks.memory import growth_mib


def main(_facts: dict[str, Any]) -> dict[str, float]:
    """Return its queries, and by how many MiB the process grew; what it planned is taken back."""
    with CaptureQueriesContext(connection) as queries:
        grown = growth_mib(taken_back(plan_day))
    return {"queries": float(len(queries)), "memory": grown}
