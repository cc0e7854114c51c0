"""What a load showed, as lines of Markdown on the screen and in docs/scale.md."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.results import write_block
from trials.load.cpu import Spent

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "scale.md"
#: Of the cycle for 2023, as its file suggests them.
ASSIGNMENTS = 103
#: What Locust calls all requests together.
_ALL = "Aggregated"


@dataclass(frozen=True)
class Row:
    """One kind of request: how many there were, how many failed, and how long they took, in milliseconds."""

    name: str
    requests: int
    failures: int
    median: float
    p95: float
    longest: float

    @classmethod
    def of(cls, row: Mapping[str, str]) -> Row:
        """Return a row of Locust's table."""
        return cls(
            row["Name"],
            int(row["Request Count"]),
            int(row["Failure Count"]),
            float(row["50%"]),
            float(row["95%"]),
            float(row["Max Response Time"]),
        )


@dataclass(frozen=True)
class Growth:
    """What a history added to a database: counts and bytes before and after it."""

    before: Mapping[str, int]
    after: Mapping[str, int]

    def words(self) -> str:
        """Return it as a sentence, and what it means for a year of the real cycle."""
        sent, events, size = (self.after[name] - self.before[name] for name in ("sent", "events", "bytes"))
        each = size / sent
        return (
            f"The demonstration's {sent} sent updates, with their reviews, comments, figures, reminders and {events} events of the log, take "
            f"{size / 1e6:.0f} MB of the database: {each / 1e3:.0f} kB for each update. A year of the 2023 cycle, with {ASSIGNMENTS} assignments "
            f"and one update of each a month, adds some {each * ASSIGNMENTS * 12 / 1e6:.0f} MB. Files come besides: as many bytes as people send."
        )


def lines(rows: list[Row], spent: Spent, *, people: int, minutes: int) -> list[str]:
    """Return the results."""
    total = next(row for row in rows if row.name == _ALL)
    each = {part: seconds / total.requests * 1_000 for part, seconds in spent.by_part.items()}
    served = each.get("web", 0.0) + each.get("database", 0.0)
    return [
        f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, Python {platform.python_version()}, {os.cpu_count()} cores, of which the "
        f"players took {spent.share('clients'):.2f}. {people} people for {minutes} minutes: {total.requests} requests, "
        f"{total.requests / spent.seconds:.1f} a second, {total.failures} failed.",
        "",
        "| Request | Count | Failed | Median ms | 95 % within ms | Longest ms |",
        "|---|---:|---:|---:|---:|---:|",
        *(
            _line(row)
            for row in sorted(rows, key=lambda row: (row.name == _ALL, -row.requests))
            if row.requests
        ),
        "",
        f"One request took {each.get('web', 0.0):.1f} ms of processor in the web and {each.get('database', 0.0):.1f} ms in PostgreSQL: "
        f"a core serves about {1_000 / served:.0f} requests a second, which is {1_000 / served * people / (total.requests / spent.seconds):,.0f} "
        "people at this pace. "
        f"The web kept {spent.share('web'):.2f} of a core busy, PostgreSQL {spent.share('database'):.2f}.",
    ]


def _line(row: Row) -> str:
    name = "**all**" if row.name == _ALL else row.name
    return (
        f"| {name} | {row.requests} | {row.failures} | {row.median:.0f} | {row.p95:.0f} | {row.longest:.0f} |"
    )


def write_down(said: list[str]) -> None:
    """Put the results between their marks in docs/scale.md."""
    write_block("load", "\n".join(said), PAGE)
