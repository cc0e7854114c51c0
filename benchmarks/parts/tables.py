"""A workbook and a CSV table of a cycle with 210,120 accepted updates, against bare XlsxWriter and a bare reading."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from benchmarks.parts.bench import Bench
from benchmarks.results import Measurement

TIME_GOAL, MEMORY_GOAL_MIB = 1.5, 150.0
#: What is read or written in turns with its floor, by the name of its figure.
TURNS = {"csv": TIME_GOAL, "csv.copy": 1.0, "xlsx": TIME_GOAL}
FORMATS = ("xlsx", "csv", "json")
#: A workbook by bare XlsxWriter takes half a minute.
MOST_ROUNDS = 2
#: The product's workbook and the bare one are made in each round, and once more before the first.
LIMIT_SECONDS = 900.0


def measure(bench: Bench) -> Iterator[Measurement]:
    """Measure times in turns in one process, and the memory of each format in a process that makes nothing else."""
    database = bench.database("tables")
    with database.answering("children.tables") as child:
        for figure, goal in TURNS.items():
            times = min(bench.rounds, MOST_ROUNDS)
            product, bare = child.ask(figure, times=times, limit_seconds=LIMIT_SECONDS)
            yield Measurement(f"{figure}@210k", median(product), median(bare), goal)
    for name in FORMATS:
        grown = database.run("children.table_memory", name)
        yield Measurement(f"{name}.memory@210k", grown, 1.0, MEMORY_GOAL_MIB, unit="MiB")
