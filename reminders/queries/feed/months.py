"""The months whose figures an agency owes, in the calendars of its officers and coordinators.

A month stands on the first day after it until its figures are sent (`read_owed_of`). It has as many revisions as its cycle, and what was
sent and withdrawn of it: these only ever become more.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Max, Q

from accounts.models import User
from indicators.models import FigureReport, Indicator
from indicators.months import month_after, months_within
from indicators.queries.owed_months import read_owed_of
from recommendations.models import Cycle, CycleVersion
from reminders.kinds import ReminderKind
from reminders.queries.feed.entries import FeedEntry, FeedSubject
from submissions.states import SubmissionState


class _Changes(NamedTuple):
    """How often something changed, and when last; `is_sent`: figures of the month wait, came back, or were decided on."""

    times: int
    at: datetime
    is_sent: bool = False


def month_entries(person: User, cycles: Iterable[Cycle]) -> Iterator[FeedEntry]:
    """Yield the entries of the person's agency: one query, and three more where it answers for an indicator."""
    if not person.is_agency_actor or person.agency_id is None:
        return
    if not Indicator.objects.filter(agency=person.agency_id, is_active=True).exists():
        return
    versions = (
        CycleVersion.objects.order_by().values_list("cycle").annotate(times=Count("pk"), at=Max("began_at"))
    )
    of_cycle = {cycle: _Changes(times, at) for cycle, times, at in versions}
    of_month = _changes_of_months(person.agency_id)
    owed = read_owed_of([person.agency_id])
    for cycle in cycles:
        for month in months_within(cycle.window_start, cycle.window_end):
            base = of_cycle[cycle.pk]
            own = of_month.get((cycle.pk, month), _Changes(0, base.at))
            subject = FeedSubject(
                cycle_id=cycle.pk,
                month=month,
                revision=base.times + own.times,
                changed_at=max(base.at, own.at),
            )
            is_done = own.is_sent and (person.agency_id, cycle.pk, month) not in owed
            cancelled_at = own.at if is_done else cycle.closed_at
            number = int(f"{cycle.pk}{person.agency_id:06d}{month:%Y%m}")
            yield FeedEntry(subject, ReminderKind.FIGURES_DUE, number, month_after(month), cancelled_at)


def _changes_of_months(agency_id: int) -> dict[tuple[int, object], _Changes]:
    """Return what was sent and withdrawn of the agency's months, by cycle and month. One query."""
    withdrawn = Q(state=SubmissionState.WITHDRAWN)
    reports = FigureReport.objects.filter(agency=agency_id).exclude(submitted_at=None).order_by()
    rows = reports.values_list("cycle", "month").annotate(
        sent=Count("submissions", distinct=True),
        withdrawn=Count("pk", filter=withdrawn, distinct=True),
        standing=Count("pk", filter=~withdrawn, distinct=True),
        sent_at=Max("submissions__submitted_at"),
        withdrawn_at=Max("closed_at", filter=withdrawn),
    )
    return {
        (cycle, month): _Changes(
            sent + taken, max(at for at in (sent_at, taken_at) if at is not None), bool(standing)
        )
        for cycle, month, sent, taken, standing, sent_at, taken_at in rows
    }
