"""Search in 210,000 updates and 20,000 documents: against bare full-text SQL, and the page against the bare page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from statistics import median

from benchmarks.parts.bench import Bench
from benchmarks.parts.pages import FLOOR, WARM_UP, warm_up
from benchmarks.results import Measurement
from benchmarks.server import serving

#: A word of each kind: in one text of 20,000, in one of a hundred, and in every narrative.
QUESTIONS = {"rare": "istimewa", "middle": "berkala", "common": "kursus"}
ROLES = ("officer", "reviewer")
#: Who asks what, by the name of its figure.
SEARCHES = {f"{role}.{question}": (role, question) for role in ROLES for question in QUESTIONS}
SEARCH_GOAL, PAGE_GOAL = 2.0, 10.0
#: How often each search is made in one round.
TIMES = 5


def measure(bench: Bench) -> Iterator[Measurement]:
    """Measure each question of each person: the search beside bare SQL, then the page beside the bare page."""
    yield from _searches(bench)
    yield from _pages(bench)


def _searches(bench: Bench) -> Iterator[Measurement]:
    product: dict[str, list[float]] = defaultdict(list)
    bare: dict[str, list[float]] = defaultdict(list)
    with bench.database("texts").answering("children.search") as child:
        for search in SEARCHES:
            child.ask(search, times=WARM_UP)
        for _round in range(bench.rounds):
            for search in SEARCHES:
                ours, theirs = child.ask(search, times=TIMES)
                product[search] += ours
                bare[search] += theirs
    for search in SEARCHES:
        yield Measurement(f"search.{search}", median(product[search]), median(bare[search]), SEARCH_GOAL)


def _pages(bench: Bench) -> Iterator[Measurement]:
    taken: dict[str, list[float]] = defaultdict(list)
    with serving(bench.database("texts")) as server:
        warm_up(server, FLOOR)
        for role, question in SEARCHES.values():
            warm_up(server, {f"search_{question}": role})
        for _round in range(bench.rounds):
            taken["floor"] += server.burst("floor", role="reviewer", requests=bench.requests)
            for search, (role, question) in SEARCHES.items():
                taken[search] += server.burst(f"search_{question}", role=role, requests=bench.requests)
    for search in SEARCHES:
        yield Measurement(f"search_page.{search}", median(taken[search]), median(taken["floor"]), PAGE_GOAL)
