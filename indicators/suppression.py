"""Which reported numbers of victims are not shown to everybody, so that no number from 1 to 4 can be computed (ADR 46).

Pure arithmetic on whole numbers. A hidden number is proved to be safe by example: from the true numbers the search makes
other numbers that fit everything shown, in which a number from 1 to 4 is 1 and another time 4, and any other one is not
what it is. Whatever fits everything shown can be excluded by nobody, with any arithmetic.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import Enum

from indicators.known_sums import MOST_SMALL, KnownSum, RecordedNumber, known_sums

#: The search for one example gives up after so many steps, and the number then counts as exposed.
_MOST_STEPS = 400

#: Holds a key that no figure has.
_NO_PROOF = frozenset({0})


class Hiding(Enum):
    """How a number is hidden: SMALL says that it is 1 to 4, WITHHELD nothing but that it is not 0."""

    SMALL = "small"
    WITHHELD = "withheld"


def hidden_numbers(numbers: Iterable[RecordedNumber], *, is_summed: bool) -> dict[int, Hiding]:
    """Return which numbers of one indicator are hidden, and how, by figure.

    `numbers` are all that ever were recorded, also what was replaced: whoever read a page once may remember it. Give whole
    years and windows: which number is hidden depends on all that sum with it. `is_summed` says that months add up.
    """
    known = {number.figure_id: number for number in numbers}
    sums = known_sums(known.values(), is_summed=is_summed)
    sums_of: defaultdict[int, list[KnownSum]] = defaultdict(list)
    for each in sums:
        sums_of[min(each.weights)].append(each)
    hidden: dict[int, Hiding] = {}
    for group in _connected(known, sums):
        if any(number.is_small for number in group.values()):
            hidden |= _Hider(group, [each for figure_id in group for each in sums_of[figure_id]]).run()
    return hidden


def _connected(
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


class _Hider:
    """Hides numbers of one group in the order in which they were recorded.

    What was shown before a later number came may have been read: of the numbers that can protect another, those that come
    with it are hidden first, then the smallest.
    """

    def __init__(self, numbers: Mapping[int, RecordedNumber], sums: Sequence[KnownSum]) -> None:
        self.numbers = numbers
        self.sums = sums
        self.known: list[KnownSum] = []
        self.sums_of: defaultdict[int, list[int]] = defaultdict(list)
        self.hidden: dict[int, Hiding] = {}
        #: By hidden number, what the examples change that prove it safe.
        self.proofs: dict[int, set[int]] = {}
        #: Exposed numbers for which nothing more can be hidden: their sums were never right.
        self.resigned: set[int] = set()

    def run(self) -> dict[int, Hiding]:
        """Return what is hidden after the last number was recorded."""
        for instant in sorted({number.recorded_at for number in self.numbers.values()}):
            self._learn(instant)
            self._protect(instant)
        return self.hidden

    def _learn(self, instant: datetime) -> None:
        """Take in the sums and the small numbers of an instant."""
        for each in self.sums:
            if each.known_from == instant:
                for figure_id in each.weights:
                    self.sums_of[figure_id].append(len(self.known))
                self.known.append(each)
                self.proofs.clear()
        for figure_id, number in self.numbers.items():
            if number.is_small and number.recorded_at == instant:
                # "Less than 5" of a whole would bound each of its parts below 4.
                is_whole = any(
                    self._adds_up(figure_id, self.known[place]) for place in self.sums_of[figure_id]
                )
                self.hidden[figure_id] = Hiding.WITHHELD if is_whole else Hiding.SMALL

    def _adds_up(self, figure_id: int, known: KnownSum) -> bool:
        """Whether a number is the sum of two or more that are not 0."""
        parts = known.parts_of(figure_id)
        return known.weights[figure_id] == 1 and sum(self.numbers[part].number > 0 for part in parts) > 1

    def _protect(self, instant: datetime) -> None:
        """Hide further numbers until none is exposed, then show again those that are not needed."""
        added: list[int] = []
        while (exposed := self._first_exposed()) is not None:
            further = self._further(exposed, instant)
            if further is not None:
                self.hidden[further] = Hiding.WITHHELD
                added.append(further)
            elif not self._forget_wrong(exposed) and not self._say_less(exposed):
                self.resigned.add(exposed)
        for figure_id in reversed(added):
            del self.hidden[figure_id]
            if self._first_exposed() is not None:
                self.hidden[figure_id] = Hiding.WITHHELD

    def _first_exposed(self) -> int | None:
        """Return the first hidden number that can be computed."""
        for figure_id in sorted(self.hidden.keys() - self.resigned):
            # An example serves for as long as all that it changes is hidden.
            if self.hidden.keys() >= self.proofs.get(figure_id, _NO_PROOF):
                continue
            changed = self._changed_by_examples(figure_id)
            if changed is None:
                return figure_id
            self.proofs[figure_id] = changed
        return None

    def _further(self, exposed: int, instant: datetime) -> int | None:
        """Return the number to hide next for an exposed one; None where nothing is left."""
        best: tuple[bool, int, bool, int, int] | None = None
        for place in self._hidden_sums(exposed):
            terms = self.known[place].weights
            hidden_count = sum(term in self.hidden for term in terms)
            for term in terms:
                number = self.numbers[term]
                if term in self.hidden or number.is_printed or not number.number:
                    continue
                rank = (number.recorded_at < instant, hidden_count, not number.values, number.number, term)
                best = min(best, rank) if best else rank
        return best[-1] if best else None

    def _hidden_sums(self, figure_id: int) -> set[int]:
        """Return the sums to which hidden numbers lead from one of them."""
        places: set[int] = set()
        seen, waiting = {figure_id}, [figure_id]
        while waiting:
            for place in set(self.sums_of[waiting.pop()]) - places:
                places.add(place)
                further = (self.known[place].weights.keys() & self.hidden.keys()) - seen
                seen |= further
                waiting += further
        return places

    def _forget_wrong(self, exposed: int) -> bool:
        """Leave out the sums around an exposed number that do not add up; return whether there were any.

        Nobody can rely on them, and as if their errors were known they would leave nothing to hide behind.
        """
        wrong = {place for place in self._hidden_sums(exposed) if self._error_of(self.known[place])}
        for place in wrong:
            for term in self.known[place].weights:
                self.sums_of[term].remove(place)
        return bool(wrong)

    def _error_of(self, known: KnownSum) -> int:
        return sum(weight * self.numbers[term].number for term, weight in known.weights.items())

    def _say_less(self, exposed: int) -> bool:
        """Withhold also that the numbers which bound an exposed one are small; return whether any were said to be."""
        places = self._hidden_sums(exposed)
        small = [
            term
            for term in {term for place in places for term in self.known[place].weights} | {exposed}
            if self.hidden.get(term) == Hiding.SMALL
        ]
        for term in small:
            self.hidden[term] = Hiding.WITHHELD
        return bool(small)

    def _changed_by_examples(self, figure_id: int) -> set[int] | None:
        """Return what the examples change which show that nobody can compute a number; None where none are found."""
        true = self.numbers[figure_id].number
        if self.hidden[figure_id] == Hiding.WITHHELD:
            others = (true + step for step in (1, -1) if self.may_be(figure_id, true + step))
            return next((found for each in others if (found := self._changed_by(figure_id, each))), None)
        high, low = (self._changed_by(figure_id, end) for end in (MOST_SMALL, 1))
        return None if high is None or low is None else high | low

    def _changed_by(self, figure_id: int, wanted: int) -> set[int] | None:
        """Return what an example changes in which one number is what is wanted, and all fits what is shown."""
        example = {each: self.numbers[each].number for each in self.hidden}
        step = 1 if wanted > example[figure_id] else -1
        changed = {figure_id}
        while example[figure_id] != wanted:
            search = _Step(self, example)
            if not search.found(figure_id, step):
                return None
            changed |= search.changes.keys()
            for each, change in search.changes.items():
                example[each] += change
        return changed

    def may_be(self, figure_id: int, number: int) -> bool:
        """Whether a reader who knows the method takes a hidden number to be possible."""
        if self.hidden[figure_id] == Hiding.SMALL:
            return 1 <= number <= MOST_SMALL
        # What is withheld beside a small number is none itself.
        return number > (0 if self.numbers[figure_id].is_small else MOST_SMALL)


class _Step:
    """Looks for a change of hidden numbers by 1 each that keeps all known sums."""

    def __init__(self, hider: _Hider, example: Mapping[int, int]) -> None:
        self.hider = hider
        self.example = example
        self.changes: dict[int, int] = {}
        self.unbalanced: dict[int, int] = {}
        self.steps_left = _MOST_STEPS

    def found(self, figure_id: int, change: int) -> bool:
        """Whether the change of one number can be made good; `changes` are all that it takes then."""
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
        weights = self.hider.known[place].weights
        sign = -1 if self.unbalanced[place] > 0 else 1
        ways = [
            (term, sign * weight) for term, weight in weights.items() if self._is_free(term, sign * weight)
        ]
        return sorted(ways, key=lambda way: (self._disturbed(*way), way))

    def _is_free(self, figure_id: int, change: int) -> bool:
        return (
            figure_id in self.example
            and figure_id not in self.changes
            and self.hider.may_be(figure_id, self.example[figure_id] + change)
        )

    def _disturbed(self, figure_id: int, change: int) -> int:
        """Return how many sums more would be unbalanced by a change."""
        moved = 0
        for place in self.hider.sums_of[figure_id]:
            before = self.unbalanced.get(place, 0)
            after = before + self.hider.known[place].weights[figure_id] * change
            moved += abs(after) - abs(before)
        return moved

    def _put(self, figure_id: int, change: int) -> None:
        self.changes[figure_id] = change
        for place in self.hider.sums_of[figure_id]:
            left = self.unbalanced.get(place, 0) + self.hider.known[place].weights[figure_id] * change
            if left:
                self.unbalanced[place] = left
            else:
                self.unbalanced.pop(place, None)
