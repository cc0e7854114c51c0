"""Rows of what describes the data of summaries, and of published tables as files."""

from typing import Any

from tests.factories.accounts import World
from tests.matrix import Row, everybody
from tests.matrix.indicators import printed_table


def _tables(_world: World) -> dict[str, Any]:
    printed_table()
    return {}


ROWS = [
    Row("reports:schema", everybody()),
    Row("reports:tables", everybody(), kwargs=_tables),
    Row("reports:tables", everybody(), kwargs=_tables, query="?table=E&day=2099-01-01"),
]
