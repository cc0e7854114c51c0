"""The name of a summary, one wherever people read of it: on the shelf, at the head of its page, in notices and mails.

File names say the same without words (`reports.summary.statement.file_name`); the audit trail, which is read in either
language, names a summary by its file.
"""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from reports.states import FORMATS, Depth, ExportFormat, SummaryLanguage
from ui import dates

_DEPTHS = {
    Depth.GLANCE: pgettext_lazy("in a name", "one page"),
    Depth.LINES: pgettext_lazy("in a name", "one line per item"),
    Depth.FULL: pgettext_lazy("in a name", "full"),
    Depth.EVIDENCE: pgettext_lazy("in a name", "list of evidence"),
}
_LANGUAGES = {
    SummaryLanguage.MALAY: pgettext_lazy("in a name", "in Malay"),
    SummaryLanguage.ENGLISH: pgettext_lazy("in a name", "in English"),
    SummaryLanguage.BOTH: pgettext_lazy("in a name", "bilingual"),
}


def summary_name(
    export_format: str, *, meeting: str = "", depth: str = "", day: date | None = None, language: str = ""
) -> str:
    """Return "PDF, one line per item, as at 31 August 2023, in Malay", in the active language.

    A paper of a meeting has the number of the meeting: "Council paper, Bil. 3/2023, as at …". A format that has one depth alone is named without it, and what is not given is left out.
    """
    kind = ExportFormat(export_format)
    has_depth = depth and not FORMATS[kind].has_one_depth
    parts = (
        str(kind.label),
        meeting,
        str(_DEPTHS[Depth(depth)]) if has_depth else "",
        _("as at %(day)s") % {"day": dates.day(day)} if day else "",
        str(_LANGUAGES[SummaryLanguage(language)]) if language else "",
    )
    return pgettext("between parts of a name", ", ").join(part for part in parts if part)
