"""The state of a cycle on any day, and the dashboard, with up to 2.1 million updates in ten cycles."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from statistics import median

from benchmarks.reads import MEDIAN_GOALS, QUERY_GOALS, WARM_UP, burst
from benchmarks.report import Figure
from benchmarks.site import BASE, Builder, Site

SIZES = (21_000, 210_000, 2_100_000)
#: What is read straight from the database, and how many times its bare statement it may take.
READINGS = {"then": ("state.as_at", 1.5), "now": ("state.now", 1.5), "trend": ("trend", 5.0)}
GROWTH_GOAL = 1.3
#: Turns of all readings in one round.
TURNS = 10
#: The dashboard today, and as at a day in the middle of the window.
DASHBOARD = {"overview": "reviewer", "overview_then": "reviewer"}
PAGE_GOAL, QUERY_GOAL = MEDIAN_GOALS["overview"], QUERY_GOALS["overview"]

Times = dict[tuple[str, int], list[float]]


def word_of(size: int) -> str:
    """How a number of updates is called in the name of a figure: 21k, 2.1M."""
    return f"{size / 1_000_000:g}M" if size >= 1_000_000 else f"{size / 1_000:g}k"


def measure(builder: Builder, names: dict[int, str], *, rounds: int) -> Iterator[Figure]:
    """Readings at all sizes in turns, each in turns with its bare statement; then the page at the largest size."""
    product, bare = _read(builder, names, rounds=rounds)
    smallest, largest = min(names), max(names)
    for reading, (figure, goal) in READINGS.items():
        for size in names:
            times = median(product[reading, size]), median(bare[reading, size])
            yield Figure(f"{figure}@{word_of(size)}", *times, goal)
        grown = median(product[reading, largest]), median(product[reading, smallest])
        yield Figure(f"{figure}.at_{word_of(largest)}_updates", *grown, GROWTH_GOAL)
    yield from _pages(builder, names[largest], word_of(largest), rounds=rounds)
    yield from _queries(builder, names)


def _read(builder: Builder, names: dict[int, str], *, rounds: int) -> tuple[Times, Times]:
    """Many short turns, so that whatever else the machine does falls on all alike."""
    product: Times = defaultdict(list)
    bare: Times = defaultdict(list)
    with ExitStack() as stack:
        workers = {
            size: stack.enter_context(worker_of(builder, name, "state_worker"))
            for size, name in names.items()
        }
        for worker in workers.values():
            for reading in READINGS:
                ask(worker, reading, times=WARM_UP)
        for _turn in range(rounds * TURNS):
            for reading in READINGS:
                for size, worker in workers.items():
                    ours, theirs = ask(worker, reading, times=4)
                    product[reading, size] += ours
                    bare[reading, size] += theirs
    return product, bare


@contextmanager
def worker_of(builder: Builder, name: str, module: str) -> Iterator[subprocess.Popen[str]]:
    """A process that times readings of a database in turns with bare SQL; `ask` speaks with it."""
    command = [sys.executable, "-m", f"benchmarks.{module}", str(builder.facts_file(name))]
    with subprocess.Popen(
        command,
        cwd=BASE,
        env=builder.environment(name),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.communicate()


def ask(worker: subprocess.Popen[str], reading: str, *, times: int) -> list[list[float]]:
    """The milliseconds of a reading, so many times: the product's, and the bare statement's."""
    assert worker.stdin is not None and worker.stdout is not None
    worker.stdin.write(f"{reading} {times}\n")
    worker.stdin.flush()
    answer = worker.stdout.readline()
    if not answer:
        raise RuntimeError(f"the reading {reading} ended early")
    taken: list[list[float]] = json.loads(answer)
    return taken


def _pages(builder: Builder, name: str, word: str, *, rounds: int, requests: int = 10) -> Iterator[Figure]:
    facts = builder.facts(name)
    times: dict[str, list[float]] = defaultdict(list)
    with Site(builder, name).serving() as site:
        for page in ("floor", *DASHBOARD):
            burst(site, facts, page, clients=1, requests=WARM_UP)
        for _round in range(rounds):
            for page in ("floor", *DASHBOARD):
                times[page] += burst(site, facts, page, clients=1, requests=requests)
    floor = median(times["floor"])
    yield Figure(f"dashboard@{word}", median(times["overview"]), floor, PAGE_GOAL)
    yield Figure(f"dashboard.as_at@{word}", median(times["overview_then"]), floor, PAGE_GOAL)


def _queries(builder: Builder, names: dict[int, str]) -> Iterator[Figure]:
    counts = {size: builder.count_queries(name) for size, name in names.items()}
    smallest, largest = min(names), max(names)
    for page, word in zip(DASHBOARD, ("dashboard", "dashboard.as_at"), strict=True):
        most = counts[largest][page]
        yield Figure(f"{word}.queries@{word_of(largest)}", most, 1.0, QUERY_GOAL, unit="")
        yield Figure(
            f"{word}.queries.at_{word_of(largest)}_updates", most, counts[smallest][page], 1.0, unit=""
        )
