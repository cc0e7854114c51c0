"""What happened to figures since a report was requested: new and revised ones, explanations, and who may read small numbers.

Asked of reports that hold figures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from accounts.roles import AGENCY_ROLES
from audit.clock import end_of_day
from audit.models import Event, audit_type_of
from indicators.known_sums import MOST_SMALL
from indicators.models import CheckExplanation, Figure, Indicator, IndicatorVersion
from recommendations.models import Cycle

if TYPE_CHECKING:
    from datetime import datetime

    from reports.models.report import Report


def has_other_figures(report: Report) -> bool:
    """Return whether figures of the cycle were given or revised between the request and the end of the report's day."""
    first, last = report.cycle.window_start, report.cycle.window_end
    of_cycle = Q(source__cycle=report.cycle_id) | Q(source=None, begins_on__gte=first, ends_on__lte=last)
    return Figure.objects.filter(of_cycle).filter(_later(report, "recorded_at", "ended_at")).exists()


def has_other_explanations(report: Report) -> bool:
    """Return whether MAPO's words beside contradictions changed between the request and the end of the report's day."""
    given = CheckExplanation.objects.filter(check_of__source__cycle=report.cycle_id)
    return given.filter(_later(report, "explained_at", "ended_at")).exists()


def _later(report: Report, *names: str) -> Q:
    """Return the condition that one of these instants lies between the request and the end of the report's day."""
    until = end_of_day(report.as_at)
    found = Q()
    for name in names:
        found |= Q(**{f"{name}__gt": report.asked_at, f"{name}__lt": until})
    return found


def has_loaded_again(report: Report) -> bool:
    """Return whether the cycle's file, which declares what must agree, was loaded since the request."""
    loadings = Event.objects.about(audit_type_of(Cycle), report.cycle_id).filter(action="cycle.loaded")
    return loadings.filter(occurred_at__gt=report.asked_at).exists()


def has_other_small_numbers(report: Report) -> bool:
    """Return whether other numbers may be hidden from the reader than then; never from MAPO (two queries)."""
    if report.reader.is_mapo:
        return False
    same = Q(agency_then=F("agency")) | Q(agency_then=None, agency=None)
    moved = _defined_then(report).exclude(same, counted_then=F("counts_victims"))
    return moved.exists() or _guarded(report.asked_at).exists()


def hides_more(report: Report) -> bool:
    """Return whether a kept file may hold numbers or reasons that its reader may no longer read (two queries).

    Either their agency no longer answers for an indicator, or one counts victims since, or a small number came beside older
    ones. It rather says so once too often.
    """
    if report.reader.is_mapo:
        return False
    then = _defined_then(report)
    is_own = report.reader_role in AGENCY_ROLES
    own = Q(agency=report.reader_agency_id) if is_own else Q(pk=None)
    changed = (Q(agency_then=report.reader_agency_id) if is_own else Q(pk=None)) & ~own
    changed |= Q(counted_then=False, counts_victims=True) & ~own
    return then.filter(changed).exists() or _beside_older(report, is_own=is_own).exists()


def _defined_then(report: Report) -> QuerySet[Any]:
    """Return the indicators with who answered for them, and whether they counted victims, at the request."""
    then = IndicatorVersion.objects.held_at(report.asked_at).filter(indicator=OuterRef("pk"))
    return Indicator.objects.annotate(
        agency_then=Subquery(then.values("agency")[:1]),
        counted_then=Subquery(then.values("counts_victims")[:1]),
    ).filter(counted_then__isnull=False)


def _guarded(since: datetime) -> QuerySet[Figure]:
    """Return the reported numbers of victims since an instant."""
    counted = {"source": None, "series__indicator__counts_victims": True}
    return Figure.objects.filter(recorded_at__gt=since, **counted)


def _beside_older(report: Report, *, is_own: bool) -> QuerySet[Figure]:
    """Return the small numbers since the request that agencies reported for days of which older numbers are known."""
    older = Figure.objects.filter(
        series__indicator=OuterRef("series__indicator"),
        source=None,
        recorded_at__lte=report.asked_at,
        begins_on__lte=OuterRef("ends_on"),
        ends_on__gte=OuterRef("begins_on"),
    )
    small = _guarded(report.asked_at).filter(value__gt=0, value__lte=MOST_SMALL)
    if is_own:
        small = small.exclude(series__indicator__agency=report.reader_agency_id)
    return small.filter(Exists(older))
