"""Retired words stay away: from both catalogues, which hold the texts of pages, mails and documents, and from the guides."""

import pytest

from tracker.house import retired, words


def test_no_text_and_no_guide_has_a_retired_word() -> None:
    assert list(words.retired_words()) == []


@pytest.mark.parametrize(
    ("said", "instead"),
    [
        ("Send again by", "resubmit by"),
        ("What the summary holds stands here.", "is, appears, applies"),
        ("2 mails wait", "e-mail"),
        ("It is no date.", "is not a valid …"),
        ("Whoever opens a link", "the person who"),
    ],
)
def test_retired_english_is_found(said: str, instead: str) -> None:
    assert any(f"(say: {instead})" in found for found in retired.retired_in(said, retired.ENGLISH))


@pytest.mark.parametrize(
    "said",
    [
        "Hantar sebelum %(day)s, %(words)s.",
        "Perlu dihantar semula sebelum %(on)s",
        "Tetingkap penilaian",
        "Buang satu tapisan.",
        "Kedudukan pada %(day)s",
        "Draf disimpan sendiri.",
        "Rakan sejawat",
        "Sudah dibuat asal: tugasan ini telah ditamatkan.",
    ],
)
def test_retired_malay_is_found(said: str) -> None:
    assert list(retired.retired_in(said, retired.MALAY))


@pytest.mark.parametrize(
    ("said", "terms"),
    [
        ("Tapisan keselamatan anda hingga Sulit.", retired.MALAY),
        ("Pilih tarikh sebelum %(day)s.", retired.MALAY),
        ("Peristiwa, pada kedudukan 4, tidak lagi seperti yang ditulis.", retired.MALAY),
        ("%(days)s sebelum tempoh penilaian berakhir", retired.MALAY),
        ("%(name)s stands in until %(until)s", retired.ENGLISH),
        ("Send again by e-mail", retired.ENGLISH),
        ("The mail server cannot be reached.", retired.ENGLISH),
    ],
)
def test_same_word_stays_where_it_is_right(said: str, terms: tuple[retired.Retired, ...]) -> None:
    assert list(retired.retired_in(said, terms)) == []
