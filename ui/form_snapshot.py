"""What people may change of a row in a form, with a mark that tells whether somebody changed it meanwhile."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, Self


@dataclass(frozen=True, kw_only=True)
class Marked:
    """Values by the names of the columns that hold them; a subclass lists them as its fields."""

    @classmethod
    def of(cls, row: Any) -> Self:
        """What the row has now."""
        return cls(**{name: getattr(row, name) for name in cls.names()})

    @classmethod
    def names(cls) -> list[str]:
        """The names of all values."""
        return [each.name for each in fields(cls)]

    @property
    def values(self) -> dict[str, Any]:
        """Each value by its name."""
        return asdict(self)

    @property
    def mark(self) -> str:
        """A short text that differs wherever a value does."""
        return " ".join(str(value) for value in self.values.values())
