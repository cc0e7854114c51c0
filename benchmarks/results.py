"""What a measurement found: one line for each figure, on the screen and in the README."""

import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

README = Path(__file__).resolve().parent / "README.md"
#: A figure that uses more than this share of its goal may miss it on another machine.
SAFE_SHARE = 0.9


@dataclass(frozen=True)
class Measurement:
    """A measured value beside its floor, both in `unit`; the goal bounds their ratio (or the value: floor 1).

    `unit` is empty for counts, such as numbers of queries, which are the same on every machine.
    """

    name: str
    value: float
    floor: float
    goal: float
    unit: str = "ms"

    @property
    def ratio(self) -> float:
        """The value as a multiple of its floor; 0 where there is no floor."""
        return self.value / self.floor if self.floor else 0.0

    @property
    def is_met(self) -> bool:
        """Whether the ratio is within the goal."""
        return self.ratio <= self.goal

    @property
    def word(self) -> str:
        """`ok`; `tight` where less than a tenth is left to the goal; `short` where the goal is missed."""
        if not self.is_met:
            return "short"
        return "tight" if self.unit and self.ratio > self.goal * SAFE_SHARE else "ok"

    def line(self) -> str:
        """The figure as a line on the screen."""
        values = f"{self.value:.2f}{self.unit} {self.floor:.2f}{self.unit}"
        return f"{self.name} {values} {self.ratio:.2f} {self.goal:.4g} {self.word}"

    def row(self) -> str:
        """The figure as a row of a Markdown table."""
        word = self.word if self.word == "ok" else f"**{self.word}**"
        cells = (
            self.name,
            f"{self.value:.2f} {self.unit}",
            f"{self.floor:.2f} {self.unit}",
            f"{self.ratio:.2f}",
            f"{self.goal:.4g}",
            word,
        )
        return f"| {' | '.join(cells)} |"


def percentile(values: list[float], share: float) -> float:
    """Return the smallest value that at least `share` (0 to 1) of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered) + 0.5) - 1))]


def machine() -> str:
    """Return the day and what the machine is, in one sentence."""
    day = datetime.now(UTC).date().isoformat()
    return f"{day}, {platform.machine()}, Python {platform.python_version()}, {os.cpu_count()} cores."


def read_block(name: str) -> str:
    """Return the part of the README between `<!-- name -->` and `<!-- /name -->`."""
    return _split(name, README)[1]


def write_block(name: str, text: str, page: Path = README) -> None:
    """Replace the part of a page between `<!-- name -->` and `<!-- /name -->`."""
    head, _former, tail = _split(name, page)
    page.write_text(f"{head}<!-- {name} -->\n{text}\n<!-- /{name} -->{tail}", encoding="utf-8")


def _split(name: str, page: Path) -> tuple[str, str, str]:
    """Return what stands before, in and after a block."""
    head, rest = page.read_text(encoding="utf-8").split(f"<!-- {name} -->")
    block, tail = rest.split(f"<!-- /{name} -->")
    return head, block, tail
