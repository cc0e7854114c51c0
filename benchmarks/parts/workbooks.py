"""A workbook of 5,000 figures, judged row by row; and the memory of the child process that reads it."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from benchmarks.parts.bench import Bench
from benchmarks.results import Measurement

SECONDS_GOAL, MEMORY_GOAL_MIB = 10.0, 150.0
#: One judging takes seconds.
MOST_ROUNDS = 3


def measure(bench: Bench) -> Iterator[Measurement]:
    """Measure the whole way from the file to the sentences beside its cells, and the child process by itself."""
    times = min(bench.rounds, MOST_ROUNDS)
    with bench.database("month_form").answering("children.workbook") as child:
        (taken,) = child.ask("judge", times=times, limit_seconds=120.0)
        peaks = [child.ask("memory") for _time in range(times)]
    yield Measurement("workbook@5000", median(taken) / 1_000, 1.0, SECONDS_GOAL, unit="s")
    yield Measurement("workbook.memory@5000", max(peaks), 1.0, MEMORY_GOAL_MIB, unit="MiB")
