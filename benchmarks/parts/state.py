"""The state of a cycle on any day, and the dashboard, with up to 2.1 million updates in ten cycles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from statistics import median

from benchmarks.parts.bench import Bench
from benchmarks.parts.pages import FLOOR, MEDIAN_GOALS, QUERY_GOALS, warm_up
from benchmarks.results import Measurement
from benchmarks.server import serving

#: Updates in all ten cycles, as figures and databases are named after them.
SIZES = {size: f"ten_cycles_{size}" for size in ("21k", "210k", "2.1M")}
SMALLEST, *_BETWEEN, LARGEST = SIZES
#: What is read straight from the database: its figure, and how many times its bare statement it may take.
READINGS = {
    "then": ("state.as_at", 3.0),
    "now": ("state.now", 1.5),
    "trend": ("trend", 5.0),
    "prepared": ("meeting.prepared", 8.0),
}
#: What a meeting gathers grows with the decisions since the last one, to a second and more.
GROWING = ("prepared",)
STEADY = tuple(reading for reading in READINGS if reading not in GROWING)
GROWTH_GOAL = 1.3
#: Turns of the steady readings in one round, and how often each is read in a turn. What grows has one turn in a round,
#: in which product and floor go first once each.
TURNS, TIMES, GROWING_TIMES = 6, 4, 2
#: Turns of each reading that are not counted.
WARM_UP_TURNS = 3
#: The dashboard today, and as at a day in the middle of the window: who reads it, and its figure.
DASHBOARD = {"overview": "reviewer", "overview_then": "reviewer"}
FIGURES = {"overview": "dashboard", "overview_then": "dashboard.as_at"}
PAGE_GOAL, QUERY_GOAL = MEDIAN_GOALS["overview"], QUERY_GOALS["overview"]

#: Milliseconds, by reading and size.
Times = dict[tuple[str, str], list[float]]


def measure(bench: Bench) -> Iterator[Measurement]:
    """Measure readings at all sizes in turns, each in turns with its bare statement; then the page at the largest."""
    product, bare = _read(bench)
    for reading, (figure, goal) in READINGS.items():
        for size in SIZES:
            yield Measurement(
                f"{figure}@{size}", median(product[reading, size]), median(bare[reading, size]), goal
            )
        if reading in GROWING:
            continue
        grown, base = median(product[reading, LARGEST]), median(product[reading, SMALLEST])
        yield Measurement(f"{figure}.at_{LARGEST}_updates", grown, base, GROWTH_GOAL)
    yield from _pages(bench)
    yield from _queries(bench)


def _read(bench: Bench) -> tuple[Times, Times]:
    """Return the times of the product and of the bare statements.

    Many short turns: whatever else the machine does falls on all alike. What grows is read afterwards: it reads so much
    that PostgreSQL's memory holds less of what the others read.
    """
    product: Times = defaultdict(list)
    bare: Times = defaultdict(list)
    with ExitStack() as stack:
        children = {
            size: stack.enter_context(bench.database(name).answering("children.state"))
            for size, name in SIZES.items()
        }
        for readings, turns, times in (
            (STEADY, bench.rounds * TURNS, TIMES),
            (GROWING, bench.rounds, GROWING_TIMES),
        ):
            asked = [(reading, size, child) for reading in readings for size, child in children.items()]
            for reading, _size, child in asked:
                child.ask(reading, times=times * WARM_UP_TURNS)
            for reading, size, child in asked * turns:
                ours, theirs = child.ask(reading, times=times)
                product[reading, size] += ours
                bare[reading, size] += theirs
    return product, bare


def _pages(bench: Bench) -> Iterator[Measurement]:
    """Yield the dashboard at the largest size beside the bare page."""
    taken: dict[str, list[float]] = defaultdict(list)
    with serving(bench.database(SIZES[LARGEST])) as server:
        warm_up(server, FLOOR | DASHBOARD)
        for _round in range(bench.rounds):
            for page, role in (FLOOR | DASHBOARD).items():
                taken[page] += server.burst(page, role=role, requests=bench.requests)
    for page, figure in FIGURES.items():
        yield Measurement(f"{figure}@{LARGEST}", median(taken[page]), median(taken["floor"]), PAGE_GOAL)


def _queries(bench: Bench) -> Iterator[Measurement]:
    """Yield how many queries the dashboard takes, and that they are as many for a short history."""
    many = bench.database(SIZES[LARGEST]).run("children.queries")
    few = bench.database(SIZES[SMALLEST]).run("children.queries")
    for page, figure in FIGURES.items():
        yield Measurement(f"{figure}.queries@{LARGEST}", many[page], 1.0, QUERY_GOAL, unit="")
        yield Measurement(f"{figure}.queries.at_{LARGEST}_updates", many[page], few[page], 1.0, unit="")
