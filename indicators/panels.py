"""What this app adds to pages of apps below it: the figures of an item on its page."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from indicators.queries.item_figures import read_item_figures
from recommendations.extensions import ItemPanel, item_panels
from recommendations.models import Item


def register() -> None:
    """Add the panel."""
    item_panels["indicators"] = _figures_of


def _figures_of(item: Item, user: User, before: datetime | None) -> ItemPanel | None:
    """Return the newest figures of the indicators that speak to an item. Two queries at most."""
    cards = read_item_figures(item.pk, user=user, before=before)
    return ItemPanel("indicators/item_panel.html", {"cards": cards}) if cards else None
