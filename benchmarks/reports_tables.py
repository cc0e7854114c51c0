"""A workbook and a CSV table of a cycle with 210,000 accepted updates, against bare XlsxWriter and a bare reading."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from statistics import median

from benchmarks.report import Figure
from benchmarks.site import BASE, Builder
from benchmarks.state import ask, worker_of

#: Accepted updates of each of the 103 assignments, 210,120 in all.
UPDATES = 2_040
#: One update in so many cites a document.
CITES_EVERY = 20
TIME_GOAL, MEMORY_GOAL_MIB = 1.5, 150.0
#: What is read or written in turns with what, by the name of its figure.
TURNS = {"csv": TIME_GOAL, "csv.copy": 1.0, "xlsx": TIME_GOAL}
PAPERS = ("xlsx", "csv", "json")
#: A workbook by bare XlsxWriter takes half a minute.
MOST_ROUNDS = 3


def build(builder: Builder) -> str:
    """Return the name of a new database of one cycle with so many accepted updates, some of which cite documents."""
    name = builder.build(UPDATES)
    builder.give_citations(name, CITES_EVERY)
    return name


def measure(builder: Builder, name: str, *, rounds: int) -> Iterator[Figure]:
    """Times in turns in one process; memory of each paper in a process that makes nothing else."""
    with worker_of(builder, name, "reports_tables_worker") as worker:
        for figure, goal in TURNS.items():
            ours, bare = ask(worker, figure, times=min(rounds, MOST_ROUNDS))
            yield Figure(f"{figure}@210k", median(ours), median(bare), goal)
    for paper in PAPERS:
        yield Figure(f"{paper}.memory@210k", _memory(builder, name, paper), 1.0, MEMORY_GOAL_MIB, unit="MiB")


def _memory(builder: Builder, name: str, paper: str) -> float:
    """By how many MiB a process grows at most while it makes a paper."""
    command = [
        sys.executable, "-m", "benchmarks.reports_tables_worker", str(builder.facts_file(name)), paper,
    ]  # fmt: skip
    done = subprocess.run(
        command, cwd=BASE, env=builder.environment(name), check=True, stdout=subprocess.PIPE, text=True
    )
    grown: float = json.loads(done.stdout.splitlines()[-1])
    return grown
