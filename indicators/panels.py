"""What this app adds to pages of apps below it: figures of an item on its page, and what was counted since on weaknesses."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from accounts.models import User
from audit.clock import local_date
from indicators.permissions import class_of_page
from indicators.queries.checks import judge_cycle
from indicators.queries.counted import read_counted
from indicators.queries.counted_since import counted_since, read_spoken_to
from indicators.queries.item_figures import read_item_figures
from indicators.queries.pace import window_of
from indicators.queries.remembered import RegisterReading
from indicators.queries.reported_months import WindowDays, read_whole_figures, read_window_figures
from indicators.queries.windows import key_figures
from recommendations.extensions import ItemPanel, item_panels, overview_panels, weakness_panels
from recommendations.models import Cycle, Item
from recommendations.states import ItemKind
from ui.days import day_query


def register() -> None:
    """Add the panels."""
    item_panels["indicators"] = _figures_of
    item_panels["counted_since"] = _counted_since_of
    weakness_panels["indicators"] = _counted_since_beside
    overview_panels["indicators"] = _key_figures_of


def _figures_of(item: Item, user: User, before: datetime | None) -> ItemPanel | None:
    """Return the newest figures of the indicators that speak to an item. Six queries at most, one where none does."""
    cards = read_item_figures(item.pk, user=user, before=before)
    return ItemPanel("indicators/item_panel.html", {"cards": cards}) if cards else None


def _counted_since_of(item: Item, user: User, before: datetime | None) -> ItemPanel | None:
    """Return what was counted since the report about a weakness; None for other items. Seven queries at most."""
    if item.kind != ItemKind.WEAKNESS:
        return None
    found = _counted_since(item.cycle, [item.pk], user, before).get(item.pk)
    return _panel("indicators/counted_since_panel.html", found, user) if found else None


def _counted_since_beside(
    cycle: Cycle, item_ids: Collection[int], user: User, before: datetime | None
) -> dict[int, ItemPanel]:
    """Return what was counted since the report about each weakness. Seven queries at most, one where nothing speaks."""
    found = _counted_since(cycle, item_ids, user, before)
    return {item_id: _panel("indicators/counted_since.html", told, user) for item_id, told in found.items()}


def _key_figures_of(
    cycle: Cycle, window: tuple[date, date], user: User, before: datetime | None
) -> ItemPanel | None:
    """Return the key figures of each pillar. One query, and four more when the register, or what is asked, is new."""
    reading, days = RegisterReading(), WindowDays(*window)

    def make() -> SafeString:
        known = read_counted(user=user, before=before)
        ids = [each.indicator_id for each in known if each.pillar]
        found = read_whole_figures(ids, days, user=user, before=before) if ids else {}
        if not found:
            return SafeString("")
        judged = judge_cycle(cycle, user=user, before=before)
        contradicted = {term.figure_id for row in judged.failing for term in row.terms if term.figure_id}
        pillars = key_figures(known, found, days, contradicted_ids=contradicted)
        day = local_date(before - timedelta(microseconds=1)) if before else None
        told = {"pillars": pillars, "day_query": day_query(day)}
        return render_to_string("indicators/key_figures.html", told)

    html = reading.remembered(("key figures", cycle.pk, window, before), make, user=user)
    return ItemPanel("indicators/key_figures_panel.html", {"html": html}) if html else None


def _panel(template: str, told: dict[str, Any], user: User) -> ItemPanel:
    owners = (line.definition.agency_id for line in told["lines"])
    return ItemPanel(template, told, classification=class_of_page(user, owners))


def _counted_since(
    cycle: Cycle, item_ids: Collection[int], user: User, before: datetime | None
) -> dict[int, dict[str, Any]]:
    """Return what the template of the panel needs, by item: the lines, and the window in which they were counted."""
    spoken_to = read_spoken_to(item_ids, before=before)
    if not spoken_to:
        return {}
    indicator_ids = set().union(*spoken_to.values())
    known = read_counted(user=user, before=before, pk__in=indicator_ids)
    window = WindowDays(*window_of(cycle, before))
    lines = counted_since(known, read_window_figures(indicator_ids, window, user=user, before=before))
    by_item = {
        item_id: [line for line in lines if line.definition.indicator_id in own_ids]
        for item_id, own_ids in spoken_to.items()
        if any(each.indicator_id in own_ids for each in known)
    }
    return {
        item_id: {"window": window, "lines": own, "has_hidden": any(line.has_hidden for line in own)}
        for item_id, own in by_item.items()
    }
