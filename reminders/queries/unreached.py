"""Whom the reminders do not reach: people who never joined or do not read, agencies that are silent or have nobody."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Exists, F, IntegerField, Max, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import Agency, User, UserQuerySet
from accounts.regions import Place
from accounts.roles import AGENCY_ROLES, MAPO_ROLES, Role
from audit.clock import end_of_day
from recommendations.models import Assignment, Submission
from reminders.due.calendar import WorkCalendars
from reminders.kinds import CYCLE_KINDS, DEADLINE_KINDS
from reminders.models import Nudge, Reminder
from reminders.states import Audience

#: After so many working days unread, a reminder was not seen.
UNREAD_AFTER_DAYS = 10
#: An agency that was first reminded less than so many working days ago has not had time to answer.
SILENT_AFTER_DAYS = 3
#: What an agency can be late with: the dates of a cycle are over when they are past.
_DEADLINES = sorted(DEADLINE_KINDS - CYCLE_KINDS)


_SENT, _NUDGED = "sent", "nudged"
#: When something last happened, by what it was, agency and cycle.
_Newest = dict[tuple[str, int, int], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class SilentAgency:
    """An agency that is late in a cycle and has sent nothing since its first unanswered reminder.

    `assignment_ids` are those of the late matters, `oldest_on` is the earliest day that they were due.
    """

    agency: Agency
    year: int
    matters_count: int
    assignment_ids: list[int]
    oldest_on: date
    reminded_at: datetime
    submitted_at: datetime | None
    nudged_at: datetime | None


def silent_agencies(*, today: date, reminded_before: datetime) -> list[SilentAgency]:
    """Return the silent agencies that were first reminded before an instant, the longest silence first. Two queries.

    Of all open cycles. Only what was said to the agency's own people and not muted counts.
    """
    said = Reminder.objects.open().filter(
        what__in=_DEADLINES,
        due_on__lt=today,
        is_muted=False,
        step__in=(Audience.RESPONSIBLE, Audience.COORDINATOR),
        about__isnull=False,
        cycle__closed_at=None,
    )
    grouped = said.order_by().values(
        "about", "cycle__year", "about__code", "about__name_ms", "about__name_en", "cycle"
    )
    late: list[Any] = list(
        grouped.annotate(
            matters_count=Count("matter", distinct=True),
            assignment_ids=ArrayAgg("assignment", distinct=True, filter=Q(assignment__isnull=False)),
            oldest_on=Min("due_on"),
            reminded_at=Min("planned_at"),
        ).filter(reminded_at__lt=reminded_before)
    )
    newest = _newest_acts({row["about"] for row in late})
    found = [_silent_agency(row, newest) for row in late]
    silent = [each for each in found if each.submitted_at is None or each.submitted_at < each.reminded_at]
    return sorted(silent, key=lambda each: (each.reminded_at, each.agency.code, each.year))


def _silent_agency(row: dict[str, Any], newest: _Newest) -> SilentAgency:
    agency = {name: row[f"about__{name}"] for name in ("code", "name_ms", "name_en")}
    return SilentAgency(
        agency=Agency(pk=row["about"], **agency),
        year=row["cycle__year"],
        assignment_ids=row["assignment_ids"] or [],
        submitted_at=newest.get((_SENT, row["about"], row["cycle"])),
        nudged_at=newest.get((_NUDGED, row["about"], row["cycle"])),
        **{name: row[name] for name in ("matters_count", "oldest_on", "reminded_at")},
    )


def _newest_acts(agencies: Collection[int]) -> _Newest:
    """Return when each of these agencies last sent an update and was last nudged, in each open cycle. One query."""
    sent = _newest(Submission, "submitted_at", through="update__assignment", agencies=agencies)
    nudged = _newest(Nudge, "sent_at", through="assignment", agencies=agencies)
    rows = sent.annotate(act=Value(_SENT)).union(nudged.annotate(act=Value(_NUDGED)), all=True)
    return {(act, agency, cycle): at for agency, cycle, at, act in rows}


def _newest(model: Any, instant: str, *, through: str, agencies: Collection[int]) -> QuerySet[Any, Any]:
    item = f"{through}__item"
    rows = model.objects.filter(**{f"{through}__agency__in": agencies, f"{item}__cycle__closed_at": None})
    places = rows.order_by().values_list(f"{through}__agency", f"{item}__cycle")
    newest: QuerySet[Any, Any] = places.annotate(at=Max(instant))
    return newest


def agencies_with_people() -> QuerySet[Any, Any]:
    """Return all agencies with what `find_gaps` needs.

    `has_actor`, `has_coordinator`: somebody there can act, and coordinate; `invited_count`: how many have not joined;
    `assignments_count`, `year`: how many assignments in open cycles, and the newest of these cycles.
    """
    here = User.objects.filter(agency=OuterRef("pk")).order_by()
    able = here.able_to_act()
    invited = here.agency_actors().active().filter(joined_at=None).values("agency")
    in_force = Assignment.objects.in_force().in_open_cycles().filter(agency=OuterRef("pk")).order_by()
    return Agency.objects.annotate(
        has_actor=Exists(able),
        has_coordinator=Exists(able.filter(Q(role=Role.COORDINATOR) | Q(is_acting=True))),
        invited_count=_counted(invited),
        assignments_count=_counted(in_force.values("agency")),
        year=Subquery(in_force.order_by("-item__cycle__year").values("item__cycle__year")[:1]),
    ).order_by("code")


def find_gaps(agencies: Iterable[Any]) -> list[Any]:
    """Return those of `agencies_with_people` that have assignments and no coordinator, first those without an actor."""
    missing = [each for each in agencies if each.assignments_count and not each.has_coordinator]
    return sorted(missing, key=lambda agency: (agency.has_actor, agency.code))


def _counted(grouped: QuerySet[Any, Any], of: str = "pk") -> Coalesce:
    """Return how many different values there are for the key by which the rows are grouped, 0 included."""
    counted = grouped.annotate(total=Count(of, distinct=True)).values("total")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def working_days_ago(days: int, today: date, *, calendars: WorkCalendars) -> datetime:
    """Return the instant that lies so many working days of the secretariat back."""
    first = calendars[Place.PUTRAJAYA].day_of_level(today, -days)
    return end_of_day(first - timedelta(days=1))


def never_joined() -> QuerySet[User]:
    """Return active people who were invited and have not joined, without observers, who get no reminders."""
    return _addressees().filter(joined_at=None)


def not_reading(*, before: datetime, reader: User) -> QuerySet[User]:
    """Return active people, other than the reader, who joined and have unread reminders older than an instant."""
    slow = _addressees().joined().exclude(pk=reader.pk)
    return slow.filter(pk__in=_unread(before).values("user"))


def _addressees() -> UserQuerySet:
    people = User.objects.active().filter(role__in=(*AGENCY_ROLES, *MAPO_ROLES), agency__is_active=True)
    return people.order_by(F("invited_at").asc(nulls_first=True), "name", "pk")


def _unread(before: datetime) -> QuerySet[Reminder]:
    return Reminder.objects.unread().filter(user__isnull=False, planned_at__lt=before).order_by()


def unreached_people(*, before: datetime, reader: User) -> list[Any]:
    """Return who never joined, the longest first; then who does not read, the oldest reminder first, MAPO last.

    Each has `unread_count` matters, the oldest said at `oldest_at`. The reader is never among them. One query.
    """
    unread = _unread(before).filter(user=OuterRef("pk")).values("user")
    people = _addressees().annotate(
        unread_count=_counted(unread, of="matter"),
        oldest_at=Subquery(unread.annotate(oldest=Min("planned_at")).values("oldest")),
    )
    missed = people.filter(Q(joined_at=None) | Q(oldest_at__isnull=False)).exclude(pk=reader.pk)
    return sorted(missed.select_related("agency"), key=_slowness)


def _slowness(person: Any) -> tuple[Any, ...]:
    """Return the sort key; those who never joined stay in their order."""
    return (True, person.is_mapo, person.oldest_at, person.name) if person.has_joined else (False,)
