"""Which reasons of revised figures a person may not read although the figures are theirs to read."""

from __future__ import annotations

from collections.abc import Collection

from accounts.clearance import Clearance
from accounts.models import User
from evidence.models import is_above
from indicators.models import FigureDecision
from recommendations.queries.sql import fetch_rows, read_statement

_GIVEN = read_statement(__file__, "given_figures")


def reasons_above(user: User, figure_ids: Collection[int]) -> frozenset[int]:
    """Return those of these figures whose reason was written beside evidence above the person's clearance.

    The evidence of a figure that MAPO revised is that of the figure that it replaced. Two queries; none without figures,
    or for whoever may read every document.
    """
    if not figure_ids or user.clearance >= max(Clearance):
        return frozenset()
    given = fetch_rows(_GIVEN, {"figures": list(figure_ids)})
    cited = is_above(user.clearance, path="sent__submission__documents__")
    decided = FigureDecision.objects.filter(cited, figure__in={given_id for _figure_id, given_id in given})
    above = set(decided.values_list("figure_id", flat=True))
    return frozenset(figure_id for figure_id, given_id in given if given_id in above)
