"""The headings of published tables, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ui.dates import supported_language


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above a column or beside a row, and whether the words are MAPO's own."""

    words: str
    is_own: bool


def heading_of(words: Mapping[str, Any]) -> Heading:
    """Return words of a table, as it keeps them in both languages, in the reader's language."""
    language = supported_language()
    return Heading(words[language], words[f"is_own_{language}"])
