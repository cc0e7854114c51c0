"""Where the country stands in a council paper; behind it, by pillar, each item, MAPO's reasons and what the leads reported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.states import ItemKind, Status
from reports.writers.council.figures import write_pillar_figures
from reports.writers.docx.document import Cell, labelled_columns
from reports.writers.docx.overview import status_text, write_pillar_table
from reports.writers.docx.text import plain
from reports.writers.wording import sentences
from ui import dates
from ui.number_words import count_words
from ui.numbers import percent

if TYPE_CHECKING:
    from reports.summary.rows import KindTotals, ReportedItem, ReportedUpdate
    from reports.writers.council.draft import CouncilDraft

_STATUSES = (Status.DONE, Status.PROGRESS, Status.NONE)


def write_position(draft: CouncilDraft) -> None:
    """Write which day it is, and how many items have which status; each item stands in an annex."""
    draft.heading(_("Position"))
    draft.paragraph(sentences.clock_words(draft.content))
    for totals in draft.content.totals:
        draft.paragraph(totals_words(totals))
    write_pillar_table(draft.builder, draft.translate, draft.content, _STATUSES, widths=(69, 28, 17))
    annex = draft.annex(_("Progress by pillar"), _write_pillars)
    words = _("Each item, what its lead agency reported and the figures are in annex %(letter)s.")
    draft.paragraph(words % {"letter": annex.letter})


def _write_pillars(draft: CouncilDraft) -> None:
    for pillar, items in sentences.items_by_pillar(draft.content):
        draft.builder.heading(draft.translate(sentences.pillar_words, pillar), level=2)
        _write_items(draft, items)
        write_pillar_figures(draft, pillar)


def totals_words(totals: KindTotals) -> str:
    """Return "Of the six (6) weaknesses, none is completed, four (4) are in progress and two (2) have no action."."""
    if totals.kind == ItemKind.WEAKNESS:
        words = ngettext(
            "Of %(count)s weakness, %(parts)s.", "Of the %(count)s weaknesses, %(parts)s.", totals.items
        )
    else:
        words = ngettext(
            "Of %(count)s recommendation, %(parts)s.",
            "Of the %(count)s recommendations, %(parts)s.",
            totals.items,
        )
    return words % {"count": count_words(totals.items), "parts": sentences.listed(list(_parts(totals)))}


def _parts(totals: KindTotals) -> Iterator[str]:
    """Yield how many items are completed, even if none is, and how many have which other status, where any has."""
    if totals.done:
        done = ngettext("%(count)s is completed", "%(count)s are completed", totals.done)
        yield done % {"count": count_words(totals.done)}
    else:
        yield _("none is completed")
    if totals.progress:
        progress = ngettext("%(count)s is in progress", "%(count)s are in progress", totals.progress)
        yield progress % {"count": count_words(totals.progress)}
    if totals.none:
        none = ngettext("%(count)s has no action", "%(count)s have no action", totals.none)
        yield none % {"count": count_words(totals.none)}


def _write_items(draft: CouncilDraft, items: Sequence[ReportedItem]) -> None:
    """Write the items of a pillar in a table, then only what the table does not say: reasons, and what was reported."""
    columns = labelled_columns(
        draft.translate, item=32, title=51, lead=16, status=36, percent=12, decided_on=23
    )
    caption = draft.translate(_("Items and their status"))
    draft.builder.table(columns, [_row(draft, item) for item in items], caption=caption)
    if overridden := [item for item in items if item.state.override]:
        draft.paragraph(_("MAPO set these statuses itself:"), leads_in=True)
        for item in overridden:
            _write_override(draft, item)
    reported = [(item, update) for item in items if (update := _last_text_of_lead(draft, item))]
    if reported:
        draft.paragraph(_reports_introduction(draft), leads_in=True)
    for item, update in reported:
        words = {"item": item.label, "agency": update.code, "day": dates.day(update.decided_at)}
        introduction = _("%(item)s, reported by %(agency)s, accepted on %(day)s:") % words
        draft.quote(update.narrative, draft.translate(introduction, style="Strong"))


def _reports_introduction(draft: CouncilDraft) -> str:
    if since := draft.content.selection.since:
        return _("What the lead agencies reported, as accepted after %(day)s:") % {"day": dates.day(since)}
    return _("What the lead agencies reported last, as accepted:")


def _write_override(draft: CouncilDraft, item: ReportedItem) -> None:
    override = item.state.override
    if override:
        introduction = (
            f"{sentences.override_title(item)}. {sentences.override_words(override, item.state.beneath)}"
        )
        draft.quote(override.reason, draft.translate(introduction, style="Strong"))


def _row(draft: CouncilDraft, item: ReportedItem) -> list[Cell]:
    translate = draft.translate
    return [
        translate(sentences.item_name, item),
        translate(sentences.item_title, item),
        plain(item.lead.code) if item.lead else translate.label("nobody"),
        [status_text(translate, item.status), *translate.each(sentences.state_notes, item)],
        plain(percent(item.percent)),
        plain("–") if item.state.override else translate(sentences.day_or_none, item.decided_on),
    ]


def _last_text_of_lead(draft: CouncilDraft, item: ReportedItem) -> ReportedUpdate | None:
    """Return the newest accepted update of the lead that has a text, or None."""
    for update in draft.rows.updates.get(item.key, []):
        if item.lead and update.code == item.lead.code and update.is_readable and update.narrative:
            return update
    return None
