"""Two texts are compared in a time that grows with their length, whatever they hold: by counting, not by the clock."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest

from ui import diff
from ui.diff import changed_words

LENGTHS = (5_000, pytest.param(40_000, marks=pytest.mark.long))


def _hostile(length: int) -> Iterator[tuple[str, str]]:
    random = Random(3)
    words = [f"x{number:x}" for number in range(length // 4)]
    shuffled = random.sample(words, len(words))
    yield "aku " * (length // 4), "aku " * (length // 4 - 1) + "z"
    yield "z " + "aku " * (length // 4), "aku " * (length // 4) + " z"
    yield "aa bb " * (length // 6), "bb aa " * (length // 6)
    yield " ".join(words), " ".join(f"y{word}" for word in words)
    yield " ".join(words), " ".join(reversed(words))
    yield " ".join(words), " ".join(shuffled)
    yield "." * length, "-" + "." * (length - 1)
    yield ".-" * (length // 2), "-." * (length // 2)
    yield "a" * length, "b" * length
    yield "a\u0301" * (length // 2), "\u0301" * length
    yield "a" + " " * length + "b", "c" + "\n" * length + "d"
    yield "1." * (length // 2), "1," * (length // 2) + "!"
    yield "1.1" * (length // 3) + "..", "1.1." * (length // 4)
    yield "\u200b\u202e" * (length // 2), "\u202e\u200b" * (length // 2)
    yield "😀" * length, "👩‍⚖️" * (length // 4)
    for kinds in (2, 3, 10, 30, 100):
        yield tuple(" ".join(random.choices(words[:kinds], k=length // 4)) for _text in "ab")  # type: ignore[misc]
    # Passages as long as are still compared by pairs, between words that occur once.
    yield tuple(
        " ".join(f"u{place} " + " ".join(random.choices("ab", k=29)) for place in range(length // 60))
        for _text in "ab"
    )  # type: ignore[misc]


class CountedWord(str):
    """A word that counts how often it is compared with another."""

    __slots__ = ()
    compared = 0

    def __eq__(self, other: object) -> bool:
        CountedWord.compared += 1
        return str.__eq__(self, str(other))

    __hash__ = str.__hash__


def _counted(text: str) -> list[str]:
    return [CountedWord(word) for word in diff._words(diff._PIECES.findall(text))]


@pytest.mark.parametrize("length", LENGTHS)
def test_words_are_compared_a_few_times_each(length: int) -> None:
    for old_text, new_text in _hostile(length):
        old, new = _counted(old_text), _counted(new_text)
        CountedWord.compared = 0
        assert len(diff._changes(old, new)) == len(new)
        assert CountedWord.compared <= 4 * diff._ALL_PAIRS + 30 * (len(old) + len(new)), old_text[:40]


@pytest.mark.parametrize("length", LENGTHS)
def test_passages_compared_by_pairs_are_bounded(length: int, monkeypatch: pytest.MonkeyPatch) -> None:
    pairs: list[int] = []

    class Recorded(diff.SequenceMatcher[str]):
        def __init__(self, a: list[str], b: list[str], autojunk: bool) -> None:
            pairs.append(len(a) * len(b))
            super().__init__(a=a, b=b, autojunk=autojunk)

    monkeypatch.setattr(diff, "SequenceMatcher", Recorded)
    compared = 0
    for old, new in _hostile(length):
        pairs.clear()
        assert "".join(text for text, _is_changed in changed_words(old, new)) == new
        assert sum(pairs) <= diff._ALL_PAIRS and max(pairs, default=0) <= diff._PASSAGE_PAIRS
        compared += sum(pairs)
    assert compared > 0
