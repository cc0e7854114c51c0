"""Says each thing in every language of a paper: a list with one text for each, the first language first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import override

from recommendations.windows import Window
from reports.languages import item_name, languages_of, pillar_label, status_label
from reports.writers.sentences import window_words
from ui import dates

Said = list[str]


class Voice:
    """Speaks in the languages of a selection."""

    def __init__(self, language: str) -> None:
        self.tongues = languages_of(language)

    def says(self, make: Callable[[], str]) -> Said:
        """What `make` returns while each of the languages is in force."""
        said = []
        for tongue in self.tongues:
            with override(tongue):
                said.append(make())
        return said

    def sentences(self, make: Callable[[], Iterable[str]]) -> list[Said]:
        """Each of several sentences, of which there are as many in each language."""
        told = []
        for tongue in self.tongues:
            with override(tongue):
                told.append(list(make()))
        return [list(said) for said in zip(*told, strict=True)]

    def each(self, tell: Callable[[str], str]) -> Said:
        """What `tell` returns for each of the languages."""
        return [tell(tongue) for tongue in self.tongues]

    def words(self, lazy: str | Promise) -> Said:
        """A lazily translated text."""
        return self.says(lambda: str(lazy))

    def all(self, labels: Mapping[str, str | Promise]) -> dict[str, Said]:
        """Each of many texts, by its name."""
        return {name: self.words(lazy) for name, lazy in labels.items()}

    def day(self, moment: date | datetime | None) -> Said:
        """16 Ogos 2023, for tables; nothing for None."""
        return self.each(lambda tongue: dates.short_day(moment, language=tongue)) if moment else []

    def status(self, status: str) -> Said:
        return self.each(lambda tongue: status_label(status, tongue))

    def item(self, key: str) -> Said:
        return self.each(lambda tongue: item_name(key, tongue))

    def pillar(self, pillar: str) -> Said:
        return self.each(lambda tongue: pillar_label(pillar, tongue)) if pillar else []

    def place(self, start: date | None, end: date | None, window: Window) -> Said:
        """Where days lie against the window; nothing where none are known."""
        return self.says(lambda: window_words(start, end, window)) if start or end else []

    def days(self, count: int) -> Said:
        return self.each(lambda tongue: dates.days(count, language=tongue))
