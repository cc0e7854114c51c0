"""Items as choices of a form."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from recommendations.models import Item
from recommendations.states import KIND_HEADINGS, ItemKind


def item_choices(items: Iterable[Item], kinds: Collection[ItemKind]) -> list[tuple[Any, Any]]:
    """Return items as choices (key, name and title) under the headings of these kinds."""
    known = list(items)
    return [
        (KIND_HEADINGS[kind], [(item.pk, f"{item} · {item.title}") for item in known if item.kind == kind])
        for kind in kinds
    ]
