"""Keep texts in tables of text from being taken for formulas by spreadsheets.

Every writer of cells asks here: CSV by `guard_formula`, workbooks, whose cells are marked as text anyway, by
`looks_like_formula`.
"""

import re

from ui.invisible_characters import UNSEEN_SIGNS

#: What spreadsheets run, convert, or hand to other programs, in all widths and shapes of the sign.
_SIGNS = r"=+\-@|%\u207a\u207b\u207c\u208a\u208b\u208c\u2212\ufe62\ufe63\ufe66\ufe6a\ufe6b\uff05\uff0b\uff0d\uff1d\uff20\uff5c"
#: What some spreadsheets drop before they look: spaces, marks that join the next sign, and what cannot be seen.
_DROPPED = rf"\s\x00-\x20\u0300-\u036f{UNSEEN_SIGNS}"
#: A tab or a line end at the beginning is guarded as it is: it moves what follows into another cell.
_FORMULA = re.compile(rf"[{_DROPPED}]*[\t\r\n{_SIGNS}]")


def looks_like_formula(text: str) -> bool:
    """Return whether a spreadsheet could take the text for a formula."""
    return _FORMULA.match(text) is not None


def guard_formula(text: str) -> str:
    """Return the text, behind an apostrophe where a spreadsheet could take it for a formula.

    For formats whose cells have no type, such as CSV. A workbook marks its cells as text instead.
    """
    return f"'{text}" if looks_like_formula(text) else text
