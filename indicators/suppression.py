"""Which reported numbers of victims are not shown to everybody, so that no number from 1 to 4 can be computed.

Pure arithmetic on whole numbers (ADR 13). Two things keep a number:

- What is hidden beside it is chosen without looking at numbers, only at which are 0, which are from 1 to 4, and which are more,
  and at what everybody can compute. So nobody who knows the method learns anything from the choice.
- Examples prove it safe: from the true numbers a search makes other numbers that fit everything shown, in which it is 1 and
  another time 4. Whatever fits everything shown can be excluded by nobody, with any arithmetic.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import Enum
from itertools import islice

from indicators.hidden_examples import changed_by, other_numbers
from indicators.known_sums import MOST_SMALL, KnownSum, RecordedNumber, connected, known_sums, with_remainders

#: Of so many numbers that fit what is shown, one must be hidden alike, else more is hidden.
_MOST_CANDIDATES = 24

#: Of more numbers that hidden sums join, labels are not dropped: the numbers around the exposed one are hidden at once.
_MOST_UNLABELLED = 10

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
    for group in connected(known, sums):
        hidden |= _hidden_of(group, [each for figure_id in group for each in sums_of[figure_id]])
    return hidden


def _hidden_of(group: Mapping[int, RecordedNumber], sums: Sequence[KnownSum]) -> dict[int, Hiding]:
    """Return what is hidden of numbers that sums join."""
    hider = _Hider(group, sums)
    hidden = hider.run()
    for exposed in hider.unproved_small():
        if not (hider.is_narrow(exposed) and _is_hidden_alike(exposed, hider, group, sums, hidden)):
            hider.widen(exposed)
    return hider.shown_as()


def _is_hidden_alike(
    exposed: int,
    hider: _Hider,
    group: Mapping[int, RecordedNumber],
    sums: Sequence[KnownSum],
    hidden: Mapping[int, Hiding],
) -> bool:
    """Whether a small number could be 1 and could be 4, with numbers of which the same would be hidden.

    Where labels were dropped, other numbers may be the small ones. Numbers that would be hidden otherwise are none that a
    reader has to reckon with.
    """
    return all(
        any(
            _Hider(
                {key: replace(number, number=other.get(key, number.number)) for key, number in group.items()},
                sums,
            ).run()
            == hidden
            for other in islice(hider.candidates(exposed, wanted), _MOST_CANDIDATES)
        )
        for wanted in (1, MOST_SMALL)
        if wanted != hider.numbers[exposed].number
    )


class _Hider:
    """Hides numbers of one group in the order in which they were recorded.

    What was shown before a later number came may have been read: of the numbers that can protect another, those that come
    with it are hidden first. Numbers below 0 in `numbers` are what wholes leave beside their parts; no page shows them.
    """

    def __init__(self, numbers: Mapping[int, RecordedNumber], sums: Sequence[KnownSum]) -> None:
        self.numbers, self.sums = with_remainders(numbers, sums)
        self.known: list[KnownSum] = []
        self.sums_of: defaultdict[int, list[int]] = defaultdict(list)
        self.hidden: dict[int, Hiding] = {}
        #: Hidden numbers that no longer say whether they are small.
        self.unlabelled: set[int] = set()
        #: By hidden number, what can change together with it.
        self.proofs: dict[int, set[int]] = {}
        #: By hidden number, what the examples change that prove it safe.
        self.examples: dict[int, set[int]] = {}
        #: Exposed numbers for which nothing more can be hidden: their sums were never right.
        self.resigned: set[int] = set()

    def run(self) -> dict[int, Hiding]:
        """Return what is hidden after the last number was recorded."""
        if any(number.is_small for number in self.numbers.values()):
            for instant in sorted({number.recorded_at for number in self.numbers.values()}):
                self._learn(instant)
                self._protect(instant)
                self._drop_labels()
        return self.shown_as()

    def shown_as(self) -> dict[int, Hiding]:
        """Return the hidden figures, and what is said of each."""
        return {
            each: Hiding.WITHHELD if each in self.unlabelled else hiding
            for each, hiding in self.hidden.items()
            if each > 0
        }

    def unproved_small(self) -> list[int]:
        """Return the small numbers that examples alone do not prove safe."""
        return sorted(
            each for each in self._small() if each in self.unlabelled or (each < 0 and self.is_narrow(each))
        )

    def _small(self) -> set[int]:
        """Return the small numbers that can be protected; what is hidden beside them needs no protection itself."""
        return {each for each in self.hidden.keys() - self.resigned if self.numbers[each].is_small}

    def candidates(self, figure_id: int, wanted: int) -> Iterator[dict[int, int]]:
        """Yield numbers that give the same sums, in which one is what is wanted, by figure."""
        may_change, sums = self._around(figure_id)
        numbers = {each: self.numbers[each].number for each in may_change}
        return other_numbers(numbers, sums, figure_id=figure_id, wanted=wanted, may_be=self._may_be)

    def widen(self, exposed: int) -> None:
        """Hide all numbers but 0 of the sums around a number, and say of none whether it is small."""
        for place in self._near_sums(exposed):
            for term in self.known[place].weights:
                if self._can_be_hidden(term):
                    self.hidden[term] = Hiding.WITHHELD
                    self.unlabelled.add(term)
        self._protect(max(number.recorded_at for number in self.numbers.values()))
        self._drop_labels_beside()

    def _near_sums(self, exposed: int) -> set[int]:
        """Return the sums around a number: all that hidden numbers join, or if these are many, those of its period."""
        if self.is_narrow(exposed):
            return self._hidden_sums(exposed)
        own = set(self.sums_of[exposed])
        period = self.numbers[exposed].period
        return {
            place
            for place in own
            if {self.numbers[term].period for term in self.known[place].weights} == {period}
        } or own

    def is_narrow(self, exposed: int) -> bool:
        """Whether few enough hidden numbers are joined with one to try other numbers for all of them."""
        return len(self._around(exposed)[0]) <= _MOST_UNLABELLED

    def _learn(self, instant: datetime) -> None:
        """Take in the sums and the small numbers of an instant."""
        new = [each for each in self.sums if each.known_from == instant]
        for each in new:
            for figure_id in each.weights:
                self.sums_of[figure_id].append(len(self.known))
            self.known.append(each)
        if new:
            self.proofs.clear()
            self.examples.clear()
        for figure_id, number in self.numbers.items():
            if number.is_small and number.recorded_at == instant:
                # "Less than 5" of a whole would bound each of its parts below 4.
                is_whole = any(self._parts(figure_id, self.known[place]) for place in self.sums_of[figure_id])
                self.hidden[figure_id] = Hiding.WITHHELD if is_whole else Hiding.SMALL
        self._hide_wholes_of_small_parts(new)

    def _hide_wholes_of_small_parts(self, sums: Iterable[KnownSum]) -> None:
        """Hide a whole whose parts are all small, whether it is small itself or not: else the difference would show."""
        for each in sums:
            for whole in each.weights.keys() - self.hidden.keys():
                if self._can_be_hidden(whole) and self._has_small_parts_alone(whole, each):
                    self.hidden[whole] = Hiding.WITHHELD

    def _parts(self, whole: int, known: KnownSum) -> list[int]:
        """Return the parts of a whole that are not 0, where there are several."""
        others = [term for term in known.weights if term != whole and self.numbers[term].number]
        is_whole = known.weights[whole] == 1 and all(known.weights[term] == -1 for term in others)
        return others if is_whole and len(others) > 1 else []

    def _has_small_parts_alone(self, whole: int, known: KnownSum) -> bool:
        parts = self._parts(whole, known)
        return bool(parts) and all(self.numbers[part].is_small for part in parts)

    def _can_be_hidden(self, figure_id: int) -> bool:
        number = self.numbers[figure_id]
        return figure_id > 0 and not number.is_printed and number.number > 0

    def _protect(self, instant: datetime) -> None:
        """Hide further numbers until none can be computed, then show again those that are not needed."""
        added: list[int] = []
        while (exposed := self._first_exposed()) is not None:
            if pair := self._pair_of(exposed, instant):
                self.hidden |= dict.fromkeys(pair, Hiding.WITHHELD)
                self.unlabelled |= pair
            elif (further := self._further(exposed, instant)) is not None:
                self.hidden[further] = Hiding.WITHHELD
                added.append(further)
            elif self.hidden[exposed] == Hiding.SMALL:
                # Small numbers that only move together, such as a cell and its revision, protect each other without labels.
                self.hidden[exposed] = Hiding.WITHHELD
                self.unlabelled |= self._around(exposed)[0]
            elif not self._forget_wrong(exposed):
                self.resigned.add(exposed)
        # What was shown before protects nobody from who read it: then all that came with the number stays hidden.
        is_read = any(self.numbers[each].recorded_at < instant for each in added)
        for figure_id in reversed(added):
            if is_read and self.numbers[figure_id].recorded_at >= instant:
                continue
            del self.hidden[figure_id]
            if self._first_exposed() is not None:
                self.hidden[figure_id] = Hiding.WITHHELD

    def _pair_of(self, exposed: int, instant: datetime) -> set[int]:
        """Return an exposed number and the other small one, where these two keep each other; nothing where they do not.

        They are the last two parts of a sum that is right, and everybody can compute that together they are 6 to 8. Had
        only one of them been small, the same two would be hidden, and neither would say which it is.
        """
        places = self._hidden_sums(exposed)
        known = self.known[min(places)] if len(places) == 1 else None
        if known is None or self._error_of(known):
            return set()
        came = [term for term, weight in known.weights.items() if weight == -1 and self._can_be_hidden(term)]
        pair = set(sorted(term for term in came if self.numbers[term].recorded_at == instant)[-2:])
        are_alone = pair == known.weights.keys() & self.hidden.keys()
        together = sum(self.numbers[term].number for term in pair)
        return pair if are_alone and MOST_SMALL + 2 <= together <= 2 * MOST_SMALL else set()

    def _first_exposed(self) -> int | None:
        """Return the first small number that is fixed by what is shown, whatever it is."""
        for figure_id in sorted(self._small()):
            # A change serves for as long as all that it changes is hidden.
            if self.hidden.keys() >= self.proofs.get(figure_id, _NO_PROOF):
                continue
            changed = self._moved_with(figure_id)
            if changed is None:
                return figure_id
            self.proofs[figure_id] = changed
        return None

    def _moved_with(self, figure_id: int) -> set[int] | None:
        """Return what can change by 1 together with a number, whatever the numbers are; None where nothing can.

        A small number is kept by numbers that are not small, as if everybody knew all other small ones.
        """
        may_change, sums = self._around(figure_id)
        if self.hidden[figure_id] == Hiding.SMALL:
            alike = self._same_as(figure_id)
            may_change = {
                each for each in may_change if each in alike or self.hidden[each] == Hiding.WITHHELD
            }
        numbers = {each: self.numbers[each].number for weights in sums for each in weights} | {figure_id: 0}
        return changed_by(
            numbers,
            sums,
            figure_id=figure_id,
            wanted=numbers[figure_id] + 1,
            may_be=lambda each, _number: each in may_change,
        )

    def _same_as(self, figure_id: int) -> set[int]:
        """Return the numbers that are the same as one because all else in a sum is 0, and it."""
        same, waiting = {figure_id}, [figure_id]
        while waiting:
            for place in self.sums_of[waiting.pop()]:
                terms = {term for term in self.known[place].weights if self.numbers[term].number}
                if len(terms) == 2:
                    waiting += terms - same
                    same |= terms
        return same

    def _around(self, figure_id: int) -> tuple[set[int], list[dict[int, int]]]:
        """Return the hidden numbers around one that may change with it, and their weights in the sums that join them.

        What wholes leave beside their parts counts as known, but for the number in question.
        """
        may_change = {figure_id}
        sums = []
        for place in sorted(self._hidden_sums(figure_id)):
            weights = {
                term: weight
                for term, weight in self.known[place].weights.items()
                if term == figure_id or (term > 0 and term in self.hidden)
            }
            may_change |= weights.keys()
            sums.append(weights)
        return may_change, sums

    def _further(self, exposed: int, instant: datetime) -> int | None:
        """Return the number to hide next for an exposed one; None where nothing is left. It asks for no number."""
        best: tuple[bool, int, bool, int] | None = None
        for place in self._hidden_sums(exposed):
            terms = self.known[place].weights
            hidden_count = sum(term in self.hidden for term in terms)
            for term in terms:
                if term in self.hidden or not self._can_be_hidden(term):
                    continue
                number = self.numbers[term]
                rank = (number.recorded_at < instant, hidden_count, terms[term] == 1, -term)
                best = min(best, rank) if best else rank
        return -best[-1] if best else None

    def _hidden_sums(self, *figure_ids: int) -> set[int]:
        """Return the sums to which hidden numbers lead from some of them."""
        places: set[int] = set()
        seen, waiting = {*figure_ids}, [*figure_ids]
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
        return sum(weight * self.numbers[term].number for term, weight in known.weights.items() if term > 0)

    def _drop_labels(self) -> None:
        """Where a reader could compute a number from what is small and what is not, say of no number which it is."""
        for figure_id in sorted(self._small() - self.unlabelled):
            if self.hidden.keys() >= self.examples.get(figure_id, _NO_PROOF):
                continue
            changed = self._changed_by_examples(figure_id)
            if changed is not None:
                self.examples[figure_id] = changed
                continue
            if self.is_narrow(figure_id):
                self.unlabelled |= self._around(figure_id)[0]
            else:
                self.widen(figure_id)
        self._drop_labels_beside()

    def _drop_labels_beside(self) -> None:
        """Say of no number whether it is small that sums join with one without a label: its label would tell of both."""
        for place in self._hidden_sums(*self.unlabelled):
            self.unlabelled |= self.known[place].weights.keys() & self.hidden.keys()

    def _changed_by_examples(self, figure_id: int) -> set[int] | None:
        """Return what the examples change which show that nobody can compute a number; None where none are found."""
        true = self.numbers[figure_id].number
        if self.hidden[figure_id] == Hiding.WITHHELD:
            found = (self._changed_by(figure_id, true + step) for step in (1, -1))
            return next((each for each in found if each is not None), None)
        high, low = (self._changed_by(figure_id, end) for end in (MOST_SMALL, 1))
        return None if high is None or low is None else high | low

    def _changed_by(self, figure_id: int, wanted: int) -> set[int] | None:
        """Return what an example changes in which one number is what is wanted, and all fits what is shown."""
        may_change, sums = self._around(figure_id)
        numbers = {each: self.numbers[each].number for each in may_change}
        return changed_by(numbers, sums, figure_id=figure_id, wanted=wanted, may_be=self._may_be)

    def _may_be(self, figure_id: int, number: int) -> bool:
        """Whether a reader who knows the method takes a hidden number to be possible."""
        if figure_id in self.unlabelled:
            return number > 0
        if self.hidden[figure_id] == Hiding.SMALL:
            return 0 < number <= MOST_SMALL
        # What is withheld beside a small number is none itself; a whole of small ones may be.
        is_whole = any(
            self._has_small_parts_alone(figure_id, self.known[place]) for place in self.sums_of[figure_id]
        )
        return number > (0 if is_whole or self.numbers[figure_id].is_small else MOST_SMALL)
