"""Numbers, sizes, initials, hashes and what changed in a text."""

import re
from decimal import Decimal
from random import Random
from time import process_time

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from ui import numbers
from ui.diff import changed_words


def render(source: str, **values: object) -> str:
    return Template("{% load ui %}" + source).render(Context(values))


def test_write_file_size_by_its_magnitude() -> None:
    for size_bytes, words in (
        (None, ""),
        (12, "12 B"),
        (190_464, "186 KB"),
        (4_404_019, "4.2 MB"),
        (25 * 1024 * 1024, "25 MB"),
        (1024 * 1024 - 1, "1 MB"),
        (4 * 1024**3, "4 GB"),
        (1024**3 - 1, "1 GB"),
        (1500 * 1024**2, "1.5 GB"),
    ):
        assert numbers.file_size(size_bytes).replace("\u00a0", " ") == words, size_bytes


def test_write_numbers_initials_and_a_short_hash() -> None:
    assert render("{{ 53042|number }} {{ 60|percent }} [{{ none|number }}]", none=None) == "53,042 60% []"
    assert render(
        "{{ a|initials }} {{ b|initials }} {{ c|initials }}", a="Siti binti Omar", b="Admin", c=""
    ) == ("SO A ")
    assert render("{{ digest|short_hash }}", digest="9f2c41ab" + "0" * 52 + "e07d") == "9f2c 41ab … e07d"


def test_write_numbers_of_a_column_with_as_many_digits_after_the_point() -> None:
    assert [numbers.tenths(value) for value in (5, 4.8, Decimal("1234.50"))] == ["5.0", "4.8", "1,234.5"]


def test_changed_words_join_to_the_new_text() -> None:
    old = "Latihan diadakan di 4 daripada 11 pejabat negeri. Seramai 96 pegawai hadir."
    new = "Latihan diadakan di 9 daripada 11 pejabat negeri dan kampung. Seramai 214  pegawai hadir."
    stretches = changed_words(old, new)
    assert "".join(text for text, _changed in stretches) == new
    assert [text for text, is_changed in stretches if is_changed] == ["9", "dan kampung", "214"]


def test_changed_words_marks_what_is_new() -> None:
    for old, new, changed in (
        ("a b c d", "a c d", []),
        ("a b c d", "a x b c y d", ["x", "y"]),
        ("dan dan dan satu dan", "dan dan dua dan dan", ["dua"]),
        ("Satu. Dua. Tiga.", "Tiga. Satu. Dua.", ["Tiga."]),
        ("", "Baharu sahaja", ["Baharu sahaja"]),
        ("Lama sahaja", "", []),
    ):
        assert [text.strip() for text, is_changed in changed_words(old, new) if is_changed] == changed, old


@given(st.text("ab. ", max_size=60), st.text("ab. ", max_size=60))
def test_changed_words_lose_no_sign_and_mark_only_what_is_new(old: str, new: str) -> None:
    stretches = changed_words(old, new)
    assert "".join(text for text, _is_changed in stretches) == new
    kept = iter(_pieces(old))
    assert all(piece in kept for text, is_changed in stretches if not is_changed for piece in _pieces(text))


def _pieces(text: str) -> list[str]:
    return re.findall(r"\w+(?:[.,]\w+)*|[^\w\s]", text)


@pytest.mark.parametrize(
    "signs", [".,", "!#$%&()*+,-./:;<=>?@[]^`{|}~", "".join(map(chr, range(0x2500, 0x25C8)))]
)
def test_changed_words_of_texts_that_repeat_few_signs_end_soon(signs: str) -> None:
    """Difflib alone compares such texts for a minute; the page of a review has a tenth of a second for it."""
    random = Random(7)
    old, new = ("".join(random.choice(signs) for _sign in range(5_000)) for _text in range(2))
    began = process_time()
    assert "".join(text for text, _is_changed in changed_words(old, new)) == new
    assert process_time() - began < 10


def test_changed_words_of_equal_texts_are_none() -> None:
    assert changed_words("Sama sahaja.", "Sama sahaja.") == [("Sama sahaja.", False)]
    assert changed_words("", "") == []


def test_changed_words_escape_what_was_typed() -> None:
    assert render("{% changed_words old new %}", old="a", new="a <b>") == (
        'a <ins class="changed">&lt;b&gt;</ins>'
    )


def test_read_whole_numbers_in_plain_digits_alone() -> None:
    for text, number in (
        ("0", 0),
        ("42", 42),
        ("9" * 18, 10**18 - 1),
        ("9" * 19, None),
        ("", None),
        ("-4", None),
        ("٤", None),
    ):
        assert numbers.whole_number(text) == number, text
