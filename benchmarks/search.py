"""Search in 210,000 updates and 20,000 documents: against bare full-text SQL with the same rights, and the floor page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from statistics import median

from benchmarks.reads import WARM_UP, burst
from benchmarks.report import Figure
from benchmarks.search_texts import QUESTIONS
from benchmarks.search_worker import ROLES
from benchmarks.site import Builder, Site
from benchmarks.state import ask, worker_of

UPDATES, DOCUMENTS = 210_000, 20_000
SEARCH_GOAL, PAGE_GOAL = 2.0, 5.0


def build(builder: Builder) -> str:
    """Return the name of a new database with so many updates and documents."""
    name = builder.build_cycles([UPDATES])[UPDATES]
    builder.give_texts(name, DOCUMENTS)
    return name


def measure(builder: Builder, name: str, *, rounds: int) -> Iterator[Figure]:
    """Each question by each person: the search in turns with bare SQL, then the page in turns with the floor page."""
    yield from _searches(builder, name, rounds=rounds)
    yield from _pages(builder, name, rounds=rounds)


def _searches(builder: Builder, name: str, *, rounds: int, each: int = 10) -> Iterator[Figure]:
    readings = [f"{role}.{question}" for role in ROLES for question in QUESTIONS]
    product: dict[str, list[float]] = defaultdict(list)
    bare: dict[str, list[float]] = defaultdict(list)
    with worker_of(builder, name, "search_worker") as worker:
        for reading in readings:
            ask(worker, reading, times=WARM_UP)
        for _round in range(rounds):
            for reading in readings:
                ours, theirs = ask(worker, reading, times=each)
                product[reading] += ours
                bare[reading] += theirs
    for reading in readings:
        yield Figure(f"search.{reading}", median(product[reading]), median(bare[reading]), SEARCH_GOAL)


def _pages(builder: Builder, name: str, *, rounds: int, requests: int = 10) -> Iterator[Figure]:
    facts = builder.facts(name)
    pages = {f"{role}.{question}": (role, f"search_{question}") for role in ROLES for question in QUESTIONS}
    times: dict[str, list[float]] = defaultdict(list)
    with Site(builder, name).serving() as site:
        for role, page in [("reviewer", "floor"), *pages.values()]:
            burst(site, facts, page, clients=1, requests=WARM_UP, role=role)
        for _round in range(rounds):
            times["floor"] += burst(site, facts, "floor", clients=1, requests=requests)
            for figure, (role, page) in pages.items():
                times[figure] += burst(site, facts, page, clients=1, requests=requests, role=role)
    for figure in pages:
        yield Figure(f"search_page.{figure}", median(times[figure]), median(times["floor"]), PAGE_GOAL)
