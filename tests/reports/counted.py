"""The world for summaries with figures: an indicator with printed and reported figures, a contradiction, a target, links."""

from __future__ import annotations

from datetime import date
from typing import Any

from indicators.models import CheckExplanation, Indicator, IndicatorItem, Target
from indicators.states import PeriodKind
from recommendations.models import Item, ItemLink
from recommendations.states import ItemKind, Pillar
from tests.conftest import Clock
from tests.factories.indicators import (
    make_check,
    make_dimension,
    make_figure,
    make_indicator,
    make_series,
    make_source,
    make_table,
)
from tests.factories.recommendations import make_item
from tests.reports.conftest import Told
from tests.shared import shared
from tests.vouching import acting

AUGUST: dict[str, Any] = {
    "kind": PeriodKind.MONTH,
    "begins_on": date(2023, 8, 1),
    "ends_on": date(2023, 8, 31),
}
PARTS = {"men": 30, "women": 12, "boys": 2, "girls": 0}


@shared
def counted(told: Told, clock: Clock) -> Indicator:
    """IPO of PDRM: 420 printed for 2022, and for August 2023 44 reported: 30 men, 12 women, 2 boys, no girls.

    The parts printed for 2022 (29 + 50 + 0 + 1) do not add up to 81. Achievement 1 and recommendation 1 answer weakness 1.
    All of it is recorded on 14 September 2023.
    """
    now = told.now
    indicator = make_indicator(agency=told.agencies["PDRM"], dimensions=(make_dimension(),))
    IndicatorItem.objects.create(indicator=indicator, item=told.items["first"])
    source = make_source(told.cycle, now=now)
    total = make_series(indicator)
    parts = {name: make_series(indicator, sex_age=name) for name in PARTS}
    printed = [
        make_figure(parts[name], number, now=now, source=source)
        for name, number in zip(PARTS, (29, 50, 0, 1), strict=True)
    ]
    whole = make_figure(total, 81, now=now, source=source)
    make_table(source, [[*printed, whole]])
    make_figure(total, 44, now=now, **AUGUST)
    for name, number in PARTS.items():
        make_figure(parts[name], number, now=now, **AUGUST)
    check = make_check(source, [*printed], [whole], code="kbb-sum")
    with acting(told.people["reviewer"]):
        CheckExplanation.objects.create(
            check_of=check,
            text="Satu orang tidak dikira.",
            explained_by=told.people["reviewer"],
            explained_at=now,
        )
    with acting(told.people["reviewer"]):
        Target.objects.create(
            cycle=told.cycle, indicator=indicator, number=90, due_on=told.cycle.window_end,
            reason="Ikut pelan.", set_by=told.people["reviewer"], set_at=now,
        )  # fmt: skip
    link(told)
    return indicator


def link(told: Told) -> Item:
    """Let recommendation 1 and a new achievement 1 answer weakness 1."""
    achievement = make_item(told.cycle, number=1, kind=ItemKind.ACHIEVEMENT, pillar=Pillar.PROTECTION)
    for answer in (told.items["first"], achievement):
        ItemLink.objects.create(weakness=told.items["weakness"], answer=answer)
    return achievement
