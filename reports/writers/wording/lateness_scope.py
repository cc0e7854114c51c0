"""Labels that say which agency the lateness figures cover: people of an agency see those of their own agency alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from reports.summary.content import SummaryContent

#: Labels that name the one agency where the figures cover only one.
LATE = gettext_lazy("Late")
WAITING = gettext_lazy("Awaiting MAPO")
RETURNED = pgettext_lazy("items", "Returned")
ATTENTION = pgettext_lazy("column", "Attention")
ALL_ATTENTION = gettext_lazy("Late, waiting and returned")


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
    return _("%(what)s (%(agency)s only)") % {"what": label, "agency": code} if code else str(label)


def none_late(content: SummaryContent) -> str:
    """Return "JIM: nothing late." or "No agency is late."."""
    code = scope_code(content)
    return _("%(agency)s: nothing late.") % {"agency": code} if code else _("No agency is late.")


def none_waiting(content: SummaryContent) -> str:
    """Return "JIM: nothing waits for MAPO." or "Nothing waits for MAPO."."""
    code = scope_code(content)
    if code:
        return _("%(agency)s: nothing waits for MAPO.") % {"agency": code}
    return _("Nothing waits for MAPO.")


def scope_sentence(content: SummaryContent) -> str:
    """Return the sentence that names the one agency that the figures cover; empty when they cover all, or none."""
    code = scope_code(content)
    words = _("What is late, what waits and what was returned is told of %(agency)s alone.")
    return words % {"agency": code} if code else ""
