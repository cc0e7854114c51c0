"""What reports of a month ask of a person: of an agency to type or send them, of MAPO to decide on them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from audit.clock import local_date
from indicators.models import FigureReport, Indicator
from indicators.months import last_day_of, month_before
from indicators.queries.report_page import waiting_reports
from indicators.states import FigureReportState
from recommendations.extensions import WorkLine
from recommendations.models import Cycle
from ui import dates

#: By state: the tone and the icon in which My work shows a report.
_LOOKS = {
    FigureReportState.RETURNED: ("danger", "undo-2"),
    FigureReportState.DRAFT: ("warning", "pencil"),
    FigureReportState.SUBMITTED: ("quiet", "clock"),
}
_URGENCY = [state.value for state in _LOOKS]


def figure_work(user: User, now: datetime) -> list[WorkLine]:
    """Return what waits for a decision, for MAPO; for an agency its open months, and the last one that is over (one query)."""
    today = local_date(now)
    if user.is_mapo:
        return [
            WorkLine(
                url=reverse("indicators:report", args=[line.report.pk]),
                label=_("Figures of %(agency)s, %(month)s")
                % {"agency": line.report.agency.code, "month": line.month_text},
                note=_("Waiting: %(days)s") % {"days": dates.days(line.waiting_days)}
                if line.waiting_days
                else _("Sent today"),
                icon="clock",
            )
            for line in waiting_reports(user, today=today)
        ]
    return list(_of_agency(user, today)) if user.is_agency_actor else []


def figures_waiting(user: User) -> QuerySet[FigureReport]:
    """Return the reports that wait for MAPO's decision, as many as `figure_work` has lines for MAPO (no query)."""
    return FigureReport.objects.visible_to(user).waiting()


class _OwnReport(NamedTuple):
    """What My work needs of a report; everything is None where the agency has none yet."""

    has_indicators: bool
    takes_last_month: bool
    report_id: int | None
    month: date | None
    state: str | None
    closed_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.state in _LOOKS and self.closed_at is None


def _of_agency(user: User, today: date) -> Iterator[WorkLine]:
    """Yield the months of the person's agency that are open, returned ones first, then the last one if it is not begun."""
    last = month_before(today.replace(day=1))
    reports = _own_reports(user, last)
    if not any(report.has_indicators for report in reports):
        return
    is_open = [report for report in reports if report.is_open]
    for report in sorted(is_open, key=lambda each: (_URGENCY.index(each.state or ""), each.month)):
        yield _line(report)
    if reports[0].takes_last_month and last not in {report.month for report in reports}:
        yield WorkLine(
            url=reverse("indicators:month", args=[last]),
            label=_("Figures of %(month)s") % {"month": dates.month_year(last)},
            note=_("Not begun"),
            tone="warning",
        )


def _own_reports(user: User, last: date) -> list[_OwnReport]:
    """Return the reports of the person's agency, and whether it reports at all; at least one row (one query)."""
    indicators = Indicator.objects.filter(agency=OuterRef("pk"), is_active=True)
    cycles = Cycle.objects.filter(closed_at=None, window_start__lte=last, window_end__gte=last_day_of(last))
    standing = FilteredRelation(
        "figure_reports", condition=~Q(figure_reports__state=FigureReportState.WITHDRAWN)
    )
    agencies = Agency.objects.filter(pk=user.agency_id).annotate(
        has_indicators=Exists(indicators), takes_last=Exists(cycles), standing=standing
    )
    rows = agencies.values_list(
        "has_indicators",
        "takes_last",
        "standing__pk",
        "standing__month",
        "standing__state",
        "standing__cycle__closed_at",
    )
    return [_OwnReport(*row) for row in rows.order_by("standing__month")]


def _line(report: _OwnReport) -> WorkLine:
    state = FigureReportState(report.state or "")
    tone, icon = _LOOKS[state]
    month_url = reverse("indicators:month", args=[report.month])
    sent_url = reverse("indicators:report", args=[report.report_id])
    return WorkLine(
        url=sent_url if state == FigureReportState.SUBMITTED else month_url,
        label=_("Figures of %(month)s") % {"month": dates.month_year(report.month)},
        note=str(state.label),
        tone=tone,
        icon=icon,
    )
