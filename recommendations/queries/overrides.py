"""The state that MAPO has set itself, for pages about one agency's part: its verdict is not the state of the item."""

from __future__ import annotations

from recommendations.models import ItemOverride
from recommendations.rollup import ItemState, Override


def standing_state(item_id: int) -> ItemState | None:
    """Return the state that MAPO has set of an item, with who set it, for MAPO's pages; None without one (one query)."""
    found = ItemOverride.objects.standing().filter(item_id=item_id).with_setter().first()
    if found is None:
        return None
    set_by: str = found.set_by_name or ""  # type: ignore[attr-defined]  # annotated
    override = Override(found.status, found.percent, found.reason, found.set_at, set_by)
    return ItemState(found.status, found.percent, override=override)
