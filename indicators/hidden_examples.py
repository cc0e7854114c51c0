"""Examples that show what hidden numbers could be: other numbers that give the same known sums (ADR 13)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

#: The search for one change gives up after so many steps, and the number then counts as exposed.
_MOST_STEPS = 400
#: The search for other numbers gives up after so many steps.
_MOST_TRIES = 1_500
#: Other numbers are looked for up to so much above and below the true ones.
_REACH = 5

#: The weights of the hidden terms of a sum.
Weights = Mapping[int, int]
#: Whether a hidden number may be this number, as far as a reader knows.
MayBe = Callable[[int, int], bool]


def changed_by(
    numbers: Mapping[int, int], sums: Sequence[Weights], *, figure_id: int, wanted: int, may_be: MayBe
) -> set[int] | None:
    """Return which numbers an example changes in which one number is what is wanted; None where none is found.

    `numbers` are the hidden ones with what they are. The example keeps every sum, and `may_be` holds for each change.
    """
    sums_of: defaultdict[int, list[int]] = defaultdict(list)
    for place, weights in enumerate(sums):
        for term in weights:
            sums_of[term].append(place)
    example = dict(numbers)
    step = 1 if wanted > example[figure_id] else -1
    changed = {figure_id}
    while example[figure_id] != wanted:
        search = _Step(example, sums, sums_of, may_be)
        if not search.found(figure_id, step):
            return None
        changed |= search.changes.keys()
        for each, change in search.changes.items():
            example[each] += change
    return changed


class _Step:
    """Looks for a change of hidden numbers by 1 each that keeps all known sums."""

    def __init__(
        self,
        example: Mapping[int, int],
        sums: Sequence[Weights],
        sums_of: Mapping[int, Sequence[int]],
        may_be: MayBe,
    ) -> None:
        self.example = example
        self.sums = sums
        self.sums_of = sums_of
        self.may_be = may_be
        self.changes: dict[int, int] = {}
        self.unbalanced: dict[int, int] = {}
        self.steps_left = _MOST_STEPS

    def found(self, figure_id: int, change: int) -> bool:
        """Whether the change of one number can be made good; `changes` are all that it takes then."""
        if not self.may_be(figure_id, self.example[figure_id] + change):
            return False
        self._put(figure_id, change)
        return self._balance()

    def _balance(self) -> bool:
        if not self.unbalanced:
            return True
        place = min(self.unbalanced, key=lambda each: (len(self._ways(each)), each))
        for figure_id, change in self._ways(place):
            if self.steps_left <= 0:
                return False
            self.steps_left -= 1
            self._put(figure_id, change)
            if self._balance():
                return True
            self._put(figure_id, -change)
            del self.changes[figure_id]
        return False

    def _ways(self, place: int) -> list[tuple[int, int]]:
        """Return the changes that bring a sum nearer to what is known, those first that disturb the fewest others."""
        sign = -1 if self.unbalanced[place] > 0 else 1
        changes = ((term, sign * weight) for term, weight in self.sums[place].items())
        ways = [way for way in changes if self._is_free(*way)]
        return sorted(ways, key=lambda way: (self._disturbed(*way), way))

    def _is_free(self, figure_id: int, change: int) -> bool:
        return figure_id not in self.changes and self.may_be(figure_id, self.example[figure_id] + change)

    def _disturbed(self, figure_id: int, change: int) -> int:
        """Return how many sums more would be unbalanced by a change."""
        moved = 0
        for place in self.sums_of[figure_id]:
            before = self.unbalanced.get(place, 0)
            after = before + self.sums[place][figure_id] * change
            moved += abs(after) - abs(before)
        return moved

    def _put(self, figure_id: int, change: int) -> None:
        self.changes[figure_id] = change
        for place in self.sums_of[figure_id]:
            left = self.unbalanced.get(place, 0) + self.sums[place][figure_id] * change
            if left:
                self.unbalanced[place] = left
            else:
                self.unbalanced.pop(place, None)


def other_numbers(
    numbers: Mapping[int, int], sums: Sequence[Weights], *, figure_id: int, wanted: int, may_be: MayBe
) -> Iterator[dict[int, int]]:
    """Yield numbers in which one is what is wanted and every sum is kept, near the true ones first, until tired."""
    needed = [sum(weight * numbers[term] for term, weight in weights.items()) for weights in sums]
    order = [figure_id, *(each for each in sorted(numbers) if each != figure_id)]
    last = {term: place for place, term in enumerate(order)}
    closing: defaultdict[int, list[int]] = defaultdict(list)
    for place, weights in enumerate(sums):
        closing[max(last[term] for term in weights)].append(place)
    tries = 0

    def choices(place: int) -> list[int]:
        true = numbers[order[place]]
        if place == 0:
            return [wanted]
        near = range(max(1, true - _REACH), true + _REACH + 1)
        return sorted(
            (each for each in near if may_be(order[place], each)), key=lambda each: (abs(each - true), each)
        )

    def go_on(chosen: dict[int, int]) -> Iterator[dict[int, int]]:
        nonlocal tries
        if len(chosen) == len(order):
            yield dict(chosen)
            return
        place = len(chosen)
        for number in choices(place):
            tries += 1
            if tries > _MOST_TRIES:
                return
            chosen[order[place]] = number
            if all(
                sum(w * chosen[t] for t, w in sums[each].items()) == needed[each] for each in closing[place]
            ):
                yield from go_on(chosen)
            del chosen[order[place]]

    yield from go_on({})
