"""Progress by pillar in a council paper: figures in a table, then a sentence for each item and its lead's last report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.states import ItemKind, Status
from reports.writers.docx.document import Cell, labelled_columns
from reports.writers.docx.overview import status_text, write_pillar_table
from reports.writers.docx.text import plain
from reports.writers.wording import sentences
from ui import dates
from ui.numbers import percent

if TYPE_CHECKING:
    from reports.summary.rows import KindTotals, ReportedItem, ReportedUpdate
    from reports.writers.council.draft import CouncilDraft

_STATUSES = (Status.DONE, Status.PROGRESS, Status.NONE)


def write_progress(draft: CouncilDraft) -> None:
    """Write how many items have which status, then pillar by pillar."""
    draft.heading(_("Progress by pillar"))
    for totals in draft.content.totals:
        draft.paragraph(totals_words(totals))
    write_pillar_table(draft.builder, draft.translate, draft.content, _STATUSES, widths=(69, 28, 17))
    for pillar, items in sentences.items_by_pillar(draft.content):
        draft.builder.heading(draft.translate(sentences.pillar_words, pillar), level=2)
        _write_items(draft, items)


def totals_words(totals: KindTotals) -> str:
    """Return "Of 15 recommendations, completed: 2; in progress: 9; no action: 4." in the active language."""
    if totals.kind == ItemKind.WEAKNESS:
        words = ngettext(
            "Of %(count)s weakness, completed: %(done)s; in progress: %(progress)s; no action: %(none)s.",
            "Of %(count)s weaknesses, completed: %(done)s; in progress: %(progress)s; no action: %(none)s.",
            totals.items,
        )
    else:
        words = ngettext(
            "Of %(count)s recommendation, completed: %(done)s; in progress: %(progress)s; no action: %(none)s.",
            "Of %(count)s recommendations, completed: %(done)s; in progress: %(progress)s; no action: %(none)s.",
            totals.items,
        )
    return words % {
        "count": totals.items,
        "done": totals.done,
        "progress": totals.progress,
        "none": totals.none,
    }


def _write_items(draft: CouncilDraft, items: Sequence[ReportedItem]) -> None:
    """Write the items of a pillar in a table, then a paragraph for each."""
    columns = labelled_columns(draft.translate, item=28, text=84, lead=18, status=27, percent=13)
    caption = draft.translate(_("Items and their status"))
    draft.builder.table(columns, [_row(draft, item) for item in items], caption=caption)
    for item in items:
        update, override = _last_text_of_lead(draft, item), item.state.override
        draft.paragraph(item_words(item), leads_in=bool(update or override))
        if override:
            draft.quote(override.reason)
        if update:
            reported = {"agency": update.code, "day": dates.day(update.decided_at)}
            words = _("Reported by %(agency)s, accepted on %(day)s:") % reported
            draft.quote(update.narrative, draft.translate(words, style="Strong"))


def _row(draft: CouncilDraft, item: ReportedItem) -> list[Cell]:
    translate = draft.translate
    return [
        translate(sentences.item_name, item),
        translate.of_columns(item.text_ms, item.text_en),
        plain(item.lead.code) if item.lead else translate.label("nobody"),
        [status_text(translate, item.status), *translate.each(sentences.state_notes, item)],
        plain(percent(item.percent)),
    ]


def item_words(item: ReportedItem) -> str:
    """Return where an item stands and whose verdict that is: one sentence, in the active language."""
    state, lead = item.state, item.lead
    words = {
        "item": item.label,
        "verdict": sentences.verdict_words(item.status, item.percent),
        "lead": lead.code if lead else "",
        "day": dates.day(lead.decided_on) if lead else "",
        "agencies": sentences.listed(state.held_by),
    }
    if state.override:
        set_by_mapo = sentences.override_words(state.override, state.beneath)
        return f"{sentences.override_title(item)}. {set_by_mapo}"
    if lead is None:
        return _("%(item)s: %(verdict)s, since no agency has been confirmed to lead on it.") % words
    if lead.decided_on is None:
        return _("%(item)s: %(verdict)s. MAPO has not accepted any update from %(lead)s (lead).") % words
    if state.held_by:
        sentence = _(
            "%(item)s: %(verdict)s. %(lead)s (lead) completed its part on %(day)s; %(agencies)s still "
            "have to complete theirs."
        )
        return sentence % words
    return _("%(item)s: %(verdict)s. MAPO’s decision of %(day)s on %(lead)s (lead).") % words


def _last_text_of_lead(draft: CouncilDraft, item: ReportedItem) -> ReportedUpdate | None:
    """Return the newest accepted update of the lead that has a text, or None."""
    for update in draft.rows.updates.get(item.key, []):
        if item.lead and update.code == item.lead.code and update.is_readable and update.narrative:
            return update
    return None
