"""Draw docs/states.md from the table of moves, so that the page cannot say other than the code."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import override

from recommendations.states import Status, percent_fits
from submissions.states import EDITABLE_STATES, MOVES, OPEN_STATES, SubmissionState

HEAD = """# The states of an update

Drawn by `python manage.py draw_states --write` from `submissions/states.py`; a test fails when they differ.
The database refuses any move that is not in this table.
"""

FOOT = """
At most one update of an assignment is open ({open}). The agency may change the text while it is {editable}.
Accepted, withdrawn and discarded are final: one click copies the text into a new draft. Each submission is kept
as an immutable version, and a review cites the version that it judged.
"""


def drawing() -> str:
    """Return the whole page as Markdown; the same text for the same table."""
    with override("en"):
        lines = [HEAD, "```mermaid", "stateDiagram-v2", "    [*] --> draft: start"]
        lines += [f"    {move.source} --> {move.target}: {move.act}" for move in MOVES]
        lines += [f"    {state} --> [*]" for state in SubmissionState.values if _is_final(state)]
        lines += ["```", "", "| From | Act | By | To |", "|---|---|---|---|"]
        lines += [f"| {move.source.label} | {move.act} | {move.by} | {move.target.label} |" for move in MOVES]
        lines += [FOOT.format(open=_named(OPEN_STATES), editable=_named(EDITABLE_STATES))]
        lines += ["## Status and percentage", "", "| Status | Percentage |", "|---|---|"]
        lines += [f"| {status.label} | {_range(status)} |" for status in Status]
    return "\n".join(lines) + "\n"


def _is_final(state: str) -> bool:
    return all(move.source != state for move in MOVES)


def _named(states: tuple[SubmissionState, ...]) -> str:
    return ", ".join(str(state) for state in states)


def _range(status: Status) -> str:
    fitting = [percent for percent in range(101) if percent_fits(status, percent)]
    return f"{fitting[0]}" if len(fitting) == 1 else f"{fitting[0]} to {fitting[-1]}"


class Command(BaseCommand):
    help = "Draw docs/states.md from the table of moves."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="write docs/states.md instead of printing")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["write"]:
            self.stdout.write(drawing(), ending="")
            return
        path = settings.BASE_DIR / "docs" / "states.md"
        path.write_text(drawing(), encoding="utf-8")
        self.stdout.write(f"Wrote {path.relative_to(settings.BASE_DIR)}.")
