"""What MAPO may say of an indicator, as forms hand it to services."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from indicators.states import BASIS_LENGTH, NAME_LENGTH

if TYPE_CHECKING:
    from accounts.models import Agency

#: Texts in which somebody could be named, with the most characters of each.
TEXTS = {
    "name_ms": NAME_LENGTH,
    "name_en": NAME_LENGTH,
    "basis_ms": BASIS_LENGTH,
    "basis_en": BASIS_LENGTH,
}


@dataclass(frozen=True, kw_only=True)
class Definition:
    """What MAPO may change of an indicator. `items` are the ids of items of open cycles; links to closed ones stay."""

    name_ms: str
    name_en: str
    is_own_name_ms: bool
    is_own_name_en: bool
    unit: str
    basis_ms: str
    basis_en: str
    pillar: str
    agency: Agency | None
    is_stock: bool
    counts_victims: bool
    is_active: bool
    items: frozenset[int]

    @property
    def columns(self) -> dict[str, Any]:
        """The values that stand in the indicator's own row, texts without superfluous spaces."""
        values = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "items"}
        return values | {name: " ".join(values[name].split()) for name in TEXTS}

    @property
    def facts(self) -> dict[str, Any]:
        """The values as the log holds them."""
        agency = {"agency": self.agency.pk if self.agency else None}
        return self.columns | agency | {"speaks_to": sorted(self.items)}

    @property
    def mark(self) -> str:
        """A short text that differs wherever a definition does."""
        return hashlib.sha256(json.dumps(self.facts, sort_keys=True, default=str).encode()).hexdigest()


#: What the form of a new indicator begins with.
NO_DEFINITION = Definition(
    name_ms="",
    name_en="",
    is_own_name_ms=False,
    is_own_name_en=False,
    unit="",
    basis_ms="",
    basis_en="",
    pillar="",
    agency=None,
    is_stock=False,
    counts_victims=False,
    is_active=True,
    items=frozenset(),
)
