"""Rows of figures: what a source published is open to everybody signed in."""

from __future__ import annotations

from typing import Any

from indicators.models import PublishedTable, Source
from recommendations.models import Cycle
from tests.conftest import NOW
from tests.factories.accounts import World
from tests.factories.indicators import make_figure, make_indicator, make_series, make_source, make_table
from tests.factories.recommendations import make_cycle
from tests.matrix import Row, everybody


def furnish(world: World, now: object) -> None:
    """A source with a table of two figures."""
    cycle = Cycle.objects.first() or make_cycle()
    source = make_source(cycle, now=NOW)
    series = make_series(make_indicator())
    make_table(source, [[make_figure(series, 510, now=NOW, source=source)]])


def _source(_world: World) -> dict[str, Any]:
    return {"source_id": Source.objects.get(code="statement").pk}


def _table(_world: World) -> dict[str, Any]:
    return {"table_id": PublishedTable.objects.get(key="E").pk}


ROWS = [
    Row("indicators:source", everybody(), target="any", kwargs=_source),
    Row("indicators:source_download", everybody(), target="any", kwargs=_source),
    Row("indicators:tables", everybody()),
    Row("indicators:table", everybody(), target="any", kwargs=_table),
]
