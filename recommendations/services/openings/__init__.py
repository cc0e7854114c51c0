"""Opening imports: what an agency kept in a spreadsheet becomes a draft lot, is corrected, and is sent as a whole.

A lot's rows are updates only from the moment when it is sent, all in one transaction. Their `reported_on` is the day
on which the agency reported; they are recorded now, so no answer of an earlier day changes.
"""

from recommendations.services.openings.drafts import (
    begin_opening,
    correct_row,
    discard_opening,
    leave_row_out,
    replace_rows,
)
from recommendations.services.openings.lots import opening_updates, record_opening, settled_words
from recommendations.services.openings.sending import reopen_opening, send_opening

__all__ = [
    "begin_opening",
    "correct_row",
    "discard_opening",
    "leave_row_out",
    "opening_updates",
    "record_opening",
    "reopen_opening",
    "replace_rows",
    "send_opening",
    "settled_words",
]
