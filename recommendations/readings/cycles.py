"""Which cycle a page speaks of."""

from __future__ import annotations

from django.db.models import BooleanField, ExpressionWrapper, Q

from recommendations.models import Cycle
from recommendations.models.cycle import CycleQuerySet


def newest_first() -> CycleQuerySet:
    """Open cycles before closed ones, the newest year first: the first row is the one that pages speak of."""
    is_open = ExpressionWrapper(Q(closed_at__isnull=True), output_field=BooleanField())
    return Cycle.objects.order_by(is_open.desc(), "-year")
