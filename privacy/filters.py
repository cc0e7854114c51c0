"""Filters that match a text as its reader sees it: nobody learns a hidden word by asking for it."""

from __future__ import annotations

from django.db.models import BigIntegerField, BooleanField, F, Func, Q, TextField, Value
from django.db.models.lookups import IContains

from privacy.reading import current_reader, hides_anything


def shown_contains(column: str, text: str) -> Q:
    """Return the condition that a column with guarded texts contains this one, in any case, as whoever reads now may see it."""
    if not hides_anything():
        return Q(**{f"{column}__icontains": text})
    reader = current_reader()
    shown = Func(
        F(column),
        Value(reader.agency_id, BigIntegerField(null=True)),
        Value(reader.sees_all, BooleanField()),
        function="jejak_shown",
        output_field=TextField(),
    )
    return Q(IContains(shown, text))
