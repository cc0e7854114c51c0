"""Counts in words and figures, as official papers of Malaysia write them."""

from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from ui.number_words import count_words


def test_counts_are_said_in_words_and_figures() -> None:
    for count, malay, english in (
        (0, "kosong", "zero"),
        (1, "satu", "one"),
        (7, "tujuh", "seven"),
        (10, "sepuluh", "ten"),
        (11, "sebelas", "eleven"),
        (12, "dua belas", "twelve"),
        (19, "sembilan belas", "nineteen"),
        (20, "dua puluh", "twenty"),
        (21, "dua puluh satu", "twenty-one"),
        (76, "tujuh puluh enam", "seventy-six"),
        (100, "seratus", "one hundred"),
        (101, "seratus satu", "one hundred and one"),
        (110, "seratus sepuluh", "one hundred and ten"),
        (111, "seratus sebelas", "one hundred and eleven"),
        (342, "tiga ratus empat puluh dua", "three hundred and forty-two"),
        (999, "sembilan ratus sembilan puluh sembilan", "nine hundred and ninety-nine"),
        (1_000, "seribu", "one thousand"),
        (1_217, "seribu dua ratus tujuh belas", "one thousand two hundred and seventeen"),
        (2_005, "dua ribu lima", "two thousand and five"),
        (100_000, "seratus ribu", "one hundred thousand"),
    ):
        figures = f"{count:,}"
        assert count_words(count, language="ms") == f"{malay} ({figures})", count
        assert count_words(count, language="en") == f"{english} ({figures})", count


def test_active_language_counts_and_millions_are_figures() -> None:
    with override("en"):
        assert count_words(3) == "three (3)"
    with override("ms"):
        assert count_words(3) == "tiga (3)"
    assert count_words(2_100_000, language="ms") == "2,100,000"


@given(st.integers(0, 999_999), st.integers(0, 999_999))
def test_no_two_counts_are_said_alike(first: int, second: int) -> None:
    for language in ("ms", "en"):
        words = [count_words(each, language=language).rpartition(" (")[0] for each in (first, second)]
        assert (words[0] == words[1]) == (first == second)
