"""A workbook and a CSV table of a cycle with 210,120 accepted updates, against bare XlsxWriter and a bare reading."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from benchmarks.parts.bench import Bench
from benchmarks.results import Measurement

TIME_GOAL, COPY_GOAL, MEMORY_GOAL_MIB = 1.5, 1.0, 150.0
FORMATS = ("xlsx", "csv", "json")
#: A workbook by bare XlsxWriter takes half a minute.
MOST_ROUNDS = 2
#: One answer, all rounds of a format, may take so long.
LIMIT_SECONDS = 900.0


def measure(bench: Bench) -> Iterator[Measurement]:
    """Measure times in turns in one process, and the memory of each format in a process that makes nothing else."""
    database = bench.database("tables")
    times = min(bench.rounds, MOST_ROUNDS)
    with database.answering("children.tables") as child:
        product, bare, copy = child.ask("csv", times=times, limit_seconds=LIMIT_SECONDS)
        yield Measurement("csv@210k", median(product), median(bare), TIME_GOAL)
        yield Measurement("csv.copy@210k", median(copy), median(bare), COPY_GOAL)
        product, bare = child.ask("xlsx", times=times, limit_seconds=LIMIT_SECONDS)
        yield Measurement("xlsx@210k", median(product), median(bare), TIME_GOAL)
    for name in FORMATS:
        grown = database.run("children.table_memory", name)
        yield Measurement(f"{name}.memory@210k", grown, 1.0, MEMORY_GOAL_MIB, unit="MiB")
