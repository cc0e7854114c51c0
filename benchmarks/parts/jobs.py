"""Whether pages stay answerable while three large summaries are made, each by a process of its own, on one machine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from statistics import median

from benchmarks.parts.bench import Bench
from benchmarks.parts.pages import warm_up
from benchmarks.results import Measurement, percentile
from benchmarks.server import Server, serving

#: What is made meanwhile: a whole cycle with all its narratives, in three formats.
FORMATS = ("csv", "xlsx", "json")
PAGES = {"my_work": "officer", "overview": "reviewer"}
#: How many times the median of the idle machine a page may take, and how many milliseconds at the 95th percentile.
IDLE_GOAL, P95_GOAL_MS = 4.0, 500.0
#: One round takes as long as the fastest of the three summaries.
MOST_ROUNDS = 5
MAKE_SECONDS = 120.0

Times = dict[str, list[float]]


def measure(bench: Bench) -> Iterator[Measurement]:
    """Ask for pages in turns: while nothing is made, and while three summaries are."""
    database = bench.database("ten_cycles_210k")
    idle: Times = defaultdict(list)
    busy: Times = defaultdict(list)
    with serving(database) as server, ExitStack() as stack:
        makers = [stack.enter_context(database.answering("children.jobs")) for _format in FORMATS]
        for maker in makers:
            maker.wait_until_ready()
        warm_up(server, PAGES)
        for _round in range(min(bench.rounds, MOST_ROUNDS)):
            _ask_for_pages(server, idle, requests=bench.requests)
            for maker, export_format in zip(makers, FORMATS, strict=True):
                maker.send("make", export_format=export_format)
            while not any(maker.has_answered for maker in makers):
                _ask_for_pages(server, busy, requests=bench.requests)
            for maker, export_format in zip(makers, FORMATS, strict=True):
                _check(maker.receive(limit_seconds=MAKE_SECONDS), export_format)
    for page in PAGES:
        yield Measurement(f"{page}.while_3_jobs", median(busy[page]), median(idle[page]), IDLE_GOAL)
        yield Measurement(f"{page}.while_3_jobs.p95", percentile(busy[page], 0.95), 1.0, P95_GOAL_MS)


def _ask_for_pages(server: Server, times: Times, *, requests: int) -> None:
    for page, role in PAGES.items():
        times[page] += server.burst(page, role=role, requests=requests)


def _check(state: str, export_format: str) -> None:
    if state != "ready":
        raise RuntimeError(f"the summary as {export_format} ended as {state}")
