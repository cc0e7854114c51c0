"""Whose lateness a paper tells: who is of an agency knows that of their own alone, and its code stands beside it."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.summary.content import SummaryContent


def only_code(content: SummaryContent) -> str:
    """The code, on the day, of the one agency whose marks the reader knows; empty for who knows all, or none."""
    reader = content.reader
    if not reader.is_agency_actor:
        return ""
    called = content.agencies.get(reader.agency_id)
    return called.code if called else reader.agency.code


def only(content: SummaryContent, label: str) -> str:
    """Late (JIM only), in the language in force; the label alone for who knows of every agency."""
    code = only_code(content)
    return _("%(what)s (%(agency)s only)") % {"what": label, "agency": code} if code else label


def late(content: SummaryContent) -> str:
    """Late (JIM only)."""
    return only(content, _("Late"))


def waiting(content: SummaryContent) -> str:
    """Awaiting MAPO (JIM only)."""
    return only(content, _("Awaiting MAPO"))


def returned(content: SummaryContent) -> str:
    """Returned (JIM only)."""
    return only(content, pgettext("items", "Returned"))


def attention(content: SummaryContent) -> str:
    """Attention (JIM only)."""
    return only(content, pgettext("column", "Attention"))


def none_late(content: SummaryContent) -> str:
    """JIM: nothing late."""
    code = only_code(content)
    return _("%(agency)s: nothing late.") % {"agency": code} if code else _("No agency is late.")


def none_waiting(content: SummaryContent) -> str:
    """JIM: nothing waits for MAPO."""
    code = only_code(content)
    return (
        _("%(agency)s: nothing waits for MAPO.") % {"agency": code} if code else _("Nothing waits for MAPO.")
    )


def told_of(content: SummaryContent) -> str:
    """That what stands out is told of one agency alone; empty where it is told of all."""
    code = only_code(content)
    words = _("What is late, what waits and what was returned is told of %(agency)s alone.")
    return words % {"agency": code} if code else ""
