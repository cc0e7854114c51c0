"""A reader who tries to compute hidden numbers: exact elimination, and bounds handed from sum to sum."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import ceil, floor, inf

from indicators.known_sums import MOST_SMALL, KnownSum, RecordedNumber
from indicators.suppression import Hiding

#: A sum over hidden numbers: weights, and what they give together.
Row = tuple[dict[int, Fraction], Fraction]
Bounds = dict[int, tuple[float, float]]


def bounds_of(
    numbers: Sequence[RecordedNumber], hidden: Mapping[int, Hiding], sums: Iterable[KnownSum]
) -> Bounds:
    """Return between which numbers the reader knows each hidden one to be.

    The reader has all that is shown and every sum with what it really gives, and knows which numbers are 0. Beside a number
    that reads "< 5" they also know which of the withheld ones are not small: more than the pages say. Of a whole whose parts
    are all small nobody knows it: it is withheld whether it is small or not.
    """
    true = {number.figure_id: number.number for number in numbers}
    rows: list[Row] = []
    sums = list(sums)
    beside_small = {
        key
        for each in sums
        if any(hidden.get(term) == Hiding.SMALL for term in each.weights)
        for key in each.weights
    } - {
        key
        for each in sums
        for key, weight in each.weights.items()
        if weight == 1 and all(true[part] <= MOST_SMALL for part in each.weights if part != key)
    }
    for each in sums:
        unknown = {key: Fraction(weight) for key, weight in each.weights.items() if key in hidden}
        if unknown:
            rows.append((unknown, sum((weight * true[key] for key, weight in unknown.items()), Fraction(0))))
    bounds: Bounds = {
        key: _bounds(hiding, true[key], is_beside_small=key in beside_small) for key, hiding in hidden.items()
    }
    orders = [sorted(hidden), sorted(hidden, reverse=True), sorted(hidden, key=lambda key: (key % 3, key))]
    rows += [row for order in orders for row in eliminated(rows, order)]
    _narrow(rows, bounds)
    return bounds


def _bounds(hiding: Hiding, true: int, *, is_beside_small: bool) -> tuple[float, float]:
    if hiding == Hiding.SMALL:
        return (1, MOST_SMALL)
    return (MOST_SMALL + 1 if is_beside_small and true > MOST_SMALL else 1, inf)


def eliminated(rows: Sequence[Row], order: Sequence[int]) -> list[Row]:
    """Return the rows in reduced echelon form by exact fractions, eliminating the unknowns in this order."""
    left = [(dict(weights), given) for weights, given in rows]
    done: list[Row] = []
    for key in order:
        pivot = next((row for row in left if row[0].get(key)), None)
        if pivot is None:
            continue
        left = [row for row in left if row is not pivot]
        scale = pivot[0][key]
        pivot = ({each: weight / scale for each, weight in pivot[0].items()}, pivot[1] / scale)
        left = [_without(row, key, pivot) for row in left]
        done = [*(_without(row, key, pivot) for row in done), pivot]
    return done


def _without(row: Row, key: int, pivot: Row) -> Row:
    factor = row[0].get(key, Fraction(0))
    if not factor:
        return row
    weights = {each: row[0].get(each, 0) - factor * pivot[0].get(each, 0) for each in {*row[0], *pivot[0]}}
    return ({each: weight for each, weight in weights.items() if weight}, row[1] - factor * pivot[1])


def _narrow(rows: Sequence[Row], bounds: Bounds) -> None:
    """Hand bounds from sum to sum until nothing changes (or for 60 rounds)."""
    for _round in range(60):
        before = dict(bounds)
        for weights, given in rows:
            _narrow_by(weights, given, bounds)
        if bounds == before:
            return


def _narrow_by(weights: Mapping[int, Fraction], given: Fraction, bounds: Bounds) -> None:
    for key, weight in weights.items():
        low = high = given
        for other, factor in weights.items():
            if other != key:
                ends = [_times(factor, end) for end in bounds[other]]
                low, high = low - max(ends), high - min(ends)
        ends = sorted((_over(low, weight), _over(high, weight)))
        old = bounds[key]
        bounds[key] = (
            max(old[0], ceil(ends[0]) if abs(ends[0]) != inf else -inf),
            min(old[1], floor(ends[1]) if abs(ends[1]) != inf else inf),
        )


def _times(factor: Fraction, end: float) -> float:
    if abs(end) == inf:
        return inf if (factor > 0) == (end > 0) else -inf
    return factor * Fraction(end)


def _over(end: float, weight: Fraction) -> float:
    if isinstance(end, float) and abs(end) == inf:
        return end if weight > 0 else -end
    return Fraction(end) / weight


def fitting_alike(
    numbers: Sequence[RecordedNumber],
    hiding: Callable[[Sequence[RecordedNumber]], dict[int, Hiding]],
    *,
    most: int,
) -> Iterator[dict[int, int]]:
    """Yield each way to fill in what is hidden of a month with a total and its parts, of which the same would be hidden.

    This reader knows the method, and that the total may hold people whom no part counts. The total comes first in `numbers`;
    parts up to `most` are tried.
    """
    hidden = hiding(numbers)
    total, *parts = numbers
    known = [range(1, most + 1) if part.figure_id in hidden else (part.number,) for part in parts]
    for tried in product(*known):
        totals = (
            [total.number]
            if total.figure_id not in hidden
            else range(sum(tried), sum(tried) + MOST_SMALL + 3)
        )
        for whole in totals:
            if whole < sum(tried) or not whole:
                continue
            way = [
                replace(each, number=number) for each, number in zip(numbers, (whole, *tried), strict=True)
            ]
            if hiding(way) == hidden:
                yield {each.figure_id: each.number for each in way}
