"""Reminders: a day's planning against bare SQL, sending against a bare loop over one connection, and the bell."""

from __future__ import annotations

import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from benchmarks import processes
from benchmarks.parts.bench import Bench
from benchmarks.processes import START_SECONDS, ChildFailed
from benchmarks.results import Measurement
from tracker.processes import bound_to_parent

#: People, with twenty open assignments each: a tenth, and the whole.
FEW, MANY = 200, 2_000
DIGESTS = 1_000
PLAN_GOAL, SEND_GOAL, MEMORY_GOAL = 2.0, 2.0, 1.1
#: Against a server that says yes at once nothing is promised; a figure far from the usual still shows.
SINK_GOAL = 8.0
#: On a busy machine one answer, all rounds of sending or planning, takes minutes.
LIMIT_SECONDS = 400.0
#: A planning that takes no memory to speak of is compared with this much.
LEAST_MIB = 2.0
#: Whole rounds: one sends a thousand mails twice, one plans a day twice. To a server that says yes at once, which is bound
#: only loosely, fewer.
MOST_ROUNDS, MOST_SINK_ROUNDS = 4, 2


def measure(bench: Bench) -> Iterator[Measurement]:
    """Measure planning at both sizes, sending and the bell at the larger."""
    rounds = min(bench.rounds, MOST_ROUNDS)
    yield from _one_planning(bench)
    for people in (FEW, MANY):
        with bench.database(f"people_{people}").answering("children.planning") as child:
            product, bare = child.ask("plan", times=rounds, limit_seconds=LIMIT_SECONDS)
        yield Measurement(f"plan@{people}_people", median(product), median(bare), PLAN_GOAL)
    yield from _sending(bench, rounds)


def _one_planning(bench: Bench) -> Iterator[Measurement]:
    """Yield queries and memory of one planning in a process that does nothing else."""
    few, many = (bench.database(f"people_{people}").run("children.planning_once") for people in (FEW, MANY))
    yield Measurement(f"plan.queries@{MANY}_people", many["queries"], few["queries"], 1.0, unit="")
    floor = max(few["memory"], LEAST_MIB)
    yield Measurement(f"plan.memory@{MANY}_people", many["memory"], floor, MEMORY_GOAL, unit="MiB")


def _sending(bench: Bench, rounds: int) -> Iterator[Measurement]:
    """Send to a server that keeps each mail on the disk before it says yes, and to one that says yes at once."""
    database = bench.database(f"people_{MANY}")
    folder = database.folder / "mails"
    folder.mkdir()
    for figure, arguments, goal, times in (
        ("send", [str(folder)], SEND_GOAL, rounds),
        ("send.to_a_sink", [], SINK_GOAL, min(rounds, MOST_SINK_ROUNDS)),
    ):
        with _mail_sink(arguments) as port, database.answering("children.mails", port) as child:
            product, bare = child.ask("send", times=times, limit_seconds=LIMIT_SECONDS)
            bell = child.ask("bell")
        yield Measurement(f"{figure}@{DIGESTS}_digests", median(product), median(bare), goal)
    yield Measurement("bell.queries", bell, 1.0, 1.0, unit="")


@contextmanager
def _mail_sink(arguments: list[str]) -> Iterator[int]:
    """Run a mail server in a process of its own, and yield its port."""
    command = [sys.executable, "-m", "benchmarks.children.mail_sink", *arguments]
    process = subprocess.Popen(
        bound_to_parent(command), cwd=processes.BASE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        if not select.select([process.stdout], [], [], START_SECONDS)[0]:
            raise ChildFailed("the mail server did not start")
        line = process.stdout.readline()
        if not line:
            raise ChildFailed("the mail server ended; its error stands above")
        yield int(line)
    finally:
        processes.end(process, asked=False)
        process.stdout.close()
