"""Titles of parts, heads of columns and captions of tables, as PDF and Word show them."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

#: What a summary is called.
TITLE = pgettext_lazy("paper", "Progress summary")

LABELS: dict[str, Promise] = {
    "accepted": pgettext_lazy("column", "Accepted"),
    "agencies": _("Agencies"),
    "agency": _("Agency"),
    "agency_name": _("Name"),
    "all_items": _("State of all items"),
    "as_at": _("As at"),
    "by_pillar": _("By pillar"),
    "classification": _("Classification"),
    "contents": _("Contents"),
    "continued": _("{part}, continued"),
    "count_by_pillar": _("How many items of each pillar have which status"),
    "count_by_status": _("How many items have which status"),
    "covered": _("Dates of evidence"),
    "days_late": _("Late by"),
    "decision": pgettext_lazy("column", "Decision"),
    "document": pgettext_lazy("column", "Document"),
    "due": pgettext_lazy("column", "Due"),
    "evidence": _("Evidence"),
    "file": pgettext_lazy("column", "File"),
    "how": _("How to read this summary"),
    "item": _("Item"),
    "item_by_item": _("Item by item"),
    "items": _("Items"),
    "lead": pgettext_lazy("column", "Lead"),
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
    "pillar": _("Pillar"),
    "progress": _("Accepted progress"),
    "reported": pgettext_lazy("column", "Reported"),
    "returned_ago": pgettext_lazy("column", "Since then"),
    "returned_on": _("Returned on"),
    "role": pgettext_lazy("column", "Role"),
    "sealed": _("Sealed"),
    "sha256": "SHA-256",  # type: ignore[dict-item]  # the same in every language
    "since": pgettext_lazy("column", "Waiting since"),
    "size": pgettext_lazy("column", "Size"),
    "stands_out": _("What stands out"),
    "statement": _("About this summary"),
    "status": _("Status"),
    "suggested": _("Suggested, not confirmed yet"),
    "text": _("Text"),
    "total": pgettext_lazy("column", "All"),
    "verdict_differs": _("Differs from the report"),
    "waits_for": pgettext_lazy("column", "Waiting for"),
    "window": _("Assessment window"),
    "window_place": pgettext_lazy("column", "Window"),
}
