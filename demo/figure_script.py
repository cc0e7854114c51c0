"""Reads the sample figures of the demonstration from `figures.yaml`: months that agencies report, targets, explanations.

Instants and spans are written as in the other files (see `demo/script.py`).

- `reports`: one entry a sending. `month`, then `sent` or `draft`; `figures` holds numbers by indicator: the total, then
  each value of its dimension in order, as far as they are given. `accepted` is when MAPO decided (without it, the report
  waits); `returned` names indicators whose total it returned then, with the reason. `explanation` went with the report.
- `targets`: what MAPO set, when and why. `explanations`: MAPO's words on a check, for the period in which it fails.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from demo.script import FOLDER, SampleFile, load_script


@dataclass(frozen=True)
class ScriptedMonth:
    """One sending of an agency's figures of a month, or a draft of them, and what MAPO decided."""

    agency: str
    month: date
    begun: datetime
    is_draft: bool
    figures: Mapping[str, Sequence[int | str]]
    explanation: str = ""
    files: tuple[SampleFile, ...] = ()
    decided: datetime | None = None
    returned: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ScriptedTarget:
    """What MAPO wants an indicator to reach."""

    indicator: str
    number: int
    due: date
    at: datetime
    reason: str


@dataclass(frozen=True)
class ScriptedExplanation:
    """MAPO's words on a check, for the days of a period."""

    check: str
    period: tuple[date, date]
    at: datetime
    text: str


@dataclass(frozen=True)
class FigureScript:
    """All that happens to figures."""

    months: tuple[ScriptedMonth, ...]
    targets: tuple[ScriptedTarget, ...]
    explanations: tuple[ScriptedExplanation, ...]


def read_figure_script() -> FigureScript:
    """Return the project's own sample figures."""
    figures = load_script(FOLDER / "figures.yaml")
    return FigureScript(
        months=tuple(_month(**each) for each in figures["reports"]),
        targets=tuple(ScriptedTarget(**each) for each in figures["targets"]),
        explanations=tuple(ScriptedExplanation(**each) for each in figures["explanations"]),
    )


def _month(
    *,
    month: str,
    sent: datetime | None = None,
    draft: datetime | None = None,
    accepted: datetime | None = None,
    files: Sequence[dict[str, Any]] = (),
    **values: Any,
) -> ScriptedMonth:
    """Return a report of a month."""
    begun = sent or draft
    assert begun is not None, "a report is sent or a draft"
    return ScriptedMonth(
        month=date.fromisoformat(f"{month}-01"),
        begun=begun,
        is_draft=draft is not None,
        decided=accepted,
        files=tuple(SampleFile(**each) for each in files),
        **values,
    )
