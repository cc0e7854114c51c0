"""The state that MAPO has set itself, for pages about one agency's part: its verdict is not the state of the item."""

from __future__ import annotations

from collections.abc import Collection

from accounts.models import User
from recommendations.models import ItemOverride
from recommendations.rollup import ItemState, Override


def standing_states(item_ids: Collection[int], *, reader: User) -> dict[int, ItemState]:
    """Return the states that MAPO has set of these items, by item (one query). Who set one, MAPO alone reads."""
    found = ItemOverride.objects.standing().filter(item__in=item_ids)
    return {row.item_id: _state(row) for row in (found.with_setter() if reader.is_mapo else found)}


def _state(row: ItemOverride) -> ItemState:
    set_by = getattr(row, "set_by_name", None) or ""
    override = Override(row.status, row.percent, row.reason, row.set_at, set_by, override_id=row.pk)
    return ItemState(row.status, row.percent, override=override)
