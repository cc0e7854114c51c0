"""Measures on sentences with marks how well identities are found.

Each sentence has marks where it names somebody. Every name and number in them is invented.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib import resources

from privacy.detector import find_identities
from privacy.kinds import Finding, IdentityKind

LANGUAGES = ("ms", "en")
#: The sentences to which patterns may be fitted, and those that are only ever measured.
SPLITS = ("tune", "held")
_MARK = re.compile(r"\{(\w+)\|([^}]*)\}")


@dataclass(frozen=True)
class Sentence:
    """A sentence, its language and split, and the identities in it."""

    language: str
    split: str
    text: str
    identities: tuple[Finding, ...]


@dataclass
class Score:
    """How many identities were found, missed, and seen where there are none."""

    found: int = 0
    missed: int = 0
    wrong: int = 0
    mistakes: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """The share of findings that are identities, 0 to 1; 1 where nothing was found."""
        return self.found / (self.found + self.wrong) if self.found + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """The share of identities that were found, 0 to 1; 1 where there are none."""
        return self.found / (self.found + self.missed) if self.found + self.missed else 1.0


def read_sentences() -> list[Sentence]:
    """Return all sentences, in the order of their files."""
    return [sentence for language in LANGUAGES for sentence in _read(language)]


def _read(language: str) -> Iterator[Sentence]:
    lines = resources.files("privacy").joinpath(f"data/sentences_{language}.txt").read_text("utf-8")
    for line in lines.splitlines():
        if line and not line.startswith("#"):
            split, marked = line.split(" ", 1)
            yield Sentence(language, split, *_without_marks(marked))


def _without_marks(marked: str) -> tuple[str, tuple[Finding, ...]]:
    text, identities, last = "", [], 0
    for mark in _MARK.finditer(marked):
        text += marked[last : mark.start()]
        start, last = len(text), mark.end()
        text += mark.group(2)
        identities.append(Finding(start, len(text), IdentityKind(mark.group(1))))
    return text + marked[last:], tuple(identities)


def measure(sentences: Iterable[Sentence]) -> dict[tuple[str, str, str], Score]:
    """Return a score by (split, language, kind); "all" stands for every kind, language and split.

    An identity counts as found if a finding of its kind covers exactly its characters: redacting leaves nothing of it
    and takes nothing else.
    """
    scores: dict[tuple[str, str, str], Score] = {}
    for sentence in sentences:
        expected, found = Counter(sentence.identities), Counter(find_identities(sentence.text))
        for identity in (expected | found).elements():
            outcome = _outcome(expected[identity], found[identity])
            for key in _keys(sentence, identity):
                score = scores.setdefault(key, Score())
                setattr(score, outcome, getattr(score, outcome) + 1)
                if outcome != "found" and "all" not in key:
                    part = sentence.text[identity.start : identity.end]
                    score.mistakes.append(f"{outcome} {identity.kind.value} “{part}” in: {sentence.text}")
    return scores


def _outcome(is_expected: int, is_found: int) -> str:
    if is_expected and is_found:
        return "found"
    return "missed" if is_expected else "wrong"


def _keys(sentence: Sentence, identity: Finding) -> Iterator[tuple[str, str, str]]:
    for split in (sentence.split, "all"):
        for language in (sentence.language, "all"):
            for kind in (identity.kind.value, "all"):
                yield split, language, kind
