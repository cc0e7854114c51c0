"""What reports of a month ask of a person: of an agency to type or send them, of MAPO to decide on them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from audit.clock import local_date
from cycles.extensions import UnfinishedLine
from indicators.models import FigureReport
from indicators.months import month_before
from indicators.queries.owed_months import read_owed_of, sent_words
from recommendations.extensions import WorkLine
from recommendations.models import Cycle
from recommendations.queries.sql import fetch_rows
from submissions.states import PUT_AWAY_STATES, SubmissionState
from ui import dates

#: By state: the tone and the icon in which My work shows a report.
_LOOKS = {
    SubmissionState.RETURNED: ("danger", "undo-2"),
    SubmissionState.DRAFT: ("warning", "pencil"),
    SubmissionState.SUBMITTED: ("quiet", "clock"),
}
_URGENCY = [state.value for state in _LOOKS]


def figure_work(user: User, now: datetime) -> list[WorkLine]:
    """Return what waits for a decision, for MAPO; for an agency its open months, and those that it owes (two queries)."""
    today = local_date(now)
    if user.is_mapo:
        return list(_of_mapo(user, today))
    return list(_of_agency(user, today)) if user.is_agency_actor else []


def figures_waiting(user: User) -> QuerySet[FigureReport]:
    """Return the reports that wait for MAPO's decision, as many as `figure_work` has lines for MAPO (no query)."""
    return FigureReport.objects.visible_to(user).waiting()


def unfinished_figures(cycle: Cycle) -> list[UnfinishedLine]:
    """Return the months of figures that a closing of the cycle would leave open, by state (one query)."""
    rows = FigureReport.objects.filter(cycle=cycle).open().order_by()
    counts = dict(rows.values_list("state").annotate(Count("pk")))
    words = {
        SubmissionState.SUBMITTED: (
            _("Months of figures awaiting MAPO"),
            _("MAPO can still decide on them."),
        ),
        SubmissionState.RETURNED: (
            _("Months of figures returned to their agency"),
            _("They cannot be sent again."),
        ),
        SubmissionState.DRAFT: (
            _("Months of figures not yet sent"),
            _("They stay as they are; nobody can continue them."),
        ),
    }
    return [(counts[state], *about) for state, about in words.items() if state in counts]


def _of_mapo(user: User, today: date) -> Iterator[WorkLine]:
    """Yield the reports that wait for a decision, the oldest first (one query)."""
    waiting = figures_waiting(user).order_by("submitted_at", "month", "pk")
    for report_id, agency, month, submitted_at in waiting.values_list(
        "pk", "agency__code", "month", "submitted_at"
    ):
        days = (today - local_date(submitted_at)).days if submitted_at else 0
        yield WorkLine(
            url=reverse("indicators:report", args=[report_id]),
            label=_("Figures of %(agency)s, %(month)s")
            % {"agency": agency, "month": dates.month_year(month)},
            note=_("Waiting: %(days)s") % {"days": dates.days(days)} if days else _("Sent today"),
            icon="clock",
        )


class _OwnReport(NamedTuple):
    """What My work needs of a report; everything is None where the agency has none yet."""

    has_indicators: bool
    report_id: int | None
    month: date | None
    state: str | None
    closed_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.state in _LOOKS and self.closed_at is None


def _of_agency(user: User, today: date) -> Iterator[WorkLine]:
    """Yield the months of the person's agency that are open, returned ones first, then those that it owes (two queries)."""
    reports = _own_reports(user)
    if user.agency is None or not any(report.has_indicators for report in reports):
        return
    is_open = [report for report in reports if report.is_open]
    yield from _open_lines(is_open)
    yield from _owed_lines(user.agency, {report.month for report in is_open}, today)


def _open_lines(reports: Iterable[_OwnReport]) -> Iterator[WorkLine]:
    """Yield a line for each open report, the most urgent first."""
    for report in sorted(reports, key=lambda each: (_URGENCY.index(each.state or ""), each.month)):
        yield _line(report)


def _owed_lines(agency: Agency, begun: Collection[date | None], today: date) -> Iterator[WorkLine]:
    """Yield the months that are over of which the agency still owes figures, without those that it has begun (one query)."""
    last = month_before(today.replace(day=1))
    owed = [each for each in read_owed_of([agency.pk]).values() if each.month <= last]
    for each in sorted(owed, key=lambda each: each.month):
        if each.month not in begun:
            yield WorkLine(
                url=reverse("indicators:month", args=[each.month]),
                label=_("Figures of %(month)s") % {"month": dates.month_year(each.month)},
                note=sent_words(each.sent_count, each.asked_count) if each.sent_count else _("Not begun"),
                tone="warning",
            )


_OWN_REPORTS = """
SELECT EXISTS (SELECT FROM indicators_indicator indicator WHERE indicator.agency_id = agency.id AND indicator.is_active),
       report.id, report.month, report.state, cycle.closed_at
FROM accounts_agency agency
LEFT JOIN indicators_figurereport report ON report.agency_id = agency.id AND report.state <> ALL (%s)
LEFT JOIN recommendations_cycle cycle ON cycle.id = report.cycle_id
WHERE agency.id = %s
ORDER BY report.month
"""


def _own_reports(user: User) -> list[_OwnReport]:
    """Return the reports of the person's agency, and whether it reports at all; at least one row (one query)."""
    values = ([state.value for state in PUT_AWAY_STATES], user.agency_id)
    return [_OwnReport(*row) for row in fetch_rows(_OWN_REPORTS, values)]


def _line(report: _OwnReport) -> WorkLine:
    state = SubmissionState(report.state or "")
    tone, icon = _LOOKS[state]
    month_url = reverse("indicators:month", args=[report.month])
    sent_url = reverse("indicators:report", args=[report.report_id])
    return WorkLine(
        url=sent_url if state == SubmissionState.SUBMITTED else month_url,
        label=_("Figures of %(month)s") % {"month": dates.month_year(report.month)},
        note=str(state.label),
        tone=tone,
        icon=icon,
    )
