"""The rows of a summary about figures. What the reader may not know is empty in them, so a writer prints all that it finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import TextChoices
from django.utils.translation import override, pgettext_lazy

from indicators.check_words import Titles, sentence
from indicators.numbers import in_column
from indicators.pace_words import pace_text
from indicators.periods import Period
from indicators.queries.figures import hidden_words
from indicators.suppression import Hiding

if TYPE_CHECKING:
    from indicators.judging import Judgement
    from indicators.pace import Pace


def json_number(value: Decimal) -> int | float:
    """Return a number as JSON and sheets hold it: whole ones whole."""
    return int(value) if value == value.to_integral_value() else float(value)


class ReportedIndicator(NamedTuple):
    """What an indicator counted on the day. `agency` answers for it, `items` are the items of the cycle that it speaks to.

    A name of MAPO's own, because the source has none in that language, is marked as its own.
    """

    code: str
    name_ms: str
    name_en: str
    is_own_name_ms: bool
    is_own_name_en: bool
    unit: str
    basis_ms: str
    basis_en: str
    pillar: str
    agency: str
    is_stock: bool
    counts_victims: bool
    items: tuple[str, ...]


class FigureNews(TextChoices):
    """What became of a figure after the day from which a selection tells what is new."""

    NEW = "new", pgettext_lazy("figure", "new")
    REVISED = "revised", pgettext_lazy("figure", "revised")


class ReportedFigure(NamedTuple):
    """A figure as it stood on the day; `number` is its id, `series` the codes of the values by which it is broken down.

    `text` is the number as it was given. Where the reader may not read it, `text` is empty, `value` is None, and `hiding`
    says how it is hidden (a value of `Hiding`). A printed figure has a `source`, and where it stands there: the key of the
    table and the line of the text. A reported one has the `agency` that answered for it when it was recorded.
    """

    number: int
    indicator: str
    series: str
    period_kind: str
    begins_on: date | None
    ends_on: date | None
    is_partial: bool
    counted_to: date | None
    text: str
    value: int | float | None
    hiding: str
    source: str
    table: str
    line: int | None
    agency: str
    recorded_at: datetime

    @property
    def period(self) -> Period:
        return Period(self.period_kind, self.begins_on, self.ends_on, self.is_partial, self.counted_to)

    @property
    def is_reported(self) -> bool:
        return not self.source

    @property
    def is_hidden(self) -> bool:
        return bool(self.hiding)

    def words(self, language: str, unit: str) -> str:
        """Return the number as Jejak writes it in a language: 27,836; "< 5" and "hidden" where it is not shown."""
        if self.value is None:
            with override(language):
                return hidden_words(Hiding(self.hiding))
        return in_column(self.value, unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedCheck:
    """What a check found that fails, or cannot be judged, with MAPO's words on it.

    `titles` say what its numbers count. `period` is None for a check of fixed terms. `source` and `table` say where its numbers were printed; both are empty for
    numbers that agencies reported. `claim` is the item whose sentence it puts to the test. `figures` are the numbers (ids)
    of the figures that it compares, `marked` of those whose place carries its mark. `explained_by` is empty for readers
    outside of MAPO.
    """

    found: Judgement
    titles: Titles
    source: str
    table: str
    claim: str
    indicators: tuple[str, ...]
    figures: tuple[int, ...]
    marked: tuple[int, ...]
    explanation: str = ""
    explained_at: datetime | None = None
    explained_by: str = ""

    @property
    def code(self) -> str:
        return self.found.code

    @property
    def outcome(self) -> str:
        return self.found.outcome.value

    @property
    def period(self) -> Period | None:
        return Period(*self.found.period) if self.found.period else None

    @property
    def left(self) -> tuple[str, ...]:
        return tuple(_plain(term.value) for term in self.found.left_terms)

    @property
    def right(self) -> tuple[str, ...]:
        return tuple(_plain(term.value) for term in self.found.right_terms)

    @property
    def printed(self) -> str:
        """The change in per cent as it was printed; empty for other checks."""
        return self.found.printed.text if self.found.printed else ""

    def sentence(self, language: str) -> str:
        """Return the sum in words: "29 + 50 + 0 + 1 = 80; printed: 81."."""
        with override(language):
            return sentence(self.found, self.titles)

    def note(self, language: str) -> str:
        """Return what is compared."""
        return self.found.note_en if language == "en" else self.found.note_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedTarget:
    """The target of an indicator in the cycle. `reason` and `pace` are empty for readers whom they do not concern."""

    indicator: str
    unit: str
    number: Decimal
    due_on: date
    reason: str
    pace: Pace | None

    def pace_words(self, language: str) -> str:
        """Return "12 of 40. 28 left in 133 working days: 4 a month needed."; empty without a pace."""
        with override(language):
            return pace_text(self.pace) if self.pace else ""


class SeriesName(NamedTuple):
    """What a series is broken down by: the codes, their names, and their places in lists; all empty for the whole."""

    key: str
    name_ms: str
    name_en: str
    place: tuple[int, ...]


def _plain(value: Decimal) -> str:
    """Return a number without separators, and without zeros that end its fraction."""
    return f"{value.normalize():f}"
