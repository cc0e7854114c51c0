"""What a spreadsheet could take for a formula stands behind an apostrophe."""

from __future__ import annotations

from tests.hostile import FORMULA_BEGINNINGS, FORMULA_VEILS
from ui.formulas import guard_formula, looks_like_formula


def test_formula_is_guarded_behind_whatever_is_not_seen() -> None:
    for beginning in FORMULA_BEGINNINGS:
        for hidden in FORMULA_VEILS:
            text = f"{hidden}{beginning}SUM(A1)"
            assert looks_like_formula(text), beginning
            assert guard_formula(text) == f"'{text}", beginning


def test_other_text_stays_as_it_is() -> None:
    for text in (
        "",
        "teks",
        "1=1",
        "a+b",
        "'=1",
        "Polis =1",
        "3-4",
        "e@mel.example",
        " teks",
        "\u200bteks",
        "5 %",
    ):
        assert not looks_like_formula(text), text
        assert guard_formula(text) == text, text
