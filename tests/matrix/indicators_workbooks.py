"""Rows of workbooks of figures: nobody but the agency sees them."""

from __future__ import annotations

from typing import Any

from indicators.models import FigureImport
from indicators.services.workbooks import begin_figure_import, correct_rows
from recommendations.models import Cycle
from tests.conftest import NOW
from tests.factories.accounts import World
from tests.factories.figure_workbooks import row
from tests.factories.indicators import make_indicator
from tests.factories.recommendations import make_cycle
from tests.matrix import AGENCY, COORDINATOR, Row, nobody, only


def _upload(world: World) -> dict[str, Any]:
    if not Cycle.objects.exists():
        make_cycle()
    return {}


def _workbook(target: str) -> Any:
    """A workbook that was read, with rows to correct, ready and left out."""

    def kwargs(world: World) -> dict[str, Any]:
        agency = world.own if target == "own" else world.foreign
        actor = world.people[COORDINATOR] if target == "own" else world.foreign_coordinator
        cycle = Cycle.objects.filter(year=2023).first() or make_cycle()
        indicator = agency.indicators.first() or make_indicator(f"workbook-{target}", agency=agency)
        rows = [
            row(number, f"2023-0{number + 3}", indicator.code, "", text)
            for number, text in enumerate(("7", "-1", "5"), 1)
        ]
        about: dict[str, Any] = {"actor": actor, "now": NOW}
        file = {"file_name": "angka.xlsx", "sha256": f"{FigureImport.objects.count():064x}"}
        made = begin_figure_import(agency, cycle, rows=rows, **file, **about)
        return {"import_id": correct_rows(made, corrections={}, left_out={3: True}, **about).pk}

    return kwargs


def _revision(_world: World) -> dict[str, Any]:
    """The revision of a workbook in which a row was left out."""
    return {"revision": "1"}


ROWS = [
    Row("indicators:workbook_upload", only(*AGENCY, answer=422), "post", kwargs=_upload),
    Row("indicators:figure_import", only(*AGENCY), target="own", kwargs=_workbook("own")),
    Row("indicators:figure_import", nobody(), target="foreign", kwargs=_workbook("foreign")),
    Row("indicators:figure_import", only(*AGENCY, answer=302), "post", "own", _workbook("own")),
    Row("indicators:figure_import", nobody(), "post", "foreign", _workbook("foreign")),
    Row("indicators:figure_import_take", only(*AGENCY, answer=409), "post", "own", _workbook("own")),
    Row("indicators:figure_import_take", nobody(), "post", "foreign", _workbook("foreign")),
    Row(
        "indicators:figure_import_discard",
        only(*AGENCY, answer=302),
        "post",
        "own",
        _workbook("own"),
        _revision,
    ),
    Row("indicators:figure_import_discard", nobody(), "post", "foreign", _workbook("foreign"), _revision),
]
