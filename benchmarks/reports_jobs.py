"""Whether pages stay answerable while three large summaries are made, each by a process of its own, on one machine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from statistics import median
from subprocess import Popen
from threading import Event, Thread

from benchmarks.reads import WARM_UP, burst
from benchmarks.report import Figure, percentile
from benchmarks.site import Builder, Site
from benchmarks.state import worker_of

UPDATES = 210_000
#: What is made meanwhile: a whole cycle with all its narratives, in three ways.
PAPERS = ("csv", "xlsx", "json")
PAGES = {"my_work": "officer", "overview": "reviewer"}
#: How many times the median of the idle machine a page may take, and how many milliseconds at the 95th percentile.
IDLE_GOAL, P95_GOAL = 4.0, 500.0


def build(builder: Builder) -> str:
    """Return the name of a new database of ten cycles with so many updates."""
    return builder.build_cycles([UPDATES])[UPDATES]


def measure(builder: Builder, name: str, *, rounds: int, requests: int = 10) -> Iterator[Figure]:
    """Pages in turns: while nothing is made, and while three are."""
    facts = builder.facts(name)
    idle: dict[str, list[float]] = defaultdict(list)
    busy: dict[str, list[float]] = defaultdict(list)
    with Site(builder, name).serving() as site, ExitStack() as stack:
        makers = [stack.enter_context(worker_of(builder, name, "reports_jobs_worker")) for _paper in PAPERS]
        for page, role in PAGES.items():
            burst(site, facts, page, clients=1, requests=WARM_UP, role=role)
        for _round in range(rounds):
            for page, role in PAGES.items():
                idle[page] += burst(site, facts, page, clients=1, requests=requests, role=role)
            with _Jobs(makers) as jobs:
                while jobs.are_all_running():
                    for page, role in PAGES.items():
                        busy[page] += burst(site, facts, page, clients=1, requests=requests, role=role)
    for page in PAGES:
        yield Figure(f"{page}.while_3_jobs", median(busy[page]), median(idle[page]), IDLE_GOAL)
        yield Figure(f"{page}.while_3_jobs.p95", percentile(busy[page], 0.95), 1.0, P95_GOAL)


class _Jobs:
    """One large summary by each maker, all at the same time."""

    def __init__(self, makers: list[Popen[str]]) -> None:
        self._is_one_done = Event()
        pairs = zip(makers, PAPERS, strict=True)
        self._threads = [Thread(target=self._make, args=pair) for pair in pairs]

    def __enter__(self) -> _Jobs:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        for thread in self._threads:
            thread.join()

    def are_all_running(self) -> bool:
        return not self._is_one_done.is_set()

    def _make(self, maker: Popen[str], paper: str) -> None:
        assert maker.stdin is not None and maker.stdout is not None
        maker.stdin.write(f"{paper}\n")
        maker.stdin.flush()
        answer = maker.stdout.readline().strip()
        self._is_one_done.set()
        if answer != "ready":
            raise RuntimeError(f"{paper} ended as {answer or 'nothing'}")
