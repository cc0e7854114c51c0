"""Reminders: a day's planning against bare SQL, sending against a bare loop over one connection, and the bell."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from benchmarks.report import Figure
from benchmarks.site import BASE, Builder
from benchmarks.state import ask, worker_of

#: People and open assignments: a tenth, and the whole.
SIZES = {200: 4_000, 2_000: 40_000}
DIGESTS = 1_000
PLAN_GOAL, SEND_GOAL, MEMORY_GOAL = 2.0, 2.0, 1.1
#: Against a server that says yes at once nothing is promised; a figure far from the usual still shows.
SINK_GOAL = 8.0


def build(builder: Builder) -> dict[int, str]:
    """Return the names of new databases, by their number of people."""
    return {people: builder.give_reminders(people, assignments) for people, assignments in SIZES.items()}


def measure(builder: Builder, names: dict[int, str], *, rounds: int) -> Iterator[Figure]:
    """The planning at both sizes, the sending and the bell at the larger."""
    yield from _once(builder, names)
    for people, name in names.items():
        yield _planning(builder, name, people, rounds=rounds)
    largest = names[max(names)]
    yield from _sending(builder, largest, rounds=rounds)


def _once(builder: Builder, names: dict[int, str]) -> Iterator[Figure]:
    """Queries and memory of one planning in a process that does nothing else."""
    told = {people: _run(builder, name, "reminders_worker", "once") for people, name in names.items()}
    few, many = told[min(names)], told[max(names)]
    size = f"@{max(names)}_people"
    yield Figure(f"plan.queries{size}", many["queries"], few["queries"], 1.0, unit="")
    yield Figure(f"plan.memory{size}", many["memory"], few["memory"], MEMORY_GOAL, unit="MiB")


def _planning(builder: Builder, name: str, people: int, *, rounds: int) -> Figure:
    with worker_of(builder, name, "reminders_worker") as worker:
        product, bare = ask(worker, "plan", times=rounds)
    return Figure(f"plan@{people}_people", median(product), median(bare), PLAN_GOAL)


def _sending(builder: Builder, name: str, *, rounds: int) -> Iterator[Figure]:
    """To a server that keeps each mail on the disk before it says yes, as servers must, and to one that says yes at once."""
    folder = builder.folder / "mails"
    folder.mkdir()
    for figure, arguments, goal in (("send", [str(folder)], SEND_GOAL), ("send.to_a_sink", [], SINK_GOAL)):
        with _sink(arguments) as port:
            told = _run(builder, name, "reminders_mail_worker", str(port), str(rounds))
        yield Figure(f"{figure}@{DIGESTS}_digests", told["product"], told["bare"], goal)
    yield Figure("bell.queries", told["bell"], 1.0, 1.0, unit="")


@contextmanager
def _sink(arguments: list[str]) -> Iterator[int]:
    """The port of a mail server in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.mail_sink", *arguments]
    process = subprocess.Popen(command, cwd=BASE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait(20)


def _run(builder: Builder, name: str, module: str, *arguments: str) -> dict[str, float]:
    """What a process tells in its last line."""
    command = [sys.executable, "-m", f"benchmarks.{module}", str(builder.facts_file(name)), *arguments]
    done = subprocess.run(
        command, cwd=BASE, env=builder.environment(name), check=True, stdout=subprocess.PIPE, text=True
    )
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told
