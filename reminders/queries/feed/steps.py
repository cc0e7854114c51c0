"""Steps of MAPO itself and of the council's decisions in a person's calendar: no assignment carries them.

A step has as many revisions as versions. Whom it concerns is asked of the people as they are now: whoever it no longer
concerns loses it, and who owned it before sees it cancelled.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import Q

from accounts.models import StandIn, User
from audit.clock import local_date
from recommendations.models import Action
from reminders.due.audiences import coordinates, is_told
from reminders.kinds import ReminderKind
from reminders.queries.feed.entries import FeedEntry, FeedSubject


def step_entries(person: User, *, now: datetime) -> list[FeedEntry]:
    """Return the person's entries of such steps, cancelled ones too: one query, and three more where there are any."""
    rows = Action.objects.worked_on_by(person).filter(Q(is_mapo=True) | Q(is_decision=True))
    steps = list(rows.select_related("item__cycle", "owner").prefetch_related("versions").order_by("pk"))
    if not steps:
        return []
    today = local_date(now)
    away = StandIn.objects.filter(colleague=person, ended_at=None, from_on__lte=today, until_on__gte=today)
    people = [person.pk, *away.values_list("absent_id", flat=True)]
    actors = {} if person.is_mapo else _actors(person.agency_id)
    entries = (_entry(step, person, people=people, actors=actors) for step in steps)
    return [entry for entry in entries if entry is not None]


def _actors(agency_id: int) -> dict[int, bool]:
    """Return who acts for the agency, each with whether they coordinate it."""
    found = User.objects.able_to_act().in_agency(agency_id).values_list("pk", "role", "is_acting")
    return {pk: coordinates(role, is_acting=is_acting) for pk, role, is_acting in found}


def _entry(
    step: Action, person: User, *, people: Collection[int], actors: Mapping[int, bool]
) -> FeedEntry | None:
    versions = sorted(step.versions.all(), key=lambda version: version.pk)
    newest, cycle = versions[-1], step.item.cycle
    is_now_told = _concerns(step, people, actors)
    if not (is_now_told or person.pk in {version.owner_id for version in versions}):
        return None
    is_gone = not (step.is_planned and is_now_told)
    subject = FeedSubject(
        cycle_id=cycle.pk, item_id=step.item_id, revision=len(versions), changed_at=newest.began_at
    )
    cancelled_at = newest.began_at if is_gone else cycle.closed_at
    return FeedEntry(subject, ReminderKind.ACTION_DUE, step.pk, step.due_on, cancelled_at)


def _concerns(step: Action, people: Collection[int], actors: Mapping[int, bool]) -> bool:
    """Whether the reader, or somebody they stand in for, would be reminded of the step (see `due.sql`)."""
    owner = step.owner
    if step.is_mapo:
        return (
            owner is None
            or owner.pk in people
            or not (owner.is_active and owner.has_joined and owner.is_mapo)
        )
    named = [owner.pk] if owner else []
    return any(is_told(each, named=named, actors=actors) for each in people)
