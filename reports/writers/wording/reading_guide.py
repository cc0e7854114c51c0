"""How to read a summary: the explanations at the end of a PDF or Word file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from reports.states import Depth
from reports.writers.wording.labels import scope_sentence
from ui import dates

if TYPE_CHECKING:
    from reports.summary.content import SummaryContent


def reading_guide(content: SummaryContent) -> Iterator[str]:
    """Yield what the reader of a summary should know, one paragraph each, in the active language."""
    yield status_sentence(content)
    yield _(
        "An item has the status of its lead agency, and is completed only when all its supporting "
        "agencies are. Where MAPO has set the status itself, this is said beside it, with the day and MAPO’s reason."
    )
    if content.sees_marks:
        yield _(
            "A document is named by its number in Jejak. The SHA-256 is computed from its file: with it, "
            "anyone who has the file can prove that nothing was changed."
        )
        yield _("Waiting, late and returned count the assignments of agencies, not items.")
    if sentence := scope_sentence(content):
        yield sentence
    yield _verify_sentence(content)


def status_sentence(content: SummaryContent) -> str:
    """Return what a status means and what does not count, in the active language."""
    return _(
        "The status is MAPO’s decision on the updates that were accepted by the end of %(day)s, Malaysian time. "
        "Drafts, and updates that still wait for MAPO, are not counted."
    ) % {"day": dates.day(content.selection.day)}


def _verify_sentence(content: SummaryContent) -> str:
    """Return how to verify the file. A file inside an evidence pack is verified by its pack; observers get no packs."""
    if not content.sees_marks:
        return _(
            "This file can be verified in Jejak, under “Verify a file”: it says whether Jejak made the file, and whether "
            "the answer for that day is still the same."
        )
    return _(
        "This file, or the evidence pack that contains it, can be verified in Jejak, under “Verify a "
        "file”: it says whether Jejak made it, and whether the answer for that day is still the same."
    )


def texts_guide(content: SummaryContent) -> Iterator[str]:
    """Yield whose the short titles are, and what the letters after texts lead to, for a printed summary."""
    if any(item.title_ms for item in content.items):
        yield _("Short titles are MAPO’s own. The official text is unchanged.")
    if content.selection.depth in (Depth.LINES, Depth.FULL) and any(
        item.divergence_ms for item in content.items
    ):
        yield _(
            "A letter after an item’s text leads to MAPO’s note: there the Malay text says less than the English, or "
            "something else. The note is that of %(day)s."
        ) % {"day": dates.day(content.selection.day)}
