"""The full PDF of the demonstration's 2023 cycle, from the database to the last byte, against bare Typst on its data."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from benchmarks.report import Figure
from benchmarks.site import Builder
from benchmarks.state import ask, worker_of

#: The product against bare Typst on the same document, and the longest that it may take, in seconds.
RATIO_GOAL, SECONDS_GOAL = 2.0, 2.0
LANGUAGES = ("ms", "both")


def build(builder: Builder) -> str:
    """Return the name of a database that holds the demonstration."""
    return builder.give_demonstration()


def measure(builder: Builder, name: str, *, rounds: int) -> Iterator[Figure]:
    """In turns in one process, of which Typst has forgotten each time what it had set before."""
    with worker_of(builder, name, "reports_pdf_worker") as worker:
        for language in LANGUAGES:
            ask(worker, language, times=1)
            ours, bare = ask(worker, language, times=rounds)
            yield Figure(f"pdf.full_2023.{language}", median(ours), median(bare), RATIO_GOAL)
            yield Figure(
                f"pdf.full_2023.{language}.seconds", median(ours) / 1_000, 1.0, SECONDS_GOAL, unit="s"
            )
