"""What reports of a month ask of a person: of an agency to type or send them, of MAPO to decide on them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from audit.clock import local_date
from cycles.extensions import UnfinishedLine
from indicators.models import FigureReport, Indicator
from indicators.months import month_before
from indicators.queries.owed_months import read_owed_of, sent_words
from recommendations.extensions import WorkLine
from recommendations.models import Cycle
from submissions.states import SubmissionState
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


def _of_agency(user: User, today: date) -> Iterator[WorkLine]:
    """Yield the months of the person's agency that are open, returned ones first, then those that it owes (two queries)."""
    if user.agency is None:
        return
    asked = Indicator.objects.filter(agency=OuterRef("agency"), is_active=True)
    reports = FigureReport.objects.filter(Exists(asked), agency=user.agency, cycle__closed_at=None).open()
    begun = sorted(reports, key=lambda each: (_URGENCY.index(each.state), each.month))
    yield from map(_line, begun)
    yield from _owed_lines(user.agency, {report.month for report in begun}, today)


def _owed_lines(agency: Agency, begun: Collection[date], today: date) -> Iterator[WorkLine]:
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


def _line(report: FigureReport) -> WorkLine:
    state = SubmissionState(report.state)
    tone, icon = _LOOKS[state]
    month_url = reverse("indicators:month", args=[report.month])
    sent_url = reverse("indicators:report", args=[report.pk])
    return WorkLine(
        url=sent_url if state == SubmissionState.SUBMITTED else month_url,
        label=_("Figures of %(month)s") % {"month": dates.month_year(report.month)},
        note=str(state.label),
        tone=tone,
        icon=icon,
    )
