"""What this app adds to pages of apps below it: the figures of an item on its page."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from indicators.queries.cards import NewestFigures, card_of, newest_figures_of
from indicators.queries.counted import read_counted
from recommendations.extensions import ItemPanel, item_panels
from recommendations.models import Item


def register() -> None:
    """Add the panel."""
    item_panels["indicators"] = _figures_of


def _figures_of(item: Item, user: User, before: datetime | None) -> ItemPanel | None:
    """Return the newest figures of the indicators that speak to an item. Four queries at most, one where there are none."""
    known = read_counted(user=user, before=before, items=item.pk)
    if not known:
        return None
    figures = newest_figures_of({each.indicator_id for each in known}, user=user, before=before)
    cards = [card_of(each, figures.get(each.indicator_id, NewestFigures())) for each in known]
    return ItemPanel("indicators/item_panel.html", {"cards": cards})
