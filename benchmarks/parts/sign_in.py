"""Whether the time of an answer shows that an address exists: one beside the other, in turns."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from benchmarks.parts.bench import Bench
from benchmarks.results import Measurement

#: The longer median may be so much longer than the other. Of an attempt's hash alone this is less than 10 ms.
GOALS = {"sign_in": 1.1, "reset": 1.3}


def measure(bench: Bench) -> Iterator[Measurement]:
    """Measure an attempt with a wrong password, and a request for a reset link."""
    taken = bench.database("people_200").run("children.sign_in")
    for act, goal in GOALS.items():
        medians = sorted(median(taken[f"{act}.{kind}"]) for kind in ("known", "unknown"))
        yield Measurement(f"{act}.known_or_not", medians[1], medians[0], goal)
