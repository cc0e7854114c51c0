"""One line for each figure: name, value, floor, ratio, goal, and whether it is met."""

import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Figure:
    """A measured value beside its floor, both in `unit`; the goal bounds their ratio (or the value: floor 1)."""

    name: str
    value: float
    floor: float
    goal: float
    unit: str = "ms"

    @property
    def ratio(self) -> float:
        return self.value / self.floor if self.floor else 0.0

    @property
    def is_met(self) -> bool:
        return self.ratio <= self.goal

    def line(self) -> str:
        word = "ok" if self.is_met else "short"
        return f"{self.name} {self.value:.2f}{self.unit} {self.floor:.2f}{self.unit} {self.ratio:.2f} {self.goal:g} {word}"

    def row(self) -> str:
        """The same as a row of a Markdown table."""
        word = "ok" if self.is_met else "**short**"
        return (
            f"| {self.name} | {self.value:.2f} {self.unit} | {self.floor:.2f} {self.unit}"
            f" | {self.ratio:.2f} | {self.goal:g} | {word} |"
        )


def percentile(values: list[float], share: float) -> float:
    """The smallest value that at least `share` (0 to 1) of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered) + 0.5) - 1))]


def machine() -> str:
    """The day, and what it was measured on."""
    day = datetime.now(UTC).date().isoformat()
    return f"{day}, {platform.machine()}, Python {platform.python_version()}, {os.cpu_count()} cores."
