"""A reader who tries to compute hidden numbers: exact elimination, and bounds handed from sum to sum."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
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

    The reader has all that is shown and every sum with what it really gives, and knows which numbers are small, which are
    not, and which are 0: more than the pages say.
    """
    true = {number.figure_id: number.number for number in numbers}
    rows: list[Row] = []
    for each in sums:
        unknown = {key: Fraction(weight) for key, weight in each.weights.items() if key in hidden}
        if unknown:
            rows.append((unknown, sum((weight * true[key] for key, weight in unknown.items()), Fraction(0))))
    bounds: Bounds = {key: _bounds(hiding, true[key]) for key, hiding in hidden.items()}
    orders = [sorted(hidden), sorted(hidden, reverse=True), sorted(hidden, key=lambda key: (key % 3, key))]
    rows += [row for order in orders for row in eliminated(rows, order)]
    _narrow(rows, bounds)
    return bounds


def _bounds(hiding: Hiding, true: int) -> tuple[float, float]:
    if hiding == Hiding.SMALL:
        return (1, MOST_SMALL)
    return (1 if true <= MOST_SMALL else MOST_SMALL + 1, inf)


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


def fitting(
    numbers: Sequence[RecordedNumber], hidden: Mapping[int, Hiding], sums: Iterable[KnownSum], *, most: int
) -> list[dict[int, int]]:
    """Return all whole numbers up to `most` that the hidden ones may be: every way is tried."""
    true = {number.figure_id: number.number for number in numbers}
    rows = [
        {key: weight for key, weight in each.weights.items() if key in hidden}
        for each in sums
        if any(key in hidden for key in each.weights)
    ]
    needed = [sum(weight * true[key] for key, weight in row.items()) for row in rows]
    keys = sorted(hidden)
    found: list[dict[int, int]] = []

    def go_on(chosen: dict[int, int]) -> None:
        for row, given in zip(rows, needed, strict=True):
            if row.keys() <= chosen.keys() and sum(w * chosen[key] for key, w in row.items()) != given:
                return
        if len(chosen) == len(keys):
            found.append(chosen)
            return
        key = keys[len(chosen)]
        low, high = _bounds(hidden[key], true[key])
        for number in range(int(low), int(min(high, most)) + 1):
            go_on({**chosen, key: number})

    go_on({})
    return found
