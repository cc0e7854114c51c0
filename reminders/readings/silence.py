"""Whom the reminders do not reach: people who never came, agencies that answer nothing, agencies without anybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from accounts.models import Agency, User
from accounts.places import Place
from accounts.roles import AGENCY_ROLES, MAPO_ROLES, Role
from audit.clock import end_of_day
from recommendations.models import Assignment, Submission
from reminders.calendars import Calendars
from reminders.models import Nudge, Reminder
from reminders.states import Step, What

#: What lies unread for more than so many working days was not seen.
UNREAD_AFTER_DAYS = 10
#: What an agency is late with: it has a day, and the day has gone.
_LATE = (What.UPDATE_DUE, What.FINAL_DUE, What.ACTION_DUE, What.RESUBMIT_DUE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SilentAgency:
    """An agency that is late in a cycle and has sent nothing since its first reminder that is unanswered.

    `assignment_ids` are those of the late matters; `oldest_on` is the earliest day that has gone.
    """

    agency: Agency
    year: int
    matters_count: int
    assignment_ids: list[int]
    oldest_on: date
    reminded_at: datetime
    submitted_at: datetime | None
    nudged_at: datetime | None


def silent_agencies(*, today: date) -> list[SilentAgency]:
    """Those of all open cycles, the longest silence first. One query.

    Only what was said to the agency's own people counts, and was not muted: who was not asked is not silent.
    """
    said = Reminder.objects.standing().filter(
        what__in=_LATE,
        due_on__lt=today,
        is_muted=False,
        step__in=(Step.RESPONSIBLE, Step.COORDINATOR),
        about__isnull=False,
        cycle__closed_at=None,
    )
    grouped = said.order_by().values(
        "about", "cycle__year", "about__code", "about__name_ms", "about__name_en", "cycle"
    )
    rows = grouped.annotate(
        matters_count=Count("matter", distinct=True),
        assignment_ids=ArrayAgg("assignment", distinct=True, filter=Q(assignment__isnull=False)),
        oldest_on=Min("due_on"),
        reminded_at=Min("planned_at"),
        submitted_at=_newest_of(Submission, "submitted_at", through="update__assignment"),
        nudged_at=_newest_of(Nudge, "sent_at", through="assignment"),
    )
    silent = rows.filter(Q(submitted_at=None) | Q(submitted_at__lt=F("reminded_at")))
    return [_silent(row) for row in silent.order_by("reminded_at", "about__code", "cycle__year")]


def _newest_of(model: Any, instant: str, *, through: str) -> Subquery:
    """When the agency of the outer query last had one of these in its cycle."""
    own = {f"{through}__agency": OuterRef("about"), f"{through}__item__cycle": OuterRef("cycle")}
    return Subquery(model.objects.filter(**own).order_by(f"-{instant}").values(instant)[:1])


def _silent(row: Any) -> SilentAgency:
    agency = Agency(
        pk=row["about"],
        code=row["about__code"],
        name_ms=row["about__name_ms"],
        name_en=row["about__name_en"],
    )
    facts = ("matters_count", "oldest_on", "reminded_at", "submitted_at", "nudged_at")
    return SilentAgency(
        agency=agency,
        year=row["cycle__year"],
        assignment_ids=row["assignment_ids"] or [],
        **{name: row[name] for name in facts},
    )


@dataclass(frozen=True, slots=True)
class Gap:
    """An agency that answers for something and has no coordinator; `is_deserted`: nobody there can act at all."""

    agency: Agency
    year: int
    assignments_count: int
    is_deserted: bool
    invited_count: int


def gaps() -> list[Gap]:
    """Agencies with assignments in force in open cycles, those in which nobody can act first. One query."""
    here = User.objects.filter(agency=OuterRef("pk")).order_by()
    able = here.agency_actors().active().exclude(joined_at=None)
    invited = here.agency_actors().active().filter(joined_at=None).values("agency")
    in_force = Assignment.objects.in_force().in_open_cycles().filter(agency=OuterRef("pk")).order_by()
    rows = (
        Agency.objects.filter(Exists(in_force))
        .annotate(
            has_actor=Exists(able),
            has_coordinator=Exists(able.filter(Q(role=Role.COORDINATOR) | Q(is_acting=True))),
            invited_count=_counted(invited),
            assignments_count=_counted(in_force.values("agency")),
            year=Subquery(in_force.order_by("-item__cycle__year").values("item__cycle__year")[:1]),
        )
        .filter(has_coordinator=False)
        .order_by("has_actor", "code")
    )
    return [Gap(row, row.year, row.assignments_count, not row.has_actor, row.invited_count) for row in rows]


def _counted(grouped: QuerySet[Any, Any]) -> Coalesce:
    """How many rows the outer query's agency has; 0 where it has none."""
    counted = grouped.annotate(total=Count("pk")).values("total")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def unread_since(today: date, *, calendars: Calendars) -> datetime:
    """What was said before this instant is older than `UNREAD_AFTER_DAYS` working days of the secretariat."""
    first = calendars[Place.PUTRAJAYA].day_of_rung(today, -UNREAD_AFTER_DAYS)
    return end_of_day(first - timedelta(days=1))


def unreached_people(*, before: datetime) -> QuerySet[Any, Any]:
    """People who were invited and never came, then those with unread reminders older than an instant.

    With `unread_count` and `oldest_at` of these. Observers are told nothing, so they miss nothing.
    """
    unread = Reminder.objects.unread().filter(user=OuterRef("pk"), planned_at__lt=before).order_by()
    told = User.objects.active().filter(role__in=(*AGENCY_ROLES, *MAPO_ROLES), agency__is_active=True)
    oldest = unread.values("user").annotate(oldest=Min("planned_at")).values("oldest")
    counted = unread.values("user").annotate(total=Count("matter", distinct=True)).values("total")
    never_first = Case(When(joined_at=None, then=Value(0)), default=Value(1))
    unreached: QuerySet[Any, Any] = (
        told.filter(Q(joined_at=None) | Exists(unread))
        .annotate(
            unread_count=Coalesce(Subquery(counted, output_field=IntegerField()), 0),
            oldest_at=Subquery(oldest),
        )
        .select_related("agency")
        .order_by(never_first, F("oldest_at").asc(nulls_first=True), "invited_at", "name", "pk")
    )
    return unreached
