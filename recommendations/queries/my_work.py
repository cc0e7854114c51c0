"""What My work shows: all that an agency owes, has sent and has settled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch

from accounts.models import Agency, User
from recommendations.models import Assignment, AssignmentRequest, Cycle, Review, Update
from recommendations.models.assignment import AssignmentQuerySet
from recommendations.models.update import UpdateQuerySet
from recommendations.queries.asked_updates import asked_reasons
from recommendations.queries.my_work_tasks import Task, TaskGroup
from recommendations.queries.overrides import standing_states
from recommendations.queries.readable_reviews import readable_reviews
from recommendations.queries.steps import StepLine, own_steps
from recommendations.queries.unsettled_imports import UnsettledImport, unsettled_imports
from recommendations.states import STATUS_ICONS, Status


@dataclass(frozen=True, slots=True)
class StatusCount:
    """How many of the agency's assignments have a status, by MAPO's newest verdicts."""

    icon: str
    label: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MyWork:
    """The page. Every group is in order of its dates."""

    groups: dict[TaskGroup, list[Task]]
    steps: list[StepLine]
    assignments_count: int
    leads_count: int
    counts: list[StatusCount]
    openings: list[UnsettledImport]

    @property
    def is_nothing_owed(self) -> bool:
        """Whether nothing is to be sent or corrected now."""
        if any(not batch.opening.is_submitted for batch in self.openings):
            return False
        return not any(
            self.groups[group] for group in (TaskGroup.RETURNED, TaskGroup.OVERDUE, TaskGroup.TO_SEND)
        )

    @property
    def next_task(self) -> Task | None:
        """What is owed next, among what need not be sent yet."""
        waiting = [
            task for group in (TaskGroup.LATER, TaskGroup.DONE) for task in self.groups[group] if task.due_on
        ]
        return min(waiting, key=_by_due_date, default=None)


def read_my_work(user: User, *, today: date, has_several_cycles: bool = False) -> MyWork:
    """Return the whole work of the person's agency in open cycles, as of `today`.

    Where several cycles are open, each task says the year of its own.
    """
    own = Assignment.objects.answered_by(user).in_open_cycles()
    tasks = read_tasks(own, user=user, today=today, has_several_cycles=has_several_cycles)
    return MyWork(
        groups=_grouped(tasks),
        steps=own_steps(user, today=today, has_several_cycles=has_several_cycles),
        assignments_count=len(tasks),
        leads_count=sum(task.assignment.is_lead for task in tasks),
        counts=_counts(tasks),
        openings=unsettled_imports(user, today=today),
    )


def read_tasks(
    assignments: AssignmentQuerySet, *, user: User, today: date, has_several_cycles: bool = False
) -> list[Task]:
    """Return these assignments as tasks, with what the person may read of each (eight queries at most)."""
    rows: list[Any] = list(
        assignments.select_related("item__cycle", "outcome")
        .prefetch_related(
            Prefetch("officers", User.objects.order_by("name", "pk")),
            Prefetch("requests", AssignmentRequest.objects.filter(answer=""), to_attr="asked"),
            Prefetch("updates", _open_updates(user), to_attr="begun"),
        )
        .order_by("next_due_on", "pk")
    )
    states = standing_states({row.item_id for row in rows}, reader=user)
    returned = set(filter(None, (row.outcome.returned_id for row in rows)))
    returns: Any = Review.objects.visible_to(user).select_related("reviewer").in_bulk(returned)
    until = readable_reviews(filter(None, (row.outcome.verdict_id for row in rows)), user=user)
    reasons = asked_reasons(row.pk for row in rows if row.next_due_on and row.outcome.is_completed)
    return [
        Task(
            assignment=row,
            update=next(iter(row.begun), None),
            request=next(iter(row.asked), None),
            set_by_mapo=states.get(row.item_id),
            newest_return=returns.get(row.outcome.returned_id),
            accepted_until=until.get(row.outcome.verdict_id or 0),
            asked_reason=reasons.get(row.pk, ""),
            reader=user,
            today=today,
            has_several_cycles=has_several_cycles,
        )
        for row in rows
    ]


def _open_updates(user: User) -> UpdateQuerySet:
    """Open updates, of an opening import the row reported last first, with whether the person may read each."""
    is_readable = Exists(Update.objects.visible_to(user).filter(pk=OuterRef("pk")))
    found: UpdateQuerySet = Update.objects.open().annotate(is_readable=is_readable)
    return found.select_related("saved_by").order_by("-reported_on", "pk")


def read_agency_tasks(agency: Agency, cycle: Cycle | None, *, reader: User, today: date) -> list[Task]:
    """Return an agency's assignments in force in a cycle, as `read_tasks` does."""
    in_force = Assignment.objects.in_force().filter(agency=agency, item__cycle=cycle)
    return read_tasks(in_force, user=reader, today=today)


def _grouped(tasks: Iterable[Task]) -> dict[TaskGroup, list[Task]]:
    groups: dict[TaskGroup, list[Task]] = {group: [] for group in TaskGroup}
    for task in tasks:
        groups[task.group].append(task)
    for group, members in groups.items():
        members.sort(key=_by_waiting if group is TaskGroup.AWAITING else _by_due_date)
    return groups


def _by_due_date(task: Task) -> tuple[date, int]:
    return (task.due_on or date.max, task.assignment.pk)


def _by_waiting(task: Task) -> tuple[int, int]:
    return (-task.waiting_days, task.assignment.pk)


def _counts(tasks: Iterable[Task]) -> list[StatusCount]:
    numbers = Counter(task.outcome.status for task in tasks)
    return [StatusCount(STATUS_ICONS[status], str(status.label), numbers[status]) for status in Status]
