"""What became of what the council decided before: each decision, whose it is, when it is due, and how it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from reports.writers.council.draft import DraftTable
from reports.writers.docx.document import Cell, labelled_columns
from reports.writers.docx.text import plain
from reports.writers.wording import sentences
from reports.writers.wording.steps import earlier_decisions, moved_words, step_state, still_open
from ui import dates

if TYPE_CHECKING:
    from reports.summary.rows import ReportedStep
    from reports.writers.council.draft import CouncilDraft


def write_earlier(draft: CouncilDraft) -> None:
    """Write how many decisions are open and late, then each in a table."""
    steps = earlier_decisions(draft.content)
    late = sum(step.late_days is not None for step in steps)
    still = sum(step.ended_on is None for step in steps)
    draft.heading(_("Earlier decisions of the council"))
    columns = labelled_columns(draft.translate, item=32, council_decision=65, agency=19, status=54)
    caption = draft.translate(_("Earlier decisions of the council"))
    table = DraftTable(columns, [_row(draft, step) for step in steps], caption=caption)
    draft.table(table, still_open(still, late))


def _row(draft: CouncilDraft, step: ReportedStep) -> list[Cell]:
    translate = draft.translate
    moved = [translate(moved_words, step)] if step.moved_from else []
    return [
        translate(sentences.item_name, draft.content.by_key[step.item]),
        [plain(step.text), translate(_("Decided on %(day)s.") % {"day": dates.day(step.planned_on)})],
        plain(step.whose),
        [translate(step_state, step), *moved],
    ]
