"""Which agencies have not sent the figures of months that are over."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef

from accounts.models import Agency
from indicators.models import FigureReport, Indicator
from indicators.months import months_over
from indicators.states import SENT_REPORT_STATES
from recommendations.models import Cycle
from ui import dates


@dataclass(frozen=True, slots=True)
class OwingAgency:
    """An agency and the months that it owes, the oldest first."""

    agency: Agency
    months: list[date]

    @property
    def months_text(self) -> str:
        return ", ".join(dates.month_year(month) for month in self.months)


def read_owing(cycle: Cycle, *, today: date) -> list[OwingAgency]:
    """Return who owes figures of the cycle's months that are over: who owes most comes first (two queries).

    A month that was returned is not owed: its report says so. A closed cycle is owed nothing.
    """
    over = months_over(cycle, today=today)
    if cycle.is_closed or not over:
        return []
    sent: dict[int, set[date]] = defaultdict(set)
    reports = FigureReport.objects.filter(cycle=cycle, state__in=SENT_REPORT_STATES).order_by()
    for agency_id, month in reports.values_list("agency_id", "month"):
        sent[agency_id].add(month)
    counted = Indicator.objects.filter(agency=OuterRef("pk"), is_active=True)
    agencies = Agency.objects.filter(Exists(counted), is_active=True).order_by("code")
    lines = [
        OwingAgency(agency, [month for month in over if month not in sent[agency.pk]]) for agency in agencies
    ]
    return sorted((line for line in lines if line.months), key=lambda line: -len(line.months))
