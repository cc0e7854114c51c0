"""Hits are marked in a time that grows with the texts, whatever was written and asked."""

from __future__ import annotations

import time

import pytest

from search.queries import excerpts
from search.queries.excerpts import Marker
from search.question import Question, read_question

pytestmark = pytest.mark.django_db

LENGTH = 40_000
#: Seconds of the processor; each of these texts takes less than a twentieth of it, also on a busy machine.
BOUND = 10.0
PIECES = [
    "a",
    "ab",
    "siasa",
    "siasat",
    "polis",
    "po",
    "é",
    "1",
    "_",
    "polis\u0301",
    "polis é ",
    "a.b/",
    "polis.600/1",
]


def test_hits_in_a_long_text_take_little_time() -> None:
    for typed in ("penyiasatan polis", "polis* 600/1", "siasatan OR pelisan"):
        for piece in PIECES:
            question, text = read_question(typed), piece * (LENGTH // len(piece))
            began = time.process_time()
            marker = Marker(question, [text])
            assert "".join(marker.whole(text).pieces) == text, typed
            assert marker.excerpt(text), typed
            assert time.process_time() - began < BOUND, typed


def test_many_words_that_answer_take_little_time() -> None:
    texts = [" ".join(f"polis{place}x{number}" for number in range(500)) for place in range(40)]
    question = read_question("polis*")
    began = time.process_time()
    marker = Marker(question, texts)
    hits = [len(marker.whole(text).pieces) // 2 for text in texts]
    assert time.process_time() - began < BOUND
    assert hits == [500] * 40


@pytest.mark.parametrize(
    ("needles", "text", "words"),
    [
        (["siasat"], "Mensiasatkan dan siasatan; SIASAT_1", ["Mensiasatkan", "siasatan", "SIASAT_1"]),
        (["kdn.600/1"], "Rujukan xkdn.600/1a, kdn.600/1", ["xkdn.600/1a", "kdn.600/1"]),
        (["zz"], "Muḥammad pergi", ["Muḥammad"]),
        (["aa", "ab"], "aab-aab", ["aab", "aab"]),
    ],
)
def test_words_that_may_answer_are_whole(
    needles: list[str], text: str, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[set[str]] = []
    monkeypatch.setattr(Question, "needles", needles)
    monkeypatch.setattr(excerpts, "_answering", lambda found, _question: seen.append(found) or set())
    Marker(Question("x"), [text])
    assert seen == [set(words)]
