"""Everything that changes an opening import: one function for each act."""

from imports.services.drafts import begin_opening, correct_row, discard_opening, leave_row_out, replace_rows
from imports.services.reviews import accept_opening, return_opening
from imports.services.sending import reopen_opening, send_opening

__all__ = [
    "accept_opening",
    "begin_opening",
    "correct_row",
    "discard_opening",
    "leave_row_out",
    "reopen_opening",
    "replace_rows",
    "return_opening",
    "send_opening",
]
