"""What a drill did, as it is printed and as an auditor reads it: dated, with figures, versions, commands and outcomes."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.results import machine
from trials.drill.hosts import BASE, postgres_program
from trials.releases import TrialFailed

_ZONE = ZoneInfo("Asia/Kuala_Lumpur")


@dataclass
class DrillStep:
    """One step: what was to be shown, how (a command), what was seen, how long it took, whether it held."""

    title: str
    how: str = ""
    seen: str = ""
    seconds: float = 0.0
    is_good: bool = False

    def expect(self, is_so: bool, seen: str) -> None:
        """Note what was seen; raises TrialFailed where it is not what was to be shown."""
        self.seen = seen
        if not is_so:
            raise TrialFailed(seen)


@dataclass
class DrillReport:
    """The steps of one drill."""

    title: str
    began_at: datetime = field(default_factory=lambda: datetime.now(_ZONE))
    steps: list[DrillStep] = field(default_factory=list)
    figures: dict[str, str] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        """Whether every step held."""
        return bool(self.steps) and all(step.is_good for step in self.steps)

    @contextmanager
    def step(self, title: str, how: str = "") -> Iterator[DrillStep]:
        """Time one step; it fails by an exception, which ends the drill after the report is written."""
        step = DrillStep(title, how)
        self.steps.append(step)
        print(f"  {title} …", flush=True)
        began = time.monotonic()
        try:
            yield step
            step.is_good = True
        except TrialFailed as error:
            step.seen = str(error)
            raise
        finally:
            step.seconds = time.monotonic() - began
            print(f"    {'ok' if step.is_good else 'FAILED'} {step.seconds:.1f} s  {step.seen}", flush=True)

    def text(self) -> str:
        """Return the report in Markdown."""
        outcome = "passed" if self.is_good else "FAILED"
        lines = [
            f"# {self.title}, {self.began_at:%d %B %Y}",
            "",
            f"**Outcome: {outcome}.** Began {self.began_at:%Y-%m-%d %H:%M:%S %z}, took "
            f"{sum(step.seconds for step in self.steps) / 60:.1f} minutes.",
            "",
            "| Figure | Value |",
            "|---|---|",
            *(f"| {name} | {value} |" for name, value in {**self.figures, **_versions()}.items()),
            "",
            "| # | Step | Command | Seen | Seconds | Outcome |",
            "|---|---|---|---|---|---|",
        ]
        for number, step in enumerate(self.steps, 1):
            how = f"`{step.how}`" if step.how else ""
            cells = (
                str(number),
                step.title,
                how,
                _cell(step.seen),
                f"{step.seconds:.1f}",
                "ok" if step.is_good else "**failed**",
            )
            lines.append(f"| {' | '.join(cells)} |")
        return "\n".join([*lines, ""])

    def write(self, folder: Path) -> Path:
        """Write the report into a folder, named by its instant, and return where."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"drill-{self.began_at:%Y-%m-%d-%H%M}.md"
        path.write_text(self.text(), encoding="utf-8")
        return path


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def _versions() -> dict[str, str]:
    said: dict[str, Callable[[], str]] = {
        "Jejak": lambda: _said("git", "-C", str(BASE), "log", "-1", "--format=%h of %cs"),
        "PostgreSQL": lambda: _said(postgres_program("postgres"), "--version"),
        "pgBackRest": lambda: _said("pgbackrest", "version"),
        "restic": lambda: _said("restic", "version"),
        "Machine": machine,
    }
    return {name: say() for name, say in said.items()}


def _said(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        return "not known"
