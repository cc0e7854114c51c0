"""Titles of parts, heads of columns and captions of tables, as PDF and Word show them.

People of an agency see the lateness of their own agency alone: labels of such figures then name it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from reports.summary.content import SummaryContent

#: What a summary is called.
TITLE = pgettext_lazy("paper", "Progress summary")

LABELS: dict[str, Promise | str] = {
    "accepted": pgettext_lazy("column", "Accepted"),
    "agencies": _("Agencies"),
    "agency": _("Agency"),
    "agency_name": _("Name"),
    "all_items": _("Status of all items"),
    "as_at": _("As at"),
    "by_pillar": _("By pillar"),
    "change": pgettext_lazy("figures", "Change"),
    "classification": _("Classification"),
    "contents": _("Contents"),
    "continued": _("{part}, continued"),
    "contradictions": _("Contradictions"),
    "council_decision": _("Decision of the council"),
    "count_by_pillar": _("Number of items by pillar and status"),
    "count_by_status": _("Number of items by status"),
    "course": _("Over the assessment window"),
    "course_note": _("At the end of each month, and on the day of this summary."),
    "covered": _("Dates of evidence"),
    "day": pgettext_lazy("column", "Date"),
    "decided_on": pgettext_lazy("column", "Decided"),
    "decision": pgettext_lazy("column", "Decision"),
    "divergent": _(
        "The Malay text says less than the English, or something else. The longer summaries say what."
    ),
    "document": pgettext_lazy("column", "Document"),
    "evidence": _("Evidence"),
    "explanation": _("MAPO’s explanation"),
    "figure": pgettext_lazy("column", "Figure"),
    "figures": _("Figures"),
    "file": pgettext_lazy("column", "File"),
    "found": _("What was found"),
    "how": _("How to read this summary"),
    "how_many": pgettext_lazy("column", "Number"),
    "indicator": _("Indicator"),
    "item": _("Item"),
    "item_by_item": _("Item by item"),
    "items": _("Items"),
    "key_figures": _("Key figures"),
    "late_items": _("Items (days late)"),
    "lead": pgettext_lazy("column", "Lead"),
    "longest": pgettext_lazy("column", "Longest"),
    "made_by": _("Made by"),
    "made_on": _("Made on"),
    "names": _("Names of the agencies"),
    "next": pgettext_lazy("column", "Next update"),
    "no_updates": _("Nothing has been accepted yet."),
    "nobody": pgettext_lazy("lead agency", "None"),
    "not_confirmed": _("Not confirmed"),
    "number": pgettext_lazy("column", "No."),
    "overall": _("Overall status"),
    "percent": pgettext_lazy("column", "Done"),
    "period": _("Period"),
    "pillar": _("Pillar"),
    "progress": _("Accepted progress"),
    "reported": pgettext_lazy("column", "Reported"),
    "returned_ago": pgettext_lazy("column", "Since then"),
    "returned_on": _("Returned on"),
    "role": pgettext_lazy("column", "Role"),
    "sealed": _("Sealed"),
    "set_by_mapo": _("Statuses set by MAPO"),
    "sha256": "SHA-256",
    "since": pgettext_lazy("column", "Waiting since"),
    "size": pgettext_lazy("column", "Size"),
    "stands_out": _("Points to note"),
    "statement": _("About this summary"),
    "steps": _("Planned steps"),
    "status": _("Status"),
    "suggested": _("Suggested, not confirmed yet"),
    "text": _("Text"),
    "title": _("Short title"),
    "total": pgettext_lazy("column", "All"),
    "verdict_differs": _("Differs from the report"),
    "waits_for": pgettext_lazy("column", "Waiting for"),
    "window": _("Assessment window"),
    "window_place": pgettext_lazy("column", "Window"),
}

#: Labels that name the one agency where the figures cover only one.
LATE = _("Late")
WAITING = _("Awaiting MAPO")
RETURNED = pgettext_lazy("items", "Returned")
ATTENTION = pgettext_lazy("column", "Attention")
ALL_ATTENTION = _("Late, waiting and returned")


def scope_code(content: SummaryContent) -> str:
    """Return the code, on the day, of the one agency that the figures cover; empty when they cover all, or none."""
    reader = content.reader
    if not reader.is_agency_actor:
        return ""
    version = content.agencies.get(reader.agency_id)
    return version.code if version else reader.agency.code


def scoped(content: SummaryContent, label: Promise) -> str:
    """Return "Late (JIM only)", or the label alone when the figures cover every agency."""
    code = scope_code(content)
    return gettext("%(what)s (%(agency)s only)") % {"what": label, "agency": code} if code else str(label)


def none_late(content: SummaryContent) -> str:
    """Return "JIM: nothing late." or "No agency is late."."""
    code = scope_code(content)
    return gettext("%(agency)s: nothing late.") % {"agency": code} if code else gettext("No agency is late.")


def none_waiting(content: SummaryContent) -> str:
    """Return "JIM: nothing waits for MAPO." or "Nothing waits for MAPO."."""
    code = scope_code(content)
    if code:
        return gettext("%(agency)s: nothing is waiting for MAPO.") % {"agency": code}
    return gettext("Nothing is waiting for MAPO.")


def scope_sentence(content: SummaryContent) -> str:
    """Return the sentence that names the one agency that the figures cover; empty when they cover all, or none."""
    code = scope_code(content)
    words = gettext("What is late, waiting and returned is shown for %(agency)s only.")
    return words % {"agency": code} if code else ""
