"""Achievements that the source lists, and the links that MAPO made between items, as they stood on the day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from recommendations.queries.cycle_state import ItemRow, achievements_of
from recommendations.states import ItemKind, item_key
from reports.summary.rows import ReportedAchievement, ReportedLink

if TYPE_CHECKING:
    from recommendations.queries.cycle_state import Achievement
    from reports.summary.content import SummaryContent


def read_achievements(content: SummaryContent, rows: Sequence[ItemRow]) -> tuple[ReportedAchievement, ...]:
    """Return the achievements of a selection, by number (one query). `rows` are all items of the cycle on the day.

    With a pillar, those of it; with a kind, an agency, a status or an item, those linked to what the selection holds.
    """
    selection = content.selection
    is_narrowed = bool(selection.kind or selection.agency or selection.status or content.is_of_items)
    found = achievements_of(content.cycle, before=selection.before)
    weaknesses = {each.item_id: _answered_by(each, rows) for each in found}
    return tuple(
        _achievement(each, weaknesses[each.item_id])
        for each in found
        if selection.pillar in ("", each.pillar)
        and (not is_narrowed or any(key in content.by_key for key in weaknesses[each.item_id]))
    )


def read_links(content: SummaryContent, rows: Sequence[ItemRow]) -> tuple[ReportedLink, ...]:
    """Return which recommendations answer which weaknesses, where the selection holds one of the two. No query."""
    keys = {row.item_id: item_key(row.kind, row.number) for row in rows}
    pairs = [(keys[row.item_id], keys[answer]) for row in rows for answer in row.answer_ids if answer in keys]
    return tuple(
        ReportedLink(weakness, answer)
        for weakness, answer in pairs
        if weakness in content.by_key or answer in content.by_key
    )


def _answered_by(achievement: Achievement, rows: Sequence[ItemRow]) -> tuple[str, ...]:
    """Return the keys of the weaknesses that an achievement answers."""
    return tuple(item_key(row.kind, row.number) for row in rows if achievement.item_id in row.answer_ids)


def _achievement(row: Achievement, weaknesses: tuple[str, ...]) -> ReportedAchievement:
    return ReportedAchievement(
        item=item_key(ItemKind.ACHIEVEMENT, row.number),
        number=row.number,
        pillar=row.pillar,
        title_ms=row.title_ms,
        title_en=row.title_en,
        text_ms=row.text_ms,
        text_en=row.text_en,
        divergence_ms=row.divergence_ms,
        divergence_en=row.divergence_en,
        weaknesses=weaknesses,
    )
