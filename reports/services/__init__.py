"""What may be done with summaries: one function for each act."""

from reports.services.asking import ask_for, ask_for_reader, is_small
from reports.services.cancelling import cancel
from reports.services.keeping import drop_old, kept_until, sweep_orphans
from reports.services.looking import look
from reports.services.making import make, make_next
from reports.services.taking import begin_taking, content_changed, end_taking, rights_changed
from reports.services.telling import page_of

__all__ = [
    "ask_for",
    "ask_for_reader",
    "begin_taking",
    "cancel",
    "content_changed",
    "drop_old",
    "end_taking",
    "is_small",
    "kept_until",
    "look",
    "make",
    "make_next",
    "page_of",
    "rights_changed",
    "sweep_orphans",
]
