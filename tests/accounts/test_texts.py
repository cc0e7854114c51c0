"""Invisible characters: one set for names, lines and mails."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from accounts.texts import require_line
from audit.errors import BadValue
from ui.invisible_characters import visible_line, visible_text

#: Of Unicode's "formats": signs that are drawn, and marks of scripts that no name here is written in.
DRAWN = {*range(0x600, 0x606), 0x6DD, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD, *range(0x13430, 0x13440)}


def test_controls_formats_and_ends_of_lines_are_unseen() -> None:
    left = [
        hex(code)
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
        and code not in DRAWN
        and visible_text(chr(code)).strip()
    ]
    assert left == []


def test_breaks_become_spaces_and_the_rest_is_taken_out_or_refused() -> None:
    text = "Siti ‘Aisyah binti Ömer محمد தமிழ் 陈美玲 @ ½ é"
    assert visible_text(text) == visible_line(text) == require_line(text, most=99) == text
    assert visible_line(" Ami\u00adnah\u200b\r\n\u202eYu\u2060sof\x00\u2028 ") == "Aminah Yusof"
    for sign in ("\u200b", "\u200d", "\u200f", "\u2066", "\ufeff", "\u3164", "\ufe0f", "\U000e0041"):
        with pytest.raises(BadValue):
            require_line(f"Ami{sign}nah", most=99)
