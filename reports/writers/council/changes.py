"""What MAPO decided since the last meeting: item by item, before and after, and by whom."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.summary.selection import MEETING_DAYS
from reports.writers.council.draft import DraftTable
from reports.writers.docx.document import Cell, DocxColumn, labelled_columns
from reports.writers.docx.text import plain
from reports.writers.wording import decisions as wording
from reports.writers.wording import sentences
from reports.writers.wording.decisions import MOST_DECISIONS, left_out_words
from ui import dates
from ui.number_words import count_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from recommendations.queries.decisions import RecordedDecision
    from reports.writers.council.draft import CouncilDraft
    from reports.writers.wording.decisions import DecidedItem


def write_changes(draft: CouncilDraft) -> None:
    """Write how much was decided since the last meeting, then each decision in a table, grouped by item."""
    content = draft.content
    if content.selection.since:
        draft.heading(_("Developments since the last meeting"))
    else:
        draft.heading(_("Developments in the last %(count)s days") % {"count": count_words(MEETING_DAYS)})
    made = content.decisions
    words = {
        "since": dates.day(content.selection.decisions_since),
        "until": dates.day(content.selection.day),
        "kinds": sentences.listed(list(wording.counted_decisions(each.kind for each in made))),
    }
    if not made:
        draft.paragraph(_("MAPO made no decision after %(since)s and until %(until)s.") % words)
        return
    draft.paragraph(_("MAPO’s decisions after %(since)s and until %(until)s: %(kinds)s.") % words)
    items = wording.decided_items(content)
    who = wording.only_decider(each.by for each in made)
    rows = list(islice(_rows(draft, items, who), MOST_DECISIONS))
    caption = draft.translate(_("Decisions by item"))
    note = " ".join(filter(None, (wording.decider_words(who), left_out_words(len(made) - len(rows)))))
    draft.table(DraftTable(_columns(draft), rows, caption=caption, note=note), _changed_items(items))


def _changed_items(items: Sequence[DecidedItem]) -> str:
    """Return of how many items the status or percentage is another one since."""
    if not (changed := sum(each.is_changed for each in items)):
        return _("No item has another status or percentage since. The decisions are:")
    sentence = ngettext(
        "%(count)s item has another status or percentage since. The decisions are:",
        "%(count)s items have another status or percentage since. The decisions are:",
        changed,
    )
    return capfirst(sentence % {"count": count_words(changed)})


def _columns(draft: CouncilDraft) -> list[DocxColumn]:
    change = DocxColumn(48, draft.translate(_("Before → after")))
    return [*labelled_columns(draft.translate, item=33, day=22, agency=17, decision=50), change]


def _rows(draft: CouncilDraft, items: Sequence[DecidedItem], who: str) -> Iterator[list[Cell]]:
    """Yield a row for each decision, named by its item; the first also has its title and how all of them changed it."""
    for decided in items:
        for place, decision in enumerate(decided.decisions):
            # Each row stands by itself: a table goes on on further pages.
            name = draft.translate(sentences.item_name, decided.item)
            item: Cell = name if place else _item(draft, decided)
            yield [item, *_decision(draft, decision, who)]


def _item(draft: CouncilDraft, decided: DecidedItem) -> Cell:
    item, translate = decided.item, draft.translate
    named = [translate(sentences.item_name, item, style="Strong"), translate(item.title)]
    return [*named, translate(wording.change_of_all, decided)] if wording.change_of_all(decided) else named


def _decision(draft: CouncilDraft, decision: RecordedDecision, who: str) -> list[Cell]:
    """Return the cells of a decision after its item: day, agency, what was decided with the reason, and the change.

    `who` made all decisions, and is named once, below them.
    """
    translate = draft.translate
    words = [translate(decision.kind.label if who else wording.decided_by(decision))]
    if decision.reason:
        words.append(plain(decision.reason))
    return [
        translate(dates.short_day, decision.at),
        plain(decision.code or "MAPO", "Strong"),
        words,
        translate(wording.decision_change, decision) if wording.decision_change(decision) else plain("–"),
    ]
