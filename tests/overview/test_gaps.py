"""The gap of a weakness, word by word: no more than the states say, and right in number in both languages."""

from __future__ import annotations

import pytest
from django.utils import translation

from overview.queries.gaps import GapState, gap_words, listed
from recommendations.states import Status

NONE, PROGRESS, DONE = Status.NONE.value, Status.PROGRESS.value, Status.DONE.value
#: The weakness's own status, its recommendations by number, its achievements, and the sentence.
Told = tuple[str, list[tuple[int, str]], int, str]


TOLD: list[Told] = [
    (
        NONE,
        [],
        0,
        "Neither a recommendation nor an achievement answers it; the weakness itself has no action.",
    ),
    (
        PROGRESS,
        [],
        1,
        "No recommendation answers it, only one published achievement; the weakness itself is in progress.",
    ),
    (
        DONE,
        [],
        3,
        "No recommendation answers it, only 3 published achievements; the weakness itself is completed.",
    ),
    (NONE, [(3, NONE)], 0, "The recommendation that answers it has no action; nor has the weakness itself."),
    (
        PROGRESS,
        [(3, DONE)],
        2,
        "The recommendation that answers it is completed; the weakness itself is in progress.",
    ),
    (
        DONE,
        [(3, PROGRESS), (7, PROGRESS)],
        0,
        "Both recommendations that answer it are in progress; the weakness itself is completed.",
    ),
    (
        NONE,
        [(3, NONE), (7, NONE)],
        0,
        "Neither of the two recommendations that answer it has any action; nor has the weakness itself.",
    ),
    (
        PROGRESS,
        [(3, NONE), (7, NONE), (8, NONE)],
        0,
        "None of the 3 recommendations that answer it has any action; the weakness itself is in progress.",
    ),
    (
        DONE,
        [(1, DONE), (2, DONE), (3, DONE)],
        0,
        "All 3 recommendations that answer it are completed; so is the weakness itself.",
    ),
    (
        PROGRESS,
        [(3, DONE), (5, DONE), (7, NONE)],
        0,
        "2 of 3 recommendations are completed, Recommendation 7 has no action; the weakness itself is in progress.",
    ),
    (
        NONE,
        [(3, DONE), (5, PROGRESS), (7, NONE), (8, NONE)],
        0,
        "1 of 4 recommendations is completed, Recommendation 5 is in progress, Recommendations 7 and 8 have no "
        "action; the weakness itself has no action.",
    ),
    (
        PROGRESS,
        [(1, PROGRESS), (2, NONE), (4, NONE), (6, NONE)],
        0,
        "1 of 4 recommendations is in progress, Recommendations 2, 4 and 6 have no action; the weakness itself is in "
        "progress.",
    ),
]


def words(told: Told, language: str) -> str:
    status, recommendations, achievements, _sentence = told
    standings = [GapState(number, each) for number, each in recommendations]
    with translation.override(language):
        return gap_words(status, standings, achievements_count=achievements)


@pytest.mark.parametrize("told", TOLD, ids=lambda told: told[3][:60])
def test_gap_is_told_in_words_that_the_states_bear(told: Told) -> None:
    assert words(told, "en") == told[3]


@pytest.mark.parametrize("told", TOLD, ids=lambda told: told[3][:60])
def test_gap_is_told_in_malay(told: Told) -> None:
    sentence = words(told, "ms")
    assert "kelemahan" in sentence and "%" not in sentence
    assert not {"recommendation", "weakness"} & set(sentence.lower().replace(";", " ").split())


def test_gap_names_every_recommendation_that_is_behind_in_malay() -> None:
    assert words(TOLD[10], "ms") == (
        "1 daripada 4 syor selesai, Syor 5 dalam tindakan, Syor 7 dan 8 tiada tindakan; kelemahan itu sendiri tiada "
        "tindakan."
    )


@pytest.mark.parametrize(
    ("numbers", "text"), [([4], "4"), ([4, 9], "4 and 9"), ([1, 4, 9, 12], "1, 4, 9 and 12")]
)
def test_numbers_are_listed_as_one_says_them(numbers: list[int], text: str) -> None:
    with translation.override("en"):
        assert listed(numbers) == text
