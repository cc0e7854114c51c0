"""What a series counts, by name: for sentences about what checks found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ui.dates import supported_language


class SeriesTitle(NamedTuple):
    """What a series counts, in both languages: its indicator, and the values by which it is broken down."""

    indicator_ms: str
    indicator_en: str
    unit: str = ""
    values: tuple[tuple[str, str], ...] = ()

    @property
    def indicator(self) -> str:
        return self.indicator_en if supported_language() == "en" else self.indicator_ms

    @property
    def name(self) -> str:
        """The indicator, and the values after commas."""
        place = 1 if supported_language() == "en" else 0
        return ", ".join([self.indicator, *(value[place] for value in self.values)])


Titles = Mapping[int, SeriesTitle]
