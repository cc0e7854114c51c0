"""Which reasons of revised figures a person may not read although the figures are theirs to read."""

from __future__ import annotations

from collections.abc import Collection

from accounts.clearance import Clearance
from accounts.models import User
from evidence.models import is_above
from indicators.models import FigureDecision


def reasons_above(user: User, figure_ids: Collection[int]) -> frozenset[int]:
    """Return those of these figures whose reason was written beside evidence above the person's clearance.

    One query; none without figures, or for whoever may read every document.
    """
    if not figure_ids or user.clearance >= max(Clearance):
        return frozenset()
    cited = is_above(user.clearance, path="sent__submission__documents__")
    found = FigureDecision.objects.filter(cited, figure__in=figure_ids).order_by()
    return frozenset(found.values_list("figure_id", flat=True).distinct())
