"""The values of a row that a form edits, with a mark that shows whether somebody changed them meanwhile."""

from dataclasses import asdict, dataclass, fields
from typing import Any, Self


@dataclass(frozen=True, kw_only=True)
class Marked:
    """Values by column name; a subclass lists them as its fields."""

    @classmethod
    def of(cls, row: Any) -> Self:
        """Return the row's present values."""
        return cls(**{name: getattr(row, name) for name in cls.names()})

    @classmethod
    def names(cls) -> list[str]:
        """Return the names of all values."""
        return [each.name for each in fields(cls)]

    @property
    def values(self) -> dict[str, Any]:
        """Each value by its name."""
        return asdict(self)

    @property
    def mark(self) -> str:
        """A short text that differs wherever a value does."""
        return " ".join(str(value) for value in self.values.values())
