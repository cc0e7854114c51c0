"""All checks and figures of a cycle among 210,000 figures with revisions in ten cycles, their pages, and a month's form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from statistics import median
from typing import Any

import psycopg2

from benchmarks.databases import Database
from benchmarks.parts.bench import Bench
from benchmarks.parts.pages import FLOOR, GROWTH_GOAL, warm_up
from benchmarks.results import Measurement
from benchmarks.server import Server, serving

#: What is read straight from the database, by its name in the child, and how many times its bare statement it may take.
READINGS = {
    "now": ("figures.checks", 2.0),
    "then": ("figures.checks.as_at", 2.0),
    "read": ("figures.as_at", 1.5),
}
#: Figures in all ten cycles, as measurements and databases are named after them.
SIZES = {size: f"figures_{size}" for size in ("2100", "210k")}
SMALLEST, LARGEST = SIZES
FORM = "month_form"
DATABASES = (*SIZES.values(), FORM)
TURNS, TIMES = 3, 4
#: Who reads which page.
PAGES = {"figures": "reviewer", "indicator": "reviewer"}
PAGE_GOAL, QUERY_GOAL = 6.0, 15.0
#: How many times the bare statement of all checks the first page after a change may take: it judges, reads and writes all.
FIRST_GOAL = 4.0
#: Makes another version of the register, so that no process has anything to remember.
CHANGE = "INSERT INTO indicators_registerchange DEFAULT VALUES"


def measure(bench: Bench) -> Iterator[Measurement]:
    """Measure each reading in turns with its bare statement, then the pages and the form with the bare page."""
    product, by_hand = defaultdict(list), defaultdict(list)
    with bench.database(SIZES[LARGEST]).answering("children.figures") as child:
        for _turn in range(bench.rounds * TURNS):
            for reading in READINGS:
                ours, theirs = child.ask(reading, times=TIMES)
                product[reading] += ours
                by_hand[reading] += theirs
    for reading, (figure, goal) in READINGS.items():
        yield Measurement(figure, median(product[reading]), median(by_hand[reading]), goal)
    yield from _pages(bench, judging=median(by_hand["now"]))
    yield from _form(bench)


def _pages(bench: Bench, *, judging: float) -> Iterator[Measurement]:
    """Yield each page beside the bare page, and beside itself with few figures; and its queries.

    Yield also the page of all figures after a change, beside how long the bare statement of all checks took for `judging`.
    """
    taken: dict[tuple[str, str], list[float]] = defaultdict(list)
    first: list[float] = []
    with ExitStack() as stack:
        servers = {size: stack.enter_context(serving(bench.database(name))) for size, name in SIZES.items()}
        for server in servers.values():
            warm_up(server, FLOOR | PAGES)
        for _round in range(bench.rounds):
            for size, server in servers.items():
                for page, role in (FLOOR | PAGES).items():
                    taken[page, size] += server.burst(page, role=role, requests=bench.requests)
            first += _after_a_change(servers[LARGEST], bench.database(SIZES[LARGEST]))
    yield Measurement(f"figures.after_a_change@{LARGEST}", median(first), judging, FIRST_GOAL)
    counts = bench.database(SIZES[LARGEST]).run("children.queries")
    for page in PAGES:
        ours, bare, few = (
            median(taken[key]) for key in ((page, LARGEST), ("floor", LARGEST), (page, SMALLEST))
        )
        yield Measurement(f"{page}@{LARGEST}", ours, bare, PAGE_GOAL)
        yield Measurement(f"{page}.at_{LARGEST}_figures", ours, few, GROWTH_GOAL)
        yield Measurement(f"{page}.queries@{LARGEST}", counts[page], 1.0, QUERY_GOAL, unit="")


def _after_a_change(server: Server, database: Database) -> list[float]:
    """Return the milliseconds of a few pages of all figures, before each of which the register has changed."""
    taken = []
    connection = psycopg2.connect(database.owner_url)
    connection.autocommit = True
    for _time in range(TIMES):
        with connection.cursor() as cursor:
            cursor.execute(CHANGE)
        taken += server.burst("figures", role=PAGES["figures"], requests=1)
    connection.close()
    return taken


def _form(bench: Bench) -> Iterator[Measurement]:
    """Yield the saving of a month's form with sixty indicators beside the bare page."""
    taken: dict[str, list[float]] = defaultdict(list)
    with serving(bench.database(FORM)) as server:
        forms = _forms(server)
        warm_up(server, FLOOR)
        server.posts("month", role="officer", forms=[next(forms) for _time in range(bench.requests)])
        for _round in range(bench.rounds):
            taken["floor"] += server.burst("floor", role="reviewer", requests=bench.requests)
            some = [next(forms) for _time in range(bench.requests)]
            taken["month"] += server.posts("month", role="officer", forms=some)
    yield Measurement("month_form.saved", median(taken["month"]), median(taken["floor"]), PAGE_GOAL)


def _forms(server: Server) -> Iterator[dict[str, Any]]:
    """Yield what is typed: each time another number stands in every cell."""
    for revision in count():
        yield {"revision": revision, **dict.fromkeys(server.facts["cells"], revision % 50 + 1)}
