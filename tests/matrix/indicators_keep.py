"""Rows of MAPO's pages of indicators. Definitions and targets are MAPO's, so every row is about any."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from indicators.models import Figure, Indicator, Target
from indicators.services.targets import set_target
from indicators.states import PeriodKind, Unit
from recommendations.models import Cycle
from tests.conftest import NOW
from tests.factories.accounts import World
from tests.factories.indicators import make_figure, make_indicator, make_series
from tests.factories.recommendations import make_cycle
from tests.matrix import ADMINISTRATOR, MAPO, Row, only

CODE = "kept"
ADMIN, ADDED = only(ADMINISTRATOR), only(ADMINISTRATOR, answer=302)
SEEN, DONE = only(*MAPO), only(*MAPO, answer=302)
REFUSED = only(ADMINISTRATOR, answer=422)


def _kept(world: World) -> dict[str, Any]:
    """An indicator that the officer's agency answers for."""
    if not Cycle.objects.exists():
        make_cycle()
    if not Indicator.objects.filter(code=CODE).exists():
        make_indicator(CODE, agency=world.own)
    return {"code": CODE}


def _of_cycle(world: World) -> dict[str, Any]:
    return _kept(world) | {"year": Cycle.objects.latest("pk").year}


def _targeted(world: World) -> dict[str, Any]:
    kwargs = _of_cycle(world)
    cycle, indicator = Cycle.objects.latest("pk"), Indicator.objects.get(code=CODE)
    if not Target.objects.standing().exists():
        about = {"number": Decimal(40), "due_on": cycle.window_end, "reason": "Cadangan KDN"}
        set_target(indicator, cycle, **about, actor=world.people[ADMINISTRATOR], now=NOW)
    return kwargs


def _with_target(world: World) -> dict[str, Any]:
    return {"code": _targeted(world)["code"]}


def _reported(world: World) -> dict[str, Any]:
    kwargs = _kept(world)
    series = make_series(Indicator.objects.get(code=CODE))
    days = {"begins_on": date(2023, 8, 1), "ends_on": date(2023, 8, 31), "kind": PeriodKind.MONTH}
    figure = Figure.objects.standing().filter(series=series).first() or make_figure(
        series, 12, now=NOW, **days
    )
    return kwargs | {"figure_id": figure.pk}


def _new(_world: World) -> dict[str, Any]:
    return {
        "code": "BRAND_NEW",
        "name_ms": "Petunjuk baharu",
        "name_en": "New indicator",
        "unit": Unit.CASES,
        "basis_ms": "Setiap kes dikira sekali.",
        "basis_en": "Each case counts once.",
        "reason": "Surat KDN",
    }


def _target(_world: World) -> dict[str, Any]:
    return {"number": "1,200", "due_on": "31/3/2024", "reason": "Surat KDN"}


def _reason(_world: World) -> dict[str, Any]:
    return {"reason": "Surat KDN"}


def _revised(_world: World) -> dict[str, Any]:
    return {"text": "13", "reason": "Dikira semula"}


ROWS = [
    Row("indicators:indicators", SEEN),
    Row("indicators:indicator_add", ADMIN),
    Row("indicators:indicator_add", ADDED, "post", data=_new),
    Row("indicators:indicator_keep", SEEN, target="any", kwargs=_with_target),
    Row("indicators:indicator_change", ADMIN, target="any", kwargs=_kept),
    Row("indicators:indicator_change", REFUSED, "post", "any", _kept),
    Row("indicators:target_set", SEEN, target="any", kwargs=_of_cycle),
    Row("indicators:target_set", DONE, "post", "any", _of_cycle, _target),
    Row("indicators:target_end", SEEN, target="any", kwargs=_targeted),
    Row("indicators:target_end", DONE, "post", "any", _targeted, _reason),
    Row("indicators:figure_revise", SEEN, target="any", kwargs=_reported),
    Row("indicators:figure_revise", DONE, "post", "any", _reported, _revised),
]
