"""Things of indicators in the order of pillars; those of the report as a whole come last."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from django.utils.translation import gettext as _

from recommendations.states import Pillar

#: What is grouped.
Thing = TypeVar("Thing")


class HasPillar(Protocol):
    """What an indicator's definition says of its pillar; "" for the report as a whole."""

    @property
    def pillar(self) -> str: ...


def grouped_by_pillar(things: Iterable[tuple[HasPillar, Thing]]) -> list[tuple[str, str, list[Thing]]]:
    """Return things by pillar: its value, its label and its things in their order. Pillars without any are left out."""
    listed = list(things)
    groups = [*((pillar.value, str(pillar.label)) for pillar in Pillar), ("", _("All pillars"))]
    found = [
        (value, label, [thing for definition, thing in listed if definition.pillar == value])
        for value, label in groups
    ]
    return [group for group in found if group[2]]
