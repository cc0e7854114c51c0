"""What everybody can compute with: the numbers of an indicator, and which of them are the sums of others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

#: Numbers of victims from 1 to this one may point to a person.
MOST_SMALL = 4

#: The kinds of periods (of `PeriodKind`) of which wider ones are the sum.
_PARTS_OF = {
    "quarter": ("month",),
    "year": ("month", "quarter"),
    "window": ("month", "quarter"),
}

#: A value of a dimension, by both codes.
Value = tuple[str, str]


@dataclass(frozen=True, slots=True)
class RecordedNumber:
    """A number of an indicator as it was recorded, and until when it stood.

    `values` are those by which it is broken down; none for the indicator as a whole. `is_printed` marks what a source
    printed: it is open to everybody, and may be the sum of reported numbers.
    """

    figure_id: int
    values: frozenset[Value]
    kind: str
    begins_on: date | None
    ends_on: date | None
    number: int
    recorded_at: datetime
    ended_at: datetime | None = None
    is_printed: bool = False

    @property
    def is_small(self) -> bool:
        return 0 < self.number <= MOST_SMALL and not self.is_printed

    @property
    def period(self) -> tuple[str, date | None, date | None]:
        return (self.kind, self.begins_on, self.ends_on)

    def stood_at(self, instant: datetime) -> bool:
        """Whether it stood at an instant (docs/rules.md, Periods)."""
        return self.recorded_at <= instant and (self.ended_at is None or self.ended_at > instant)


@dataclass(frozen=True, slots=True)
class KnownSum:
    """What everybody may use: a whole (+1) less its parts (-1) is a number that is known, whatever it is.

    It is known from the instant at which all its terms had been recorded.
    """

    weights: Mapping[int, int]
    known_from: datetime


def with_remainders(
    numbers: Mapping[int, RecordedNumber], sums: Iterable[KnownSum]
) -> tuple[dict[int, RecordedNumber], list[KnownSum]]:
    """Return numbers and sums with what wholes leave beside their parts, where that is from 1 to 4.

    A total of 16 beside 8 men and 7 women, with nothing reported of boys and girls, tells of one child. Such a remainder is a
    number like any other, though nobody reported it: it stands under a key below 0, and is a term of its own sum alone.
    """
    found = dict(numbers)
    completed: list[KnownSum] = []
    for each in sums:
        left = sum(weight * numbers[term].number for term, weight in each.weights.items())
        if 0 < abs(left) <= MOST_SMALL:
            key = -1 - len(completed)
            found[key] = replace(
                numbers[min(each.weights)],
                figure_id=key,
                number=abs(left),
                recorded_at=each.known_from,
                is_printed=False,
            )
            each = KnownSum({**each.weights, key: -1 if left > 0 else 1}, each.known_from)
        completed.append(each)
    return found, completed


def values_of(key: str) -> frozenset[Value]:
    """Return the values that the key of a series names; see `series_key`."""
    pairs = (pair.partition("=") for pair in key.split(";") if pair)
    return frozenset((dimension, value) for dimension, _equals, value in pairs)


def known_sums(numbers: Iterable[RecordedNumber], *, is_summed: bool) -> list[KnownSum]:
    """Return every sum between numbers of an indicator that held on any day, each once, the earliest first."""
    by_period: defaultdict[object, list[RecordedNumber]] = defaultdict(list)
    by_values: defaultdict[object, list[RecordedNumber]] = defaultdict(list)
    for number in numbers:
        by_period[number.period].append(number)
        by_values[number.values].append(number)
    found: dict[frozenset[tuple[int, int]], KnownSum] = {}
    for group in by_period.values():
        _collect(found, group, _sums_of_breakdowns)
    for group in by_values.values() if is_summed else ():
        _collect(found, group, _sums_of_periods)
    return sorted(found.values(), key=lambda each: (each.known_from, sorted(each.weights.items())))


def _collect(
    found: dict[frozenset[tuple[int, int]], KnownSum],
    group: Sequence[RecordedNumber],
    sums_of: Callable[[Sequence[RecordedNumber]], Iterable[dict[int, int]]],
) -> None:
    """Add the sums that held at each instant at which one of the numbers was recorded."""
    for instant in sorted({number.recorded_at for number in group}):
        for weights in sums_of([number for number in group if number.stood_at(instant)]):
            found.setdefault(frozenset(weights.items()), KnownSum(weights, instant))


def _sums_of_breakdowns(standing: Sequence[RecordedNumber]) -> Iterator[dict[int, int]]:
    """Yield the sums between numbers of one period: a whole with its parts by each dimension."""
    parts: defaultdict[frozenset[Value], dict[str, list[int]]] = defaultdict(dict)
    for number in standing:
        for value in () if number.is_printed else number.values:
            parts[number.values - {value}].setdefault(value[0], []).append(number.figure_id)
    for whole, by_dimension in parts.items():
        wholes = [number.figure_id for number in standing if number.values == whole]
        sides = [by_dimension[dimension] for dimension in sorted(by_dimension)]
        for figure_id in wholes:
            yield from (_weights([figure_id], side) for side in sides)
        if not wholes:
            yield from (_weights(sides[0], side) for side in sides[1:])


def _sums_of_periods(standing: Sequence[RecordedNumber]) -> Iterator[dict[int, int]]:
    """Yield the sums between numbers of one series: a quarter, year or window with its months or quarters."""
    for whole in standing:
        for kind in _PARTS_OF.get(whole.kind, ()):
            parts = [
                part.figure_id
                for part in standing
                if part.kind == kind and not part.is_printed and _lies_within(part, whole)
            ]
            if parts:
                yield _weights([whole.figure_id], parts)


def _lies_within(part: RecordedNumber, whole: RecordedNumber) -> bool:
    if part.begins_on is None or part.ends_on is None or whole.begins_on is None or whole.ends_on is None:
        return False
    return whole.begins_on <= part.begins_on and part.ends_on <= whole.ends_on


def _weights(left: Sequence[int], right: Sequence[int]) -> dict[int, int]:
    return dict.fromkeys(left, 1) | dict.fromkeys(right, -1)


def connected(
    numbers: Mapping[int, RecordedNumber], sums: Iterable[KnownSum]
) -> Iterator[dict[int, RecordedNumber]]:
    """Yield the numbers in groups that no sum joins."""
    neighbours: defaultdict[int, set[int]] = defaultdict(set)
    for each in sums:
        first, *others = each.weights
        for other in others:
            neighbours[first].add(other)
            neighbours[other].add(first)
    seen: set[int] = set()
    for figure_id in sorted(numbers):
        if figure_id not in seen:
            group = _reached_from(figure_id, neighbours)
            seen |= group
            yield {each: numbers[each] for each in sorted(group)}


def _reached_from(start: int, neighbours: Mapping[int, Iterable[int]]) -> set[int]:
    """Return all that can be reached from a beginning, with it."""
    reached, waiting = {start}, [start]
    while waiting:
        further = set(neighbours.get(waiting.pop(), ())) - reached
        reached |= further
        waiting += further
    return reached
