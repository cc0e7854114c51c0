"""Plain records for the oracle, read from the tables without any code of the reminders."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

KUALA_LUMPUR = ZoneInfo("Asia/Kuala_Lumpur")


def day_of(instant: datetime) -> date:
    """Return the day in Kuala Lumpur."""
    return instant.astimezone(KUALA_LUMPUR).date()


class Person(NamedTuple):
    pk: int
    agency: int
    role: str
    clearance: int
    place: str
    is_active: bool
    has_joined: bool
    is_acting: bool
    muted: frozenset[str]

    @property
    def is_here(self) -> bool:
        return self.is_active and self.has_joined

    @property
    def can_act(self) -> bool:
        return self.is_here and self.role in ("officer", "coordinator")

    @property
    def is_mapo(self) -> bool:
        return self.is_here and self.role in ("reviewer", "administrator")


class Office(NamedTuple):
    pk: int
    place: str
    mailbox: str


class Task(NamedTuple):
    """An assignment in force."""

    pk: int
    cycle: int
    agency: int
    due_on: date | None
    next_due_on: date | None
    officers: frozenset[int]
    is_done: bool


class Report(NamedTuple):
    """An update that is submitted or returned."""

    pk: int
    task: int
    state: str
    lot: int | None
    is_by_letter: bool
    clearance: int
    #: The newest version sent.
    version: int
    sent_on: date
    #: The newest return, where it is one.
    decision: int | None
    returned_on: date | None
    resubmit_by: date | None
    writers: frozenset[int]


class Step(NamedTuple):
    """A planned action."""

    pk: int
    task: int
    owner: int
    due_on: date


class Question(NamedTuple):
    """A request that nobody has answered."""

    pk: int
    task: int
    asked_on: date


class Year(NamedTuple):
    """An open cycle."""

    pk: int
    interim_on: date
    window_end: date
    submission_on: date


class Rule(NamedTuple):
    pk: int
    cycle: int
    what: str
    audience: str
    first_days: int
    every_days: int | None
    times: int | None
    coordinator_days: int | None
    mapo_days: int | None
    is_urgent: bool


class Away(NamedTuple):
    absent: int
    colleague: int
    from_on: date
    until_on: date


@dataclass
class World:
    """Everything that decides what is due, as it is now."""

    people: dict[int, Person] = field(default_factory=dict)
    offices: dict[int, Office] = field(default_factory=dict)
    years: dict[int, Year] = field(default_factory=dict)
    tasks: dict[int, Task] = field(default_factory=dict)
    reports: list[Report] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    away: list[Away] = field(default_factory=list)
    #: Days off by place; those of the empty place hold everywhere.
    days_off: dict[str, set[date]] = field(default_factory=lambda: defaultdict(set))

    def place_of(self, person: Person) -> str:
        return person.place or self.offices[person.agency].place

    @cached_property
    def actors(self) -> dict[int, list[Person]]:
        """Who can act, by agency."""
        found: dict[int, list[Person]] = defaultdict(list)
        for person in self.people.values():
            if person.can_act:
                found[person.agency].append(person)
        return found

    @cached_property
    def mapo(self) -> list[Person]:
        return [person for person in self.people.values() if person.is_mapo]


def read_world() -> World:
    """Return the world as it is in the tables now."""
    world = World()
    _read_people(world)
    _read_rules(world)
    _read_tasks(world)
    _read_what_is_open(world)
    return world


def _read_people(world: World) -> None:
    from accounts.models import Agency, StandIn, User
    from reminders.models import DayOff, Preference

    muted = {row.user_id: frozenset(row.muted) for row in Preference.objects.all()}
    for row in User.objects.order_by("pk").values_list(
        "pk", "agency_id", "role", "clearance", "place", "is_active", "joined_at", "is_acting"
    ):
        pk, agency, role, clearance, place, is_active, joined_at, is_acting = row
        world.people[pk] = Person(
            pk, agency, role, clearance, place, is_active, joined_at is not None, is_acting,
            muted.get(pk, frozenset()),
        )  # fmt: skip
    for office in Agency.objects.values_list("pk", "place", "shared_mailbox"):
        world.offices[office[0]] = Office._make(office)
    for away in StandIn.objects.filter(ended_at=None).order_by("absent_id"):
        world.away.append(Away(away.absent_id, away.colleague_id, away.from_on, away.until_on))
    for day, place in DayOff.objects.filter(removed_at=None).values_list("day", "place"):
        world.days_off[place].add(day)


def _read_rules(world: World) -> None:
    from recommendations.models import Cycle
    from reminders.models import ReminderRule

    for cycle in Cycle.objects.filter(closed_at=None):
        world.years[cycle.pk] = Year(cycle.pk, cycle.interim_on, cycle.window_end, cycle.submission_on)
    world.rules = [
        Rule._make(row)
        for row in ReminderRule.objects.filter(is_on=True).order_by("pk").values_list(
            "pk", "cycle_id", "what", "audience", "first_days", "every_days", "times", "coordinator_days",
            "mapo_days", "is_urgent",
        )
    ]  # fmt: skip


def _read_tasks(world: World) -> None:
    from recommendations.models import Assignment, AssignmentOfficer, Review

    officers: dict[int, set[int]] = defaultdict(set)
    for task, person in AssignmentOfficer.objects.values_list("assignment_id", "user_id"):
        officers[task].add(person)
    verdicts = dict(
        Review.objects.filter(decision="accept")
        .order_by("decided_at", "pk")
        .values_list("assignment_id", "status")
    )
    for row in Assignment.objects.filter(stage="confirmed").values_list(
        "pk", "item__cycle_id", "agency_id", "due_on", "next_due_on"
    ):
        if row[1] in world.years:
            world.tasks[row[0]] = Task(*row, frozenset(officers[row[0]]), verdicts.get(row[0]) == "done")


def _read_what_is_open(world: World) -> None:
    from recommendations.models import Action, AssignmentRequest, Update

    waiting = list(
        Update.objects.filter(state__in=["submitted", "returned"]).select_related("opening").order_by("pk")
    )
    about = _About([update.pk for update in waiting])
    for update in waiting:
        version, sent_at, *classes = about.versions[update.pk]
        decision, returned_at, resubmit_by = about.returns.get(update.pk, (None, None, None))
        lot = [update.opening.classification] if update.opening else []
        world.reports.append(
            Report(
                update.pk, update.assignment_id, update.state, update.opening_id, update.is_by_letter,
                max(*classes, *lot, *about.documents[version]), version, day_of(sent_at), decision,
                day_of(returned_at) if returned_at else None, resubmit_by, frozenset(about.writers[update.pk]),
            )
        )  # fmt: skip
    for row in Action.objects.filter(done_on=None, cancelled_at=None).values_list(
        "pk", "assignment_id", "owner_id", "due_on"
    ):
        world.steps.append(Step._make(row))
    for pk, task, asked_at in AssignmentRequest.objects.filter(answer="").values_list(
        "pk", "assignment_id", "asked_at"
    ):
        world.questions.append(Question(pk, task, day_of(asked_at)))


class _About:
    """Return what belongs to these updates: versions, returns, classes of documents, writers."""

    def __init__(self, updates: list[int]) -> None:
        from recommendations.models import Review, Submission, SubmissionDocument, UpdateWriter

        versions = Submission.objects.filter(update_id__in=updates).order_by("number")
        self.versions: dict[int, Any] = {
            row[0]: row[1:]
            for row in versions.values_list("update_id", "pk", "submitted_at", "classification")
        }
        returns = Review.objects.filter(decision="return", submission__update_id__in=updates).order_by("pk")
        self.returns: dict[int, Any] = {
            row[0]: row[1:]
            for row in returns.values_list("submission__update_id", "pk", "decided_at", "resubmit_by")
        }
        self.documents: dict[int, list[int]] = defaultdict(lambda: [0])
        cited = SubmissionDocument.objects.filter(submission__update_id__in=updates)
        for version, clearance in cited.values_list("submission_id", "document__classification"):
            self.documents[version].append(clearance)
        self.writers: dict[int, set[int]] = defaultdict(set)
        for update, person in UpdateWriter.objects.filter(update_id__in=updates).values_list(
            "update_id", "user_id"
        ):
            self.writers[update].add(person)
