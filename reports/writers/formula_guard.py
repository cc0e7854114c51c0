"""Guards a table of text against spreadsheets that take a cell for a formula."""

from __future__ import annotations

import re

#: What begins a formula: also full-width, and also behind spaces and invisible characters, which some spreadsheets drop
#: before they look. A tab or a line end at the beginning is guarded as it is.
_FORMULA = re.compile(
    r"[\s\x00-\x20\xad\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]*[\t\r\n=+\-@＝＋－＠]"
)


def guard_formula(text: str) -> str:
    """Return the text, behind an apostrophe where a spreadsheet could take it for a formula.

    For formats whose cells have no type, such as CSV. A workbook marks its cells as text instead.
    """
    return f"'{text}" if _FORMULA.match(text) else text
