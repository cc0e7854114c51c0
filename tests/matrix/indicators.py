"""Rows of figures: what a source published is open to everybody signed in."""

from __future__ import annotations

from typing import Any

from indicators.models import Check, CheckExplanation, PublishedTable
from indicators.services.explanations import explain_check
from indicators.states import CheckKind
from recommendations.models import Cycle
from tests.conftest import NOW
from tests.factories.accounts import World
from tests.factories.indicators import (
    make_check,
    make_figure,
    make_indicator,
    make_series,
    make_source,
    make_table,
)
from tests.factories.recommendations import make_cycle
from tests.matrix import MAPO, REVIEWER, Row, everybody, only


def printed_table() -> PublishedTable:
    """A table of a source with one figure."""
    if (known := PublishedTable.objects.first()) is not None:
        return known
    source = make_source(Cycle.objects.first() or make_cycle(), now=NOW)
    series = make_series(make_indicator())
    return make_table(source, [[make_figure(series, 510, now=NOW, source=source)]])


def _source(_world: World) -> dict[str, Any]:
    return {"source_id": printed_table().source_id}


def _table(_world: World) -> dict[str, Any]:
    return {"table_id": printed_table().pk}


def _check(_world: World) -> dict[str, Any]:
    if (known := Check.objects.first()) is not None:
        return {"check_id": known.pk}
    table = printed_table()
    figure = table.cells.get().figure
    return {"check_id": make_check(table.source, [figure], [figure], kind=CheckKind.BASIS).pk}


def _words(_world: World) -> dict[str, Any]:
    return {"text": "Asas kiraannya berlainan."}


def _explained(world: World) -> dict[str, Any]:
    found = _check(world)
    check = Check.objects.get(pk=found["check_id"])
    explain_check(check, text="Asas kiraannya berlainan.", actor=world.people[REVIEWER], now=NOW)
    return found


def _reason(_world: World) -> dict[str, Any]:
    return {"reason": "Tersilap.", "seen": str(CheckExplanation.objects.standing().get().pk)}


def _indicator(_world: World) -> dict[str, Any]:
    printed_table()
    return {"code": "ipo"}


ROWS = [
    Row("indicators:contradictions", everybody()),
    Row("indicators:check", everybody(), target="any", kwargs=_check),
    Row("indicators:check_explain", only(*MAPO), target="any", kwargs=_check),
    Row(
        "indicators:check_explain",
        only(*MAPO, answer=302),
        method="post",
        target="any",
        kwargs=_check,
        data=_words,
    ),
    Row("indicators:check_withdraw", only(*MAPO), target="any", kwargs=_explained),
    Row(
        "indicators:check_withdraw",
        only(*MAPO, answer=302),
        method="post",
        target="any",
        kwargs=_explained,
        data=_reason,
    ),
    Row("indicators:figures", everybody()),
    Row("indicators:indicator", everybody(), target="any", kwargs=_indicator),
    Row("indicators:source", everybody(), target="any", kwargs=_source),
    Row("indicators:source_download", everybody(), target="any", kwargs=_source),
    Row("indicators:tables", everybody()),
    Row("indicators:table", everybody(), target="any", kwargs=_table),
    Row("indicators:windows", everybody()),
]
