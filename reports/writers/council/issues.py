"""The issues of a council paper and the decisions that follow from them: late, returned, waiting, held back, undecided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from recommendations.states import Status
from reports.writers.wording import sentences
from ui import dates

if TYPE_CHECKING:
    from reports.summary.content import SummaryContent
    from reports.summary.rows import ReportedAgency, ReportedItem
    from reports.writers.council.draft import CouncilDraft
    from reports.writers.wording.sentences import AgencyPart

#: The introductions of the kinds of issues, with their number of cases.
_LATE = ngettext_lazy(
    "An agency is late with its update on %(count)s item:",
    "Agencies are late with updates, in %(count)s cases:",
    "count",
)
_RETURNED = ngettext_lazy(
    "%(count)s update was returned and has not been sent again:",
    "%(count)s updates were returned and have not been sent again:",
    "count",
)
_WAITING = ngettext_lazy(
    "%(count)s update awaits MAPO’s review:", "%(count)s updates await MAPO’s review:", "count"
)
_DIFFERING = ngettext_lazy(
    "MAPO’s verdict differs from what the agency reported in %(count)s case:",
    "MAPO’s verdict differs from what the agency reported in %(count)s cases:",
    "count",
)
_HELD_BACK = ngettext_lazy(
    "%(count)s item is held back by a supporting agency although its lead has completed:",
    "%(count)s items are held back by supporting agencies although their leads have completed:",
    "count",
)
_WITHOUT_LEAD = ngettext_lazy(
    "%(count)s item has no confirmed lead agency:",
    "%(count)s items have no confirmed lead agency:",
    "count",
)
_WITHOUT_ACTION = ngettext_lazy(
    "%(count)s item has a lead agency, but no action yet:",
    "%(count)s items have a lead agency, but no action yet:",
    "count",
)

#: The decisions that follow from them.
_SEND = gettext_lazy("direct %(agencies)s to send the updates that are late, by [date];")
_CORRECT = gettext_lazy(
    "direct %(agencies)s to correct the updates that were returned and to send them again, by [date];"
)
_COMPLETE = gettext_lazy("direct %(agencies)s to complete their parts of %(items)s, by [date];")
_APPOINT = gettext_lazy("appoint a lead agency for %(items)s;")
_PLAN = gettext_lazy("direct %(agencies)s to submit a plan of action for %(items)s, by [date];")


@dataclass(frozen=True, slots=True)
class CouncilIssues:
    """What the rows of a content give rise to; each list in the order of the rows."""

    late: list[AgencyPart]
    returned: list[AgencyPart]
    waiting: list[AgencyPart]
    differing: list[AgencyPart]
    held_back: list[ReportedItem]
    without_lead: list[ReportedItem]
    without_action: list[ReportedItem]


def find_issues(content: SummaryContent) -> CouncilIssues:
    """Return the issues of a content."""
    parts = partial(sentences.agency_parts, content)
    return CouncilIssues(
        late=parts(lambda agency: agency.late_days is not None),
        returned=parts(lambda agency: agency.returned_since),
        waiting=parts(lambda agency: agency.waiting_since),
        differing=parts(lambda agency: agency.claim_differs),
        held_back=[item for item in content.items if item.state.held_by],
        without_lead=[item for item in content.items if item.lead is None],
        without_action=[item for item in content.items if item.lead and item.status == Status.NONE],
    )


def write_issues(draft: CouncilDraft, issues: CouncilIssues) -> None:
    """Write a numbered paragraph for each kind of issue, with a point for each case."""
    draft.heading(_("Issues"))
    kinds: list[tuple[Sequence[AgencyPart | ReportedItem], Promise, Callable[..., str]]] = [
        (issues.late, _LATE, _late_case),
        (issues.returned, _RETURNED, _returned_case),
        (issues.waiting, _WAITING, _waiting_case),
        (issues.differing, _DIFFERING, _differing_case),
        (issues.held_back, _HELD_BACK, _held_back_case),
        (issues.without_lead, _WITHOUT_LEAD, _without_lead_case),
        (issues.without_action, _WITHOUT_ACTION, _without_action_case),
    ]
    if not any(cases for cases, _introduction, _case in kinds):
        draft.paragraph(_("No issue follows from what had been recorded by that day."))
    for cases, introduction, case_words in kinds:
        if cases:
            draft.paragraph(str(introduction % {"count": len(cases)}), leads_in=True)
        for case in cases:
            draft.point(case_words(*(case if isinstance(case, tuple) else (case,))))


def _late_case(item: ReportedItem, agency: ReportedAgency) -> str:
    return _("%(agency)s on %(item)s: the update was due on %(day)s and is late by %(days)s.") % {
        "item": item.label,
        "agency": agency.code,
        "day": dates.day(agency.next_due_on),
        "days": dates.days(agency.late_days or 0),
    }


def _returned_case(item: ReportedItem, agency: ReportedAgency) -> str:
    words = {"item": item.label, "agency": agency.code, "day": dates.day(agency.returned_since)}
    return _("%(agency)s on %(item)s: returned on %(day)s.") % words


def _waiting_case(item: ReportedItem, agency: ReportedAgency) -> str:
    words = {"item": item.label, "agency": agency.code, "day": dates.day(agency.waiting_since)}
    return _("%(agency)s on %(item)s: sent on %(day)s.") % words


def _differing_case(item: ReportedItem, agency: ReportedAgency) -> str:
    return _("%(agency)s on %(item)s: reported %(claim)s; MAPO decided %(verdict)s.") % {
        "item": item.label,
        "agency": agency.code,
        "claim": sentences.verdict_words(agency.claim_status or Status.NONE, agency.claim_percent),
        "verdict": sentences.verdict_words(agency.status, agency.percent),
    }


def _held_back_case(item: ReportedItem) -> str:
    words = {"item": item.label, "agencies": sentences.listed(item.state.held_by)}
    return _("%(item)s waits for %(agencies)s.") % words


def _without_lead_case(item: ReportedItem) -> str:
    suggested = [agency.code for agency in item.agencies if agency.is_lead and agency.is_suggested]
    if not suggested:
        return f"{item.label}."
    words = {"item": item.label, "agencies": sentences.listed(suggested)}
    return _("%(item)s; suggested to lead: %(agencies)s.") % words


def _without_action_case(item: ReportedItem) -> str:
    return _("%(item)s, led by %(lead)s.") % {"item": item.label, "lead": item.lead.code if item.lead else ""}


def write_decisions(draft: CouncilDraft, issues: CouncilIssues) -> None:
    """Write what the meeting is asked to note, to direct and to appoint; the last point is the secretariat's own."""
    draft.heading(_("Decisions sought"))
    draft.paragraph(_("The Meeting is asked to:"), leads_in=True)
    noted = {
        "items": sentences.all_items(draft.content.totals),
        "day": dates.day(draft.content.selection.day),
    }
    draft.point(_("note the progress on %(items)s as at %(day)s;") % noted)
    held_back = [code for item in issues.held_back for code in item.state.held_by]
    leads = [item.lead.code for item in issues.without_action if item.lead]
    decisions: list[tuple[Promise, Sequence[str], Sequence[ReportedItem]]] = [
        (_SEND, [agency.code for _item, agency in issues.late], []),
        (_CORRECT, [agency.code for _item, agency in issues.returned], []),
        (_COMPLETE, held_back, issues.held_back),
        (_APPOINT, [], issues.without_lead),
        (_PLAN, leads, issues.without_action),
    ]
    for wording, agencies, items in decisions:
        if agencies or items:
            labels = [item.label for item in items]
            named = {"agencies": sentences.listed(agencies), "items": sentences.listed(labels)}
            draft.point(str(wording) % named)
    draft.point(_("[Secretariat: any other decision that is asked, or remove this line]."))
