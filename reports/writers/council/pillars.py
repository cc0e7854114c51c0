"""Progress by pillar: figures in a table, then a sentence for each item and what its lead last reported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from recommendations.rollup import Override
from recommendations.states import Kind, Pillar, Status
from reports.summary.rows import KindTotals, ReportedItem, ReportedUpdate
from reports.writers import sentences
from reports.writers.council.draft import Draft
from reports.writers.docx import phrases
from reports.writers.docx.tables import Cell, Column
from reports.writers.docx.voice import typed
from ui import dates
from ui.numbers import number, percent

_STATUSES = (Status.DONE, Status.PROGRESS, Status.NONE)


def write_progress(draft: Draft) -> None:
    """How many items stand where, then pillar by pillar."""
    draft.heading(lambda: _("Progress by pillar"))
    for totals in draft.content.totals:
        draft.paragraph(totals_words, totals)
    groups = list(_by_pillar(draft.content.items))
    _write_figures(draft, groups)
    for pillar, items in groups:
        draft.sheet.heading(draft.voice(sentences.pillar_words, pillar), level=2)
        _write_items(draft, items)


def totals_words(totals: KindTotals) -> str:
    """Of the 15 recommendations, 2 are completed, …; in the language in force."""
    words = {"count": totals.items, "done": totals.done, "progress": totals.progress, "none": totals.none}
    if totals.kind == Kind.WEAKNESS:
        said = ngettext(
            "Of %(count)s weakness, completed: %(done)s; in progress: %(progress)s; no action: %(none)s.",
            "Of %(count)s weaknesses, completed: %(done)s; in progress: %(progress)s; no action: %(none)s.",
            totals.items,
        )
    else:
        said = ngettext(
            "Of %(count)s recommendation, completed: %(done)s; in progress: %(progress)s; no action: %(none)s.",
            "Of %(count)s recommendations, completed: %(done)s; in progress: %(progress)s; no action: %(none)s.",
            totals.items,
        )
    return said % words


def _by_pillar(items: Sequence[ReportedItem]) -> Iterator[tuple[str, list[ReportedItem]]]:
    for pillar in (*Pillar.values, ""):
        if found := [item for item in items if item.pillar == pillar]:
            yield pillar, found


def _write_figures(draft: Draft, groups: Sequence[tuple[str, list[ReportedItem]]]) -> None:
    voice = draft.voice
    columns = [
        Column(69, voice(lambda: _("Pillar"))),
        *(Column(28, phrases.status(voice, status), is_figure=True) for status in _STATUSES),
        Column(17, voice(lambda: pgettext("column", "All")), is_figure=True),
    ]
    rows: list[list[Cell]] = []
    for pillar, items in groups:
        statuses = Counter(item.status for item in items)
        figures = [*(statuses[status] for status in _STATUSES), len(items)]
        name = voice(sentences.pillar_words, pillar, style="Strong")
        rows.append([name, *(typed(number(figure)) for figure in figures)])
    draft.sheet.table(
        columns, rows, caption=voice(lambda: _("How many items of each pillar have which status"))
    )


def _write_items(draft: Draft, items: Sequence[ReportedItem]) -> None:
    """The items of a pillar in a table, then a paragraph for each."""
    voice = draft.voice
    columns = [
        Column(28, voice(lambda: _("Item"))),
        Column(84, voice(lambda: _("Text"))),
        Column(18, voice(lambda: pgettext("column", "Lead"))),
        Column(27, voice(lambda: _("Status"))),
        Column(13, voice(lambda: pgettext("column", "Done")), is_figure=True),
    ]
    caption = voice(lambda: _("Items and their status"))
    draft.sheet.table(columns, [_row(draft, item) for item in items], caption=caption)
    for item in items:
        update = _last_of_lead(draft, item)
        draft.paragraph(item_words, item, leads_in=bool(update or item.state.override))
        if item.state.override:
            draft.quote(typed(item.state.override.reason))
        if update:
            draft.quote(draft.voice(_reported, update, style="Strong"), typed(f" {update.narrative}"))


def _row(draft: Draft, item: ReportedItem) -> list[Cell]:
    voice = draft.voice
    return [
        phrases.item_name(voice, item),
        phrases.official_text(voice, item),
        typed(item.lead.code) if item.lead else voice(lambda: pgettext("lead agency", "None")),
        phrases.status(voice, item.status),
        typed(percent(item.percent)),
    ]


def item_words(item: ReportedItem) -> str:
    """Where an item stands and whose doing it is: one sentence, in the language in force."""
    state, lead = item.state, item.lead
    words = {
        "item": item.label,
        "lead": lead.code if lead else "",
        "verdict": sentences.verdict_words(item.status, item.percent),
        "day": dates.day(lead.decided_on) if lead else "",
        "agencies": sentences.listed(state.held_by),
    }
    if state.override:
        return _override_words(item, state.override)
    if lead is None:
        return _("%(item)s: %(verdict)s, since no agency has been confirmed to lead on it.") % words
    if lead.decided_on is None:
        return (
            _("%(item)s: %(verdict)s. MAPO has not accepted any update from %(lead)s, which leads on it.")
            % words
        )
    if state.held_by:
        said = _(
            "%(item)s: %(verdict)s. %(lead)s, which leads on it, completed its part on %(day)s; %(agencies)s still have "
            "to complete theirs."
        )
        return said % words
    return _("%(item)s: %(verdict)s, by MAPO’s verdict of %(day)s for %(lead)s, which leads on it.") % words


def _override_words(item: ReportedItem, override: Override) -> str:
    return _("%(item)s: %(verdict)s, as MAPO set it on %(day)s for this reason:") % {
        "item": item.label,
        "verdict": sentences.verdict_words(override.status, override.percent),
        "day": dates.day(override.set_at),
    }


def _last_of_lead(draft: Draft, item: ReportedItem) -> ReportedUpdate | None:
    """The newest accepted text of the lead."""
    if item.lead is None:
        return None
    return next(
        (
            update
            for update in draft.gathered.updates.get(item.key, [])
            if update.code == item.lead.code and update.is_readable and update.narrative
        ),
        None,
    )


def _reported(update: ReportedUpdate) -> str:
    return _("Reported by %(agency)s, accepted on %(day)s:") % {
        "agency": update.code,
        "day": dates.day(update.decided_at),
    }
