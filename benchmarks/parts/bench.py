"""What every part is given, and what it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks.databases import Database, Databases
from benchmarks.results import Measurement


@dataclass(frozen=True)
class Bench:
    """The databases, and how often to measure: so many rounds, each page so many times in a round."""

    databases: Databases
    rounds: int
    requests: int

    def database(self, name: str) -> Database:
        """Return one of the databases that the part asked for."""
        return self.databases.get(name)


@dataclass(frozen=True)
class BenchPart:
    """One kind of figures: the databases that it needs, how it is measured, and when it has taken too long."""

    databases: tuple[str, ...]
    measure: Callable[[Bench], Iterator[Measurement]]
    limit_seconds: float = 900.0
