"""The words that stand on the papers: heads of columns, titles of parts, and how to read them."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LABELS: dict[str, Promise] = {
    "accepted": pgettext_lazy("column", "Accepted"),
    "agencies": _("Agencies"),
    "agency": _("Agency"),
    "as_at": _("As at"),
    "by_pillar": _("By pillar"),
    "classification": _("Classification"),
    "contents": _("Contents"),
    "continued": _("{part}, continued"),
    "covered": _("Dates of evidence"),
    "days_late": _("Late by"),
    "document": pgettext_lazy("column", "Document"),
    "due": pgettext_lazy("column", "Due"),
    "evidence": _("Evidence"),
    "file": pgettext_lazy("column", "File"),
    "how": _("How to read this summary"),
    "item": _("Item"),
    "lead": pgettext_lazy("column", "Lead"),
    "made_by": _("Made by"),
    "made_on": _("Made on"),
    "names": _("Names of the agencies"),
    "next": pgettext_lazy("column", "Next update"),
    "no_updates": _("Nothing has been accepted yet."),
    "nobody": pgettext_lazy("lead agency", "None"),
    "number": pgettext_lazy("column", "No."),
    "overall": _("Overall status"),
    "percent": pgettext_lazy("column", "Done"),
    "pillar": _("Pillar"),
    "progress": _("Accepted progress"),
    "returned_ago": pgettext_lazy("column", "Since then"),
    "returned_on": _("Returned on"),
    "role": pgettext_lazy("column", "Role"),
    "sha256": "SHA-256",  # type: ignore[dict-item]  # the same in every language
    "since": pgettext_lazy("column", "Waiting since"),
    "size": pgettext_lazy("column", "Size"),
    "statement": _("About this summary"),
    "status": _("Status"),
    "total": pgettext_lazy("column", "All"),
    "waits_for": pgettext_lazy("column", "Waiting for"),
    "window": _("Assessment window"),
    "window_place": pgettext_lazy("column", "Window"),
}
