"""Counting rows as one column of another query."""

from __future__ import annotations

from django.db.models import IntegerField, Subquery


class RowCount(Subquery):
    """How many rows a queryset has, which may point to the outer query."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()
