"""All checks of a cycle among 210,000 figures with revisions in ten cycles, now and as at a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from statistics import median

from benchmarks.parts.bench import Bench
from benchmarks.results import Measurement

#: What is judged, by its name in the child, and how many times its bare statement it may take.
READINGS = {"now": "figures.checks", "then": "figures.checks.as_at"}
GOAL = 2.0
DATABASE = "figures_210k"
TURNS, TIMES = 3, 4


def measure(bench: Bench) -> Iterator[Measurement]:
    """Measure each reading in turns with its bare statement."""
    product, by_hand = defaultdict(list), defaultdict(list)
    with bench.database(DATABASE).answering("children.figures") as child:
        for _turn in range(bench.rounds * TURNS):
            for reading in READINGS:
                ours, theirs = child.ask(reading, times=TIMES)
                product[reading] += ours
                by_hand[reading] += theirs
    for reading, figure in READINGS.items():
        yield Measurement(figure, median(product[reading]), median(by_hand[reading]), GOAL)
