"""Judge a check by its numbers: plain arithmetic on exact decimals, without the database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple, overload

from indicators.states import CheckKind, CheckOutcome, Side

_PLACES = re.compile(r"[0-9]\.([0-9]+)")
_NOTHING = Decimal(0)


class CheckedPeriod(NamedTuple):
    """The period of a figure: its kind (of `PeriodKind`) and its days, which a source may not state."""

    kind: str
    begins_on: date | None
    ends_on: date | None


class JudgedTerm(NamedTuple):
    """A number on one side of a check. `figure_id` is None for a number that is not kept yet."""

    side: str
    series_id: int
    value: Decimal
    period: CheckedPeriod
    figure_id: int | None = None
    text: str = ""
    counted_to: date | None = None

    @property
    def last_day(self) -> date | None:
        """The last day that was counted, as far as the giver says one."""
        return self.counted_to or self.period.ends_on


#: Parts the terms as the database packs them.
_BETWEEN_TERMS = "\x1e"


class PackedTerms(Sequence[JudgedTerm]):
    """Terms as the database packs them, in one text; they are unpacked when somebody asks for them.

    Most judgements are only counted: then their terms are never looked at.
    """

    __slots__ = ("_packed", "_terms")

    def __init__(self, packed: str) -> None:
        """Take the terms in any order: each its key, then the fields of a `JudgedTerm` with a space between, its text last."""
        self._packed = packed
        self._terms: tuple[JudgedTerm, ...] | None = None

    def __len__(self) -> int:
        return len(self._unpacked())

    @overload
    def __getitem__(self, index: int) -> JudgedTerm: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[JudgedTerm, ...]: ...

    def __getitem__(self, index: int | slice) -> JudgedTerm | tuple[JudgedTerm, ...]:
        return self._unpacked()[index]

    def _unpacked(self) -> tuple[JudgedTerm, ...]:
        if self._terms is None:
            rows = [each.split(" ", 9) for each in self._packed.split(_BETWEEN_TERMS)]
            self._terms = tuple(_unpacked_term(*row[1:]) for row in sorted(rows, key=lambda row: int(row[0])))
        return self._terms


def _unpacked_term(
    side: str,
    series_id: str,
    value: str,
    kind: str,
    begins_on: str,
    ends_on: str,
    figure_id: str,
    counted_to: str,
    text: str,
) -> JudgedTerm:
    period = CheckedPeriod(kind, _day(begins_on), _day(ends_on))
    return JudgedTerm(side, int(series_id), Decimal(value), period, int(figure_id), text, _day(counted_to))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


class PrintedChange(NamedTuple):
    """A change in per cent as a source printed it, in the cell with this key."""

    cell_id: int
    text: str
    value: Decimal

    @property
    def places(self) -> int:
        """The digits after the point that are printed."""
        found = _PLACES.search(self.text)
        return len(found[1]) if found else 0


class GivenExplanation(NamedTuple):
    """MAPO's words on a judgement, when they were given, and by whom; empty for readers outside MAPO."""

    explanation_id: int
    text: str
    given_at: datetime
    given_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a check found for one period of one giver.

    `period` is None for a check of fixed terms. `source_id` is the source that gave the figures, None for agencies. `sums` are
    those of both sides, where they are known without the terms.
    """

    check_id: int
    code: str
    kind: str
    terms: Sequence[JudgedTerm]
    sums: tuple[Decimal, Decimal] | None = None
    period: CheckedPeriod | None = None
    source_id: int | None = None
    printed: PrintedChange | None = None
    claim_id: int | None = None
    note_ms: str = ""
    note_en: str = ""
    explanation: GivenExplanation | None = None

    @property
    def left_terms(self) -> list[JudgedTerm]:
        return [term for term in self.terms if term.side == Side.LEFT]

    @property
    def right_terms(self) -> list[JudgedTerm]:
        return [term for term in self.terms if term.side == Side.RIGHT]

    @property
    def left(self) -> Decimal:
        return self.sums[0] if self.sums else total(self.left_terms)

    @property
    def right(self) -> Decimal:
        return self.sums[1] if self.sums else total(self.right_terms)

    @property
    def difference(self) -> Decimal:
        """The right side less the left one: what a sum leaves out, or by how much a number changed."""
        return self.right - self.left

    @property
    def computed(self) -> Decimal | None:
        """The change in per cent from left to right, with one place more than the printed one; None without either."""
        return change_in_percent(self.left, self.right, self.printed.places + 1) if self.printed else None

    @property
    def outcome(self) -> CheckOutcome:
        return outcome_of(self.kind, self.left, self.right, self.printed)

    @property
    def fails(self) -> bool:
        return self.outcome == CheckOutcome.FAILS

    @property
    def holds(self) -> bool:
        return self.outcome == CheckOutcome.HOLDS

    @property
    def is_explained(self) -> bool:
        """Whether MAPO's words stand beside what fails or cannot be judged."""
        return self.explanation is not None and not self.holds

    @property
    def days(self) -> tuple[date | None, date | None]:
        """The days by which an explanation belongs to it."""
        return (self.period.begins_on, self.period.ends_on) if self.period else (None, None)

    @property
    def marked_figure_ids(self) -> frozenset[int]:
        """The figures whose cells carry the mark: of a sum its total, of a change none but the printed change itself."""
        if self.kind == CheckKind.CHANGE:
            return frozenset()
        terms = self.right_terms if self.kind == CheckKind.SUM else self.terms
        return frozenset(term.figure_id for term in terms if term.figure_id is not None)


def total(terms: Iterable[JudgedTerm]) -> Decimal:
    """Return the exact sum of terms."""
    return sum((term.value for term in terms), _NOTHING)


def change_in_percent(before: Decimal, after: Decimal, places: int) -> Decimal | None:
    """Return the change in per cent, rounded half up (away from 0) to so many places; None from 0."""
    if not before:
        return None
    return ((after - before) * 100 / before).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def outcome_of(kind: str, left: Decimal, right: Decimal, printed: PrintedChange | None) -> CheckOutcome:
    """Return what a check of a kind finds in the sums of its sides."""
    if kind == CheckKind.BASIS:
        return CheckOutcome.UNJUDGED
    if kind == CheckKind.CHANGE:
        return _outcome_of_change(left, right, printed)
    holds = left <= right if kind == CheckKind.BOUND else left == right
    return CheckOutcome.HOLDS if holds else CheckOutcome.FAILS


def weightiest(judgements: Sequence[Judgement]) -> Judgement | None:
    """Return the judgement that a mark shows: a failure before what cannot be judged, and either before what holds.

    What MAPO has explained comes after what nobody has.
    """
    order = {CheckOutcome.FAILS: 0, CheckOutcome.UNJUDGED: 1, CheckOutcome.HOLDS: 4}
    return min(judgements, key=lambda each: order[each.outcome] + 2 * each.is_explained, default=None)


def _outcome_of_change(left: Decimal, right: Decimal, printed: PrintedChange | None) -> CheckOutcome:
    computed = change_in_percent(left, right, printed.places) if printed else None
    if printed is None or computed is None:
        return CheckOutcome.UNJUDGED
    return CheckOutcome.HOLDS if computed == printed.value else CheckOutcome.FAILS
