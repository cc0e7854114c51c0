"""What a spreadsheet could take for a formula stands behind an apostrophe."""

from __future__ import annotations

import pytest

from tests.hostile import FORMULA_BEGINNINGS, FORMULA_VEILS
from ui.formulas import guard_formula, looks_like_formula


@pytest.mark.parametrize("hidden", FORMULA_VEILS)
@pytest.mark.parametrize("beginning", FORMULA_BEGINNINGS)
def test_formula_is_guarded_behind_whatever_is_not_seen(hidden: str, beginning: str) -> None:
    text = f"{hidden}{beginning}SUM(A1)"
    assert looks_like_formula(text)
    assert guard_formula(text) == f"'{text}"


@pytest.mark.parametrize(
    "text",
    ["", "teks", "1=1", "a+b", "'=1", "Polis =1", "3-4", "e@mel.example", " teks", "\u200bteks", "5 %"],
)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert not looks_like_formula(text)
    assert guard_formula(text) == text
