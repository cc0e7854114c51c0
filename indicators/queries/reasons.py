"""Which reasons of revised figures a person may not read although the figures are theirs to read."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models.expressions import RawSQL

from accounts.clearance import Clearance
from accounts.models import User
from evidence.models import is_above
from indicators.models import FigureDecision
from recommendations.queries.sql import fetch_rows, sql_of

#: Each of these figures, and before one that MAPO gave without a decision what it replaced, back to one that was decided.
_TOLD = """
WITH RECURSIVE told AS (
    SELECT id AS figure_id, id AS given_id, replaces_id FROM indicators_figure WHERE id = ANY(%s)
    UNION ALL
    SELECT told.figure_id, earlier.id, earlier.replaces_id
    FROM told JOIN indicators_figure earlier ON earlier.id = told.replaces_id
    WHERE NOT EXISTS (SELECT FROM indicators_figuredecision own WHERE own.figure_id = told.given_id)
)
"""


def reasons_above(user: User, figure_ids: Collection[int]) -> frozenset[int]:
    """Return those of these figures whose reason was written beside evidence above the person's clearance.

    The evidence of a figure that MAPO revised is that of the figure that it replaced. One query; none without figures, or
    for whoever may read every document.
    """
    if not figure_ids or user.clearance >= max(Clearance):
        return frozenset()
    cited = is_above(user.clearance, path="sent__submission__documents__")
    sql, params = sql_of(FigureDecision.objects.filter(cited, figure=RawSQL("told.given_id", ())))
    statement = f"{_TOLD} SELECT DISTINCT told.figure_id FROM told WHERE EXISTS ({sql})"  # noqa: S608
    return frozenset(figure_id for (figure_id,) in fetch_rows(statement, [list(figure_ids), *params]))
