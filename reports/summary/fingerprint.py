"""The canonical form of a summary's rows, and its fingerprint.

Each record is one line of JSON: an array whose first element says what it is, then the fields in the order in which
`reports.summary.rows` declares them; days as 2023-08-31, instants in UTC, texts as they were typed, nothing escaped that
JSON does not demand, no spaces. The first line is the selection. Lines end with a line feed; the text is UTF-8. The
fingerprint is the SHA-256 of all of it. The selection of a paper of a meeting has the SHA-256 of the agenda as it was laid
before the council, so that the fingerprint covers that too. Who made a summary, when, and as what, is not part of it.

Of figures, targets and contradictions it holds numbers, and no words that Jejak makes of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from accounts.clearance import Clearance
from indicators.pace import Pace
from recommendations.rollup import ItemState
from reports.states import FORM
from reports.summary.figure_rows import (
    ReportedCheck,
    ReportedFigure,
    ReportedIndicator,
    ReportedTarget,
    json_number,
)
from reports.summary.json_lines import encode, line_maker
from reports.summary.rows import (
    ReportedAchievement,
    ReportedDocument,
    ReportedItem,
    ReportedLink,
    ReportedStep,
    ReportedUpdate,
)


class RowTally:
    """Counts and hashes rows while they are read, and remembers the highest class among them."""

    def __init__(self, query: Mapping[str, str], *, least: Clearance) -> None:
        self._hash = hashlib.sha256()
        self._update_line = line_maker("update", ReportedUpdate)
        self._document_line = line_maker("document", ReportedDocument)
        self._step_line = line_maker("step", ReportedStep)
        self._figure_line = line_maker("figure", ReportedFigure)
        self._hash.update((encode(["selection", FORM, query]) + "\n").encode())
        self.rows_count = 0
        self.classification = int(least)

    def add_item(self, item: ReportedItem) -> None:
        state = item.state
        texts = [
            item.text_ms,
            item.text_en,
            item.title_ms,
            item.title_en,
            item.divergence_ms,
            item.divergence_en,
        ]
        stands = [state.status, state.percent, state.held_by, _override_record(state), item.agencies]
        self._row(encode(["item", item.key, item.kind, item.number, item.pillar, *texts, *stands]) + "\n")

    def add_update(self, update: ReportedUpdate) -> None:
        self._row(self._update_line(update), update.classification)

    def add_document(self, document: ReportedDocument) -> None:
        self._row(self._document_line(document), document.classification)

    def add_step(self, step: ReportedStep) -> None:
        self._row(self._step_line(step))

    def add_achievement(self, achievement: ReportedAchievement) -> None:
        self._row(encode(["achievement", *achievement]) + "\n")

    def add_link(self, link: ReportedLink) -> None:
        self._row(encode(["link", *link]) + "\n")

    def add_indicator(self, indicator: ReportedIndicator) -> None:
        self._row(encode(["indicator", *indicator]) + "\n")

    def add_target(self, target: ReportedTarget) -> None:
        pace = _pace_record(target.pace) if target.pace else None
        record = ["target", target.indicator, json_number(target.number), target.due_on, target.reason, pace]
        self._row(encode(record) + "\n")

    def add_check(self, check: ReportedCheck) -> None:
        found = check.found
        period = found.period or ("", None, None)
        texts = [found.note_ms, found.note_en, check.claim, check.left, check.right, check.printed]
        figures = [check.indicators, check.figures, check.marked]
        explanation = [check.explanation, check.explained_at, check.explained_by]
        facts = ["check", check.code, found.kind, check.outcome, *period, check.source, check.table]
        self._row(encode([*facts, *texts, *figures, *explanation]) + "\n")

    def add_figure(self, figure: ReportedFigure) -> None:
        self._row(self._figure_line(figure))

    @property
    def fingerprint(self) -> str:
        """64 hexadecimal digits."""
        return self._hash.hexdigest()

    def _row(self, line: str, classification: int | None = None) -> None:
        self._hash.update(line.encode())
        self.rows_count += 1
        if classification is not None and classification > self.classification:
            self.classification = classification


def _override_record(state: ItemState) -> list[object] | None:
    """Return what MAPO set, by whom, and what the verdicts alone give; None without an override."""
    override, beneath = state.override, state.beneath
    if override is None:
        return None
    # The roll-up gives both: no fingerprint leaves out what MAPO set.
    assert beneath is not None
    verdicts = [beneath.status, beneath.percent, beneath.held_by]
    return [override.status, override.percent, override.reason, override.set_at, override.set_by, verdicts]


def _pace_record(pace: Pace) -> list[object]:
    """Return where a target stood on the day, in numbers."""
    done, average = (None if each is None else json_number(each) for each in (pace.done, pace.average))
    days = [pace.newest_on, pace.working_days_left, pace.months_left, pace.missing_count]
    return [done, *days, average, pace.recent_count]
