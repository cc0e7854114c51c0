"""One planning of a day that nobody has planned, in a process that does nothing else."""

from __future__ import annotations

import resource
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.children.planning import plan_day, taken_back


def main(_facts: dict[str, Any]) -> dict[str, float]:
    """Return its queries, and by how many MiB the process grew; what it planned is taken back."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with CaptureQueriesContext(connection) as queries:
        taken_back(plan_day)()
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return {"queries": float(len(queries)), "memory": grown / 1024}
