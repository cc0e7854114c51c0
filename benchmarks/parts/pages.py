"""Pages against the bare page, for one client and for eight, whatever the length of the history."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from statistics import median

from benchmarks.parts.bench import Bench
from benchmarks.results import Measurement, percentile
from benchmarks.server import Server, serving

#: Accepted updates of each assignment, and the database that holds so many.
LEVELS = {level: f"one_cycle_{level}" for level in (50, 5_000)}
LOWEST, HIGHEST = min(LEVELS), max(LEVELS)
CLIENTS = (1, 8)
#: Who reads which page.
PAGES = {
    "my_work": "officer",
    "item": "officer",
    "overview": "reviewer",
    "queue": "reviewer",
    "review": "reviewer",
}
FLOOR = {"floor": "reviewer"}
#: The overview shows far more than the other pages.
MEDIAN_GOALS = {"my_work": 10.0, "item": 10.0, "overview": 12.0, "queue": 10.0, "review": 10.0}
QUERY_GOALS = {"my_work": 16.0, "item": 21.0, "overview": 15.0, "queue": 12.0, "review": 14.0}
P95_GOAL, GROWTH_GOAL = 8.0, 1.2
#: Requests that are sent before any is counted.
WARM_UP = 12

#: Milliseconds of requests, by level, number of clients and page.
Samples = dict[tuple[int, int, str], list[float]]


def measure(bench: Bench) -> Iterator[Measurement]:
    """Measure all pages at all levels; levels, clients and pages take turns within each round."""
    samples: Samples = {}
    with ExitStack() as stack:
        servers = {
            level: stack.enter_context(serving(bench.database(name))) for level, name in LEVELS.items()
        }
        for server in servers.values():
            warm_up(server, FLOOR | PAGES)
        for _round in range(bench.rounds):
            for level, server in servers.items():
                _add_round(samples, level, server, requests=bench.requests)
    for clients in CLIENTS:
        yield from _against_floor(samples, clients)
    yield from _growth(samples)
    yield from _queries(bench)


def warm_up(server: Server, pages: dict[str, str]) -> None:
    """Ask for each page a few times; `pages` says who reads which."""
    for page, role in pages.items():
        server.burst(page, role=role, requests=WARM_UP)


def _add_round(samples: Samples, level: int, server: Server, *, requests: int) -> None:
    for clients in CLIENTS:
        # Eight clients send more requests for each page: fewer rounds of theirs are enough.
        each = requests if clients == 1 else max(1, requests // 2)
        for page, role in (FLOOR | PAGES).items():
            taken = server.burst(page, role=role, clients=clients, requests=each)
            samples.setdefault((level, clients, page), []).extend(taken)


def _against_floor(samples: Samples, clients: int) -> Iterator[Measurement]:
    """Yield each page at the highest level beside the bare page."""
    floor = samples[HIGHEST, clients, "floor"]
    for page in PAGES:
        taken, name = samples[HIGHEST, clients, page], f"{page}@{clients}"
        yield Measurement(f"{name}.median", median(taken), median(floor), MEDIAN_GOALS[page])
        yield Measurement(f"{name}.p95", percentile(taken, 0.95), percentile(floor, 0.95), P95_GOAL)


def _growth(samples: Samples) -> Iterator[Measurement]:
    """Yield each page at the highest level beside the same page at the lowest."""
    for page in PAGES:
        grown, base = median(samples[HIGHEST, 1, page]), median(samples[LOWEST, 1, page])
        yield Measurement(f"{page}.at_{HIGHEST}_updates", grown, base, GROWTH_GOAL)


def _queries(bench: Bench) -> Iterator[Measurement]:
    """Yield how many queries each page takes."""
    counts = bench.database(LEVELS[HIGHEST]).run("children.queries")
    for page, goal in QUERY_GOALS.items():
        yield Measurement(f"{page}.queries", counts[page], 1.0, goal, unit="")
