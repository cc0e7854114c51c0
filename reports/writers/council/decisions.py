"""The decision asked: what follows from the issues, as the secretariat may put it to the meeting."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from reports.summary.content import SummaryContent
from reports.summary.rows import ReportedItem
from reports.writers import sentences
from reports.writers.council.draft import Draft
from reports.writers.council.issues import Issues, Part
from ui import dates


def write_decisions(draft: Draft, found: Issues) -> None:
    """What the meeting is asked to note, to direct and to appoint; the last point is the secretariat's own."""
    draft.heading(lambda: _("Decision asked"))
    draft.paragraph(lambda: _("The Meeting is asked to:"), leads_in=True)
    draft.point(_note, draft.content)
    _write_directions(draft, found)
    draft.point(lambda: _("[Secretariat: any other decision that is asked, or remove this line]."))


def _write_directions(draft: Draft, found: Issues) -> None:
    if found.late:
        draft.point(_direct_late, _codes(found.late))
    if found.returned:
        draft.point(_direct_returned, _codes(found.returned))
    if found.held_back:
        agencies = [code for item in found.held_back for code in item.state.held_by]
        draft.point(_direct_held, agencies, found.held_back)
    if found.without_lead:
        draft.point(_appoint, found.without_lead)
    if found.without_action:
        leads = [item.lead.code for item in found.without_action if item.lead]
        draft.point(_direct_idle, leads, found.without_action)


def _codes(parts: Sequence[Part]) -> list[str]:
    return [agency.code for _item, agency in parts]


def _labels(items: Sequence[ReportedItem]) -> str:
    return sentences.listed([item.label for item in items])


def _note(content: SummaryContent) -> str:
    return _("note the progress on %(items)s as at %(day)s;") % {
        "items": sentences.all_items(content.totals),
        "day": dates.day(content.selection.day),
    }


def _direct_late(codes: Sequence[str]) -> str:
    words = {"agencies": sentences.listed(codes)}
    return _("direct %(agencies)s to send the updates that are late, by [date];") % words


def _direct_returned(codes: Sequence[str]) -> str:
    words = {"agencies": sentences.listed(codes)}
    return (
        _("direct %(agencies)s to correct the updates that were returned and to send them again, by [date];")
        % words
    )


def _direct_held(codes: Sequence[str], items: Sequence[ReportedItem]) -> str:
    words = {"agencies": sentences.listed(codes), "items": _labels(items)}
    return _("direct %(agencies)s to complete their parts of %(items)s, by [date];") % words


def _appoint(items: Sequence[ReportedItem]) -> str:
    return _("appoint a lead agency for %(items)s;") % {"items": _labels(items)}


def _direct_idle(codes: Sequence[str], items: Sequence[ReportedItem]) -> str:
    words = {"agencies": sentences.listed(codes), "items": _labels(items)}
    return _("direct %(agencies)s to bring a plan of action for %(items)s, by [date];") % words
