"""The full PDF of the demonstration's 2023 cycle, from the database to the last byte, against bare Typst on its data."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from benchmarks.parts.bench import Bench
from benchmarks.results import Measurement

#: The product against bare Typst on the same document, and the longest that it may take, in seconds.
RATIO_GOAL, SECONDS_GOAL = 2.0, 2.0
LANGUAGES = ("ms", "both")


def measure(bench: Bench) -> Iterator[Measurement]:
    """Measure in turns in one process, of which Typst has forgotten each time what it had set before."""
    with bench.database("demonstration").answering("children.papers") as child:
        for language in LANGUAGES:
            product, bare = child.ask("pdf", language=language, times=bench.rounds)
            seconds, name = median(product) / 1_000, f"pdf.full_2023.{language}"
            yield Measurement(name, median(product), median(bare), RATIO_GOAL)
            yield Measurement(f"{name}.seconds", seconds, 1.0, SECONDS_GOAL, unit="s")
