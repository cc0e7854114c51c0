"""The memory that one table takes, in a process that makes nothing else."""

from __future__ import annotations

from typing import Any

from benchmarks.children.tables import made, whole_content
from benchmarks.memory import growth_mib
from reports.states import ExportFormat
from reports.summary.writing import writer_of


def main(_facts: dict[str, Any], export_format: str) -> float:
    """Make a table in a format, and return by how many MiB the process grew at most. Imports are not counted."""
    writer_of(ExportFormat(export_format))
    whole_content()
    return growth_mib(made(export_format))
