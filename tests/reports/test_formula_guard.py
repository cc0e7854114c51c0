"""What a spreadsheet could take for a formula stands behind an apostrophe."""

from __future__ import annotations

import pytest

from reports.writers.formula_guard import guard_formula

BEGINNINGS = ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n"]
HIDDEN = [
    "",
    " ",
    "  ",
    "\x00",
    "\x1f",
    "\u00a0",
    "\u00ad",
    "\u200b",
    "\u2060",
    "\ufeff",
    "\u202e",
    "\u061c",
    " \u200d ",
]


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_formula_is_guarded_behind_whatever_is_not_seen(hidden: str, beginning: str) -> None:
    text = f"{hidden}{beginning}SUM(A1)"
    assert guard_formula(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["", "teks", "1=1", "a+b", "'=1", "Polis =1", "3-4", "e@mel.example", " teks", "\u200bteks"]
)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert guard_formula(text) == text
