"""The issues of a council paper: what is late, returned, waiting, held back, judged otherwise, or in nobody's hands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.states import Status
from reports.summary.content import SummaryContent
from reports.summary.rows import ReportedAgency, ReportedItem
from reports.writers import sentences
from reports.writers.council.draft import Draft
from ui import dates

#: An agency's part in an item.
Part = tuple[ReportedItem, ReportedAgency]


@dataclass
class Issues:
    """What the rows of a content give rise to; each list in the order of the rows."""

    late: list[Part] = field(default_factory=list)
    returned: list[Part] = field(default_factory=list)
    waiting: list[Part] = field(default_factory=list)
    differing: list[Part] = field(default_factory=list)
    held_back: list[ReportedItem] = field(default_factory=list)
    without_lead: list[ReportedItem] = field(default_factory=list)
    without_action: list[ReportedItem] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not any(vars(self).values())


def find_issues(content: SummaryContent) -> Issues:
    """Look through the items of a content."""
    parts = [(item, agency) for item in content.items for agency in item.in_force]
    return Issues(
        late=[part for part in parts if part[1].late_days is not None],
        returned=[part for part in parts if part[1].returned_since],
        waiting=[part for part in parts if part[1].waiting_since],
        differing=[part for part in parts if part[1].claim_differs],
        held_back=[item for item in content.items if item.state.held_by],
        without_lead=[item for item in content.items if item.lead is None],
        without_action=[item for item in content.items if item.lead and item.status == Status.NONE],
    )


def write_issues(draft: Draft, found: Issues) -> None:
    """A numbered paragraph for each kind of issue, with a point for each case."""
    draft.heading(lambda: _("Issues"))
    if found.is_empty:
        draft.paragraph(lambda: _("No issue follows from what had been recorded by that day."))
    _write_cases(draft, found.late, _late_words, _late_case)
    _write_cases(draft, found.returned, _returned_words, _returned_case)
    _write_cases(draft, found.waiting, _waiting_words, _waiting_case)
    _write_cases(draft, found.differing, _differing_words, _differing_case)
    _write_cases(draft, [(item,) for item in found.held_back], _held_words, _held_case)
    _write_cases(draft, [(item,) for item in found.without_lead], _leadless_words, _leadless_case)
    _write_cases(draft, [(item,) for item in found.without_action], _idle_words, _idle_case)


def _write_cases(
    draft: Draft, cases: Sequence[tuple[object, ...]], words: Callable[[int], str], case: Callable[..., str]
) -> None:
    if cases:
        draft.paragraph(words, len(cases), leads_in=True)
        for each in cases:
            draft.point(case, *each)


def _late_words(count: int) -> str:
    return ngettext(
        "An agency is late with its update on %(count)s item:",
        "Agencies are late with updates, in %(count)s cases:",
        count,
    ) % {"count": count}


def _late_case(item: ReportedItem, agency: ReportedAgency) -> str:
    return _("%(agency)s on %(item)s: the update was due on %(day)s and is late by %(days)s.") % {
        "agency": agency.code,
        "item": item.label,
        "day": dates.day(agency.next_due_on),
        "days": dates.days(agency.late_days or 0),
    }


def _returned_words(count: int) -> str:
    return ngettext(
        "%(count)s update was returned and has not been sent again:",
        "%(count)s updates were returned and have not been sent again:",
        count,
    ) % {"count": count}


def _returned_case(item: ReportedItem, agency: ReportedAgency) -> str:
    return _("%(agency)s on %(item)s: returned on %(day)s.") % {
        "agency": agency.code,
        "item": item.label,
        "day": dates.day(agency.returned_since),
    }


def _waiting_words(count: int) -> str:
    return ngettext(
        "%(count)s update awaits MAPO’s review:", "%(count)s updates await MAPO’s review:", count
    ) % {"count": count}


def _waiting_case(item: ReportedItem, agency: ReportedAgency) -> str:
    return _("%(agency)s on %(item)s: sent on %(day)s.") % {
        "agency": agency.code,
        "item": item.label,
        "day": dates.day(agency.waiting_since),
    }


def _differing_words(count: int) -> str:
    return ngettext(
        "MAPO’s verdict differs from what the agency reported in %(count)s case:",
        "MAPO’s verdict differs from what the agency reported in %(count)s cases:",
        count,
    ) % {"count": count}


def _differing_case(item: ReportedItem, agency: ReportedAgency) -> str:
    return _("%(agency)s on %(item)s: reported %(claim)s; MAPO decided %(verdict)s.") % {
        "agency": agency.code,
        "item": item.label,
        "claim": sentences.verdict_words(agency.claim_status or Status.NONE, agency.claim_percent or 0),
        "verdict": sentences.verdict_words(agency.status, agency.percent),
    }


def _held_words(count: int) -> str:
    return ngettext(
        "%(count)s item is held back by a supporting agency although its lead has completed:",
        "%(count)s items are held back by supporting agencies although their leads have completed:",
        count,
    ) % {"count": count}


def _held_case(item: ReportedItem) -> str:
    return _("%(item)s waits for %(agencies)s.") % {
        "item": item.label,
        "agencies": sentences.listed(item.state.held_by),
    }


def _leadless_words(count: int) -> str:
    return ngettext(
        "%(count)s item has no confirmed lead agency:",
        "%(count)s items have no confirmed lead agency:",
        count,
    ) % {"count": count}


def _leadless_case(item: ReportedItem) -> str:
    suggested = [agency.code for agency in item.agencies if agency.is_lead and agency.is_suggested]
    if not suggested:
        return f"{item.label}."
    return _("%(item)s; suggested to lead: %(agencies)s.") % {
        "item": item.label,
        "agencies": sentences.listed(suggested),
    }


def _idle_words(count: int) -> str:
    return ngettext(
        "%(count)s item has a lead agency, but no action yet:",
        "%(count)s items have a lead agency, but no action yet:",
        count,
    ) % {"count": count}


def _idle_case(item: ReportedItem) -> str:
    return _("%(item)s, led by %(lead)s.") % {"item": item.label, "lead": item.lead.code if item.lead else ""}
