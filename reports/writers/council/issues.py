"""The issues of a council paper and the decisions that follow from them.

What is late, returned or waiting stands in tables by agency, the longest first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from recommendations.models.cycle import in_reading_language
from recommendations.states import Status
from reports.writers.docx.document import Cell, DocxColumn, labelled_columns
from reports.writers.docx.text import plain
from reports.writers.wording import figures, sentences
from reports.writers.wording.by_agency import (
    AgencyCases,
    ItemDays,
    NamedAgency,
    by_agency,
    items_with_days,
)
from ui import dates
from ui.number_words import count_words
from ui.numbers import number

if TYPE_CHECKING:
    from reports.summary.content import SummaryContent
    from reports.summary.figure_rows import ReportedCheck
    from reports.summary.rows import ReportedItem
    from reports.writers.council.draft import CouncilDraft
    from reports.writers.wording.sentences import AgencyPart

#: The introductions of the kinds of issues, with their number of cases.
_LATE = ngettext_lazy(
    "%(count)s update is late, from %(agencies)s:", "%(count)s updates are late, from %(agencies)s:", "number"
)
_RETURNED = ngettext_lazy(
    "%(count)s update of %(agencies)s was returned and has not been sent again:",
    "%(count)s updates of %(agencies)s were returned and have not been sent again:",
    "number",
)
_WAITING = ngettext_lazy(
    "%(count)s update of %(agencies)s awaits MAPO’s review:",
    "%(count)s updates of %(agencies)s await MAPO’s review:",
    "number",
)
_DIFFERING = ngettext_lazy(
    "MAPO’s verdict differs from what the agency reported in %(count)s case:",
    "MAPO’s verdict differs from what the agency reported in %(count)s cases:",
    "number",
)
HELD_BACK = ngettext_lazy(
    "%(count)s item is held back by a supporting agency although its lead has completed:",
    "%(count)s items are held back by supporting agencies although their leads have completed:",
    "number",
)
WITHOUT_LEAD = ngettext_lazy(
    "%(count)s item has no confirmed lead agency:",
    "%(count)s items have no confirmed lead agency:",
    "number",
)
_WITHOUT_ACTION = ngettext_lazy(
    "%(count)s item has a lead agency, but no action yet:",
    "%(count)s items have a lead agency, but no action yet:",
    "number",
)

#: The decisions that follow from them.
SEND = gettext_lazy("direct %(agencies)s to send the updates that are late, by [date];")
CORRECT = gettext_lazy(
    "direct %(agencies)s to correct the updates that were returned and to send them again, by [date];"
)
COMPLETE = gettext_lazy("direct %(agencies)s to complete their parts of %(items)s, by [date];")
APPOINT = gettext_lazy("appoint a lead agency for %(items)s;")
PLAN = gettext_lazy("direct %(agencies)s to submit a plan of action for %(items)s, by [date];")
EXPLAIN = gettext_lazy("direct %(agencies)s to explain the contradictions in their figures, by [date];")


#: The kinds of issues, in their usual order.
ISSUES = ("late", "returned", "waiting", "differing", "held_back", "no_lead", "no_action", "contradictions")


@dataclass(frozen=True, slots=True)
class CouncilIssues:
    """What the rows of a content give rise to; each list in the order of the rows."""

    late: list[AgencyPart]
    returned: list[AgencyPart]
    waiting: list[AgencyPart]
    differing: list[AgencyPart]
    held_back: list[ReportedItem]
    no_lead: list[ReportedItem]
    no_action: list[ReportedItem]
    contradictions: list[ReportedCheck]

    def cases(self, name: str) -> Sequence[object]:
        """Return the cases of a kind by its name, one of `ISSUES`."""
        cases: Sequence[object] = getattr(self, name)
        return cases


def find_issues(content: SummaryContent) -> CouncilIssues:
    """Return the issues of a content."""
    parts = partial(sentences.agency_parts, content)
    return CouncilIssues(
        late=parts(lambda agency: agency.late_days is not None),
        returned=parts(lambda agency: agency.returned_since),
        waiting=parts(lambda agency: agency.waiting_since),
        differing=parts(lambda agency: agency.claim_differs),
        held_back=[item for item in content.items if item.state.held_by],
        no_lead=[item for item in content.items if item.lead is None],
        no_action=[item for item in content.items if item.lead and item.status == Status.NONE],
        contradictions=[check for check in content.figures.checks if check.found.fails],
    )


def write_issues(
    draft: CouncilDraft, *, names: Sequence[str] = ISSUES, texts: Mapping[str, str] | None = None
) -> None:
    """Write a numbered paragraph for each kind of issue, in the order of the names, with its cases below it.

    `texts` are what the secretariat wrote to a kind, by its name: they stand below its cases.
    """
    texts = texts or {}
    issues = find_issues(draft.content)
    draft.heading(_("Issues"))
    if not any(issues.cases(name) or name in texts for name in names):
        draft.paragraph(_("No issue follows from what had been recorded by that day."))
    for name in names:
        if issues.cases(name):
            _WRITERS[name](draft, issues)
        if name in texts:
            draft.typed(texts[name])


def _write_late(draft: CouncilDraft, issues: CouncilIssues) -> None:
    write_agencies(draft, by_agency(draft.content, issues.late, "late"), "late")


def _write_returned(draft: CouncilDraft, issues: CouncilIssues) -> None:
    write_agencies(draft, by_agency(draft.content, issues.returned, "returned"), "returned")


def _write_waiting(draft: CouncilDraft, issues: CouncilIssues) -> None:
    write_agencies(draft, by_agency(draft.content, issues.waiting, "waiting"), "waiting")


#: The introduction and the column of items of what is late, returned or waiting.
_AGENCY_TABLES: dict[str, tuple[Promise, Promise]] = {
    "late": (_LATE, gettext_lazy("Items (days late)")),
    "returned": (_RETURNED, gettext_lazy("Items (days since)")),
    "waiting": (_WAITING, gettext_lazy("Items (days waiting)")),
}


def write_agencies(draft: CouncilDraft, agencies: Sequence[AgencyCases], kind: str) -> None:
    """Write a table with a line for each agency, the longest first: its items, their number, and its longest days.

    `kind`: "late", "returned" or "waiting".
    """
    translate, (introduction, head) = draft.translate, _AGENCY_TABLES[kind]
    count = sum(len(cases) for _agency, cases in agencies)
    of_agencies = ngettext("%(count)s agency", "%(count)s agencies", len(agencies))
    words = {
        "number": count,
        "count": count_words(count),
        "agencies": of_agencies % {"count": count_words(len(agencies))},
    }
    draft.paragraph(capfirst(str(introduction % words)), leads_in=True)
    columns = [
        DocxColumn(55, translate.label("agency")),
        DocxColumn(76, translate(head)),
        DocxColumn(17, translate.label("how_many"), is_figure=True),
        DocxColumn(22, translate.label("longest"), is_figure=True),
    ]
    rows = [_agency_row(draft, agency, cases) for agency, cases in agencies]
    draft.builder.table(columns, rows, caption=translate(head))


def _agency_row(draft: CouncilDraft, agency: NamedAgency, cases: Sequence[ItemDays]) -> list[Cell]:
    translate = draft.translate
    return [
        [plain(agency.code, "Strong"), translate(in_reading_language(agency, "name"))],
        translate(items_with_days, cases),
        plain(number(len(cases))),
        translate(dates.days, cases[0][1]),
    ]


def _write_differing(draft: CouncilDraft, issues: CouncilIssues) -> None:
    """Write what agencies reported beside what MAPO decided."""
    translate = draft.translate
    draft.paragraph(counted(_DIFFERING, issues.differing), leads_in=True)
    columns = [
        *labelled_columns(translate, agency=30, item=40),
        DocxColumn(50, translate(_("Reported by the agency"))),
        DocxColumn(50, translate(_("MAPO’s verdict"))),
    ]
    rows: list[list[Cell]] = [
        [
            plain(agency.code, "Strong"),
            translate(sentences.item_name, item),
            translate(sentences.verdict_words, agency.claim_status or Status.NONE, agency.claim_percent),
            translate(sentences.verdict_words, agency.status, agency.percent),
        ]
        for item, agency in issues.differing
    ]
    caption = translate(_("Reports and verdicts that differ"))
    draft.builder.table(columns, rows, caption=caption)


def _write_points(
    draft: CouncilDraft,
    items: Sequence[ReportedItem],
    introduction: Promise,
    point_words: Callable[[ReportedItem], str],
) -> None:
    """Write a point for each item."""
    draft.paragraph(counted(introduction, items), leads_in=True)
    for item in items:
        draft.point(point_words(item))


def counted(introduction: Promise, cases: Sequence[object]) -> str:
    return capfirst(str(introduction % {"number": len(cases), "count": count_words(len(cases))}))


def _held_back_case(item: ReportedItem) -> str:
    return held_back_words(item.label, item.state.held_by)


def held_back_words(item: str, codes: Sequence[str]) -> str:
    """Return for which agencies an item waits."""
    return _("%(item)s waits for %(agencies)s.") % {"item": item, "agencies": sentences.listed(codes)}


def _without_lead_case(item: ReportedItem) -> str:
    suggested = [agency.code for agency in item.agencies if agency.is_lead and agency.is_suggested]
    return without_lead_words(item.label, suggested)


def without_lead_words(item: str, suggested: Sequence[str]) -> str:
    """Return an item without a lead agency, and which agencies are suggested."""
    if not suggested:
        return f"{item}."
    words = {"item": item, "agencies": sentences.listed(suggested)}
    return _("%(item)s; suggested to lead: %(agencies)s.") % words


def _write_no_action(draft: CouncilDraft, issues: CouncilIssues) -> None:
    """Write a point for each lead agency, with the items on which nothing has been done."""
    draft.paragraph(counted(_WITHOUT_ACTION, issues.no_action), leads_in=True)
    by_lead: dict[str, list[str]] = {}
    for item in issues.no_action:
        if item.lead:
            by_lead.setdefault(item.lead.code, []).append(item.label)
    for lead, labels in by_lead.items():
        draft.point(f"{lead}: {sentences.listed(labels)}.")


def _write_contradictions(draft: CouncilDraft, issues: CouncilIssues) -> None:
    """Write what contradicts in the figures, each with its sum and MAPO's explanation."""
    translate, checks = draft.translate, issues.contradictions
    explained = sum(bool(check.explanation) for check in checks)
    words = ngettext(
        "%(count)s contradiction stands in the figures, of which explained: %(explained)s.",
        "%(count)s contradictions stand in the figures, of which explained: %(explained)s.",
        len(checks),
    )
    counts = {"count": count_words(len(checks)), "explained": count_words(explained)}
    draft.paragraph(capfirst(words % counts), leads_in=True)
    rows: list[list[Cell]] = [
        [
            [translate(figures.check_sentence, check), translate(figures.check_place, check)],
            plain(check.explanation) if check.explanation else translate(figures.explained_words, check),
        ]
        for check in checks
    ]
    columns = labelled_columns(translate, found=90, explanation=80)
    draft.builder.table(columns, rows, caption=translate.label("contradictions"))


#: How each kind of issue is written, by its name.
_WRITERS: dict[str, Callable[[CouncilDraft, CouncilIssues], None]] = {
    "late": _write_late,
    "returned": _write_returned,
    "waiting": _write_waiting,
    "differing": _write_differing,
    "held_back": lambda draft, issues: _write_points(draft, issues.held_back, HELD_BACK, _held_back_case),
    "no_lead": lambda draft, issues: _write_points(draft, issues.no_lead, WITHOUT_LEAD, _without_lead_case),
    "no_action": _write_no_action,
    "contradictions": _write_contradictions,
}


def write_decisions(draft: CouncilDraft) -> None:
    """Write what the meeting is asked to note, to direct and to appoint; the last point is the secretariat's own."""
    issues = find_issues(draft.content)
    held_back = [code for item in issues.held_back for code in item.state.held_by]
    leads = [item.lead.code for item in issues.no_action if item.lead]
    write_asked(
        draft,
        [
            (SEND, [agency.code for _item, agency in issues.late], []),
            (CORRECT, [agency.code for _item, agency in issues.returned], []),
            (COMPLETE, held_back, _labels(issues.held_back)),
            (APPOINT, [], _labels(issues.no_lead)),
            (PLAN, leads, _labels(issues.no_action)),
            (EXPLAIN, _agencies_to_explain(draft, issues.contradictions), []),
        ],
    )
    draft.point(_("[Secretariat: any other decision that is asked, or remove this line]."))


def _agencies_to_explain(draft: CouncilDraft, checks: Sequence[ReportedCheck]) -> list[str]:
    """Return the agencies that answer for figures that contradict without an explanation, each once."""
    by_code = draft.content.figures.by_code
    codes = [code for check in checks if not check.explanation for code in check.indicators]
    return list(dict.fromkeys(by_code[code].agency for code in codes if by_code[code].agency))


def _labels(items: Sequence[ReportedItem]) -> list[str]:
    return [item.label for item in items]


def write_asked(
    draft: CouncilDraft, decisions: Sequence[tuple[Promise, Sequence[str], Sequence[str]]]
) -> None:
    """Write what the meeting is asked to note, and each decision for which there is an agency or an item."""
    draft.heading(_("Decisions sought"))
    draft.paragraph(_("The Meeting is asked to:"), leads_in=True)
    noted = {
        "items": sentences.all_items(draft.content.totals, count_words),
        "day": dates.day(draft.content.selection.day),
    }
    draft.point(_("note the progress on %(items)s as at %(day)s;") % noted)
    for wording, agencies, items in decisions:
        if agencies or items:
            named = {"agencies": sentences.listed(agencies), "items": sentences.listed(items)}
            draft.point(str(wording) % named)
