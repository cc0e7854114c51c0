"""What My work shows: all that an agency owes, has sent and has settled, in at most six queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from accounts.models import User
from recommendations.deadlines import is_overdue
from recommendations.models import Action, Assignment, AssignmentOfficer, AssignmentRequest, Review, Update
from recommendations.models.assignment import RequestKind
from recommendations.queries.my_work_tasks import OpenUpdate, PendingRequest, ReturnNote, Task, TaskGroup
from recommendations.queries.newest_verdicts import (
    newest_verdict_json,
    parse_newest_verdict,
    readable_reviews,
)
from recommendations.queries.unsettled_imports import UnsettledImport, unsettled_imports
from recommendations.states import AssignmentRole, Decision, Status, UpdateState
from recommendations.status_icons import ICONS


@dataclass(frozen=True, slots=True, kw_only=True)
class DueStep:
    """A planned step of the reader's own that is late or due soon."""

    id: int
    text: str
    due_on: date
    item_label: str
    today: date

    @property
    def is_overdue(self) -> bool:
        return is_overdue(self.due_on, today=self.today)


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
    steps: list[DueStep]
    assignments_count: int
    leads_count: int
    counts: list[StatusCount]
    openings: list[UnsettledImport]

    @property
    def is_nothing_owed(self) -> bool:
        """Whether nothing is to be sent or mended now."""
        if any(not opening.is_submitted for opening in self.openings):
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
    tasks = _tasks(user, today=today, has_several_cycles=has_several_cycles)
    return MyWork(
        groups=_grouped(tasks),
        steps=_steps_due_soon(tasks, user=user, today=today),
        assignments_count=len(tasks),
        leads_count=sum(task.role == AssignmentRole.LEAD for task in tasks),
        counts=_counts(tasks),
        openings=unsettled_imports(user),
    )


def _assignments(user: User) -> QuerySet[Any, Any]:
    officers = AssignmentOfficer.objects.filter(assignment=OuterRef("pk")).order_by("user__name", "user_id")
    updates = Update.objects.open().filter(assignment=OuterRef("pk"))
    requests = AssignmentRequest.objects.unanswered().filter(assignment=OuterRef("pk"))
    updates = updates.order_by("-reported_on", "pk")
    update = JSONObject(
        id="pk", state="state", saved_at="saved_at", submitted_at="submitted_at", opening="opening_id"
    )
    return (
        Assignment.objects.answered_by(user)
        .in_open_cycles()
        .annotate(
            accepted=newest_verdict_json("pk"),
            officers_named=ArraySubquery(officers.values(who=JSONObject(id="user_id", name="user__name"))),
            update=Subquery(updates.values(facts=update)[:1]),
            asked=Subquery(requests.values(facts=JSONObject(kind="kind", proposed_on="proposed_on"))[:1]),
            kind=F("item__kind"),
            number=F("item__number"),
            text_ms=F("item__text_ms"),
            text_en=F("item__text_en"),
            year=F("item__cycle__year"),
            due_soon_days=F("item__cycle__due_soon_days"),
        )
        .order_by("next_due_on", "pk")
        .values_list(
            "pk", "item_id", "kind", "number", "year", "text_ms", "text_en", "role", "next_due_on", "due_soon_days",
            "accepted", "officers_named", "update", "asked", named=True,
        )
    )  # fmt: skip


def _readable_updates(user: User) -> QuerySet[Any, Any]:
    """Those open updates of the agency that are within the person's clearance."""
    return Update.objects.visible_to(user).open().order_by("pk").values_list("pk", named=True)


def _returns(user: User) -> QuerySet[Any, Any]:
    """Every return of updates that are returned now, the newest last."""
    returned = Review.objects.visible_to(user).filter(
        decision=Decision.RETURN, submission__update__state=UpdateState.RETURNED
    )
    return returned.order_by("decided_at", "pk").values_list(
        "submission__update_id",
        "reason",
        "reviewer__name",
        "decided_at",
        named=True,
    )


def _own_steps(user: User) -> QuerySet[Any, Any]:
    return Action.objects.visible_to(user).planned().filter(owner=user).values_list(
        "pk", "text", "due_on", "assignment_id", named=True,
    )  # fmt: skip


def _tasks(user: User, *, today: date, has_several_cycles: bool) -> list[Task]:
    rows = list(_assignments(user))
    states = {row.update["state"] for row in rows if row.update}
    readable = {row.pk for row in _readable_updates(user)} if states else set()
    returns = _newest_returns(user) if UpdateState.RETURNED in states else {}
    until = readable_reviews((row.accepted["id"] for row in rows if row.accepted), user=user)
    return [
        _task(row, user=user, readable=readable, returns=returns, until=until,
              has_several_cycles=has_several_cycles, today=today)
        for row in rows
    ]  # fmt: skip


def _task(
    row: Any,
    *,
    user: User,
    readable: set[int],
    returns: dict[int, ReturnNote],
    until: dict[int, date],
    has_several_cycles: bool,
    today: date,
) -> Task:
    accepted = parse_newest_verdict(row.accepted)
    update = _update_of(row.update, readable)
    return Task(
        assignment_id=row.pk,
        item_id=row.item_id,
        kind=row.kind,
        number=row.number,
        year=row.year,
        text_ms=row.text_ms,
        text_en=row.text_en,
        role=row.role,
        due_on=row.next_due_on,
        due_soon_days=row.due_soon_days,
        accepted=accepted,
        accepted_until=until.get(accepted.review_id) if accepted else None,
        update=update,
        returned=returns.get(update.id) if update and update.is_readable else None,
        request=_request_of(row.asked),
        officers=tuple(officer["name"] for officer in row.officers_named),
        is_mine=any(officer["id"] == user.pk for officer in row.officers_named),
        has_several_cycles=has_several_cycles,
        today=today,
    )


def _newest_returns(user: User) -> dict[int, ReturnNote]:
    return {
        row.submission__update_id: ReturnNote(row.reason, row.reviewer__name, row.decided_at)
        for row in _returns(user)
    }


def _update_of(facts: dict[str, Any] | None, readable: set[int]) -> OpenUpdate | None:
    if not facts:
        return None
    submitted_at = facts["submitted_at"]
    return OpenUpdate(
        id=facts["id"],
        state=facts["state"],
        saved_at=datetime.fromisoformat(facts["saved_at"]),
        submitted_at=datetime.fromisoformat(submitted_at) if submitted_at else None,
        is_readable=facts["id"] in readable,
        opening_id=facts["opening"],
    )


def _request_of(facts: dict[str, Any] | None) -> PendingRequest | None:
    if not facts:
        return None
    proposed_on = facts["proposed_on"]
    return PendingRequest(
        is_decline=facts["kind"] == RequestKind.DECLINE,
        proposed_on=date.fromisoformat(proposed_on) if proposed_on else None,
    )


def _grouped(tasks: Iterable[Task]) -> dict[TaskGroup, list[Task]]:
    groups: dict[TaskGroup, list[Task]] = {group: [] for group in TaskGroup}
    for task in tasks:
        groups[task.group].append(task)
    for group, members in groups.items():
        members.sort(key=_by_waiting if group is TaskGroup.AWAITING else _by_due_date)
    return groups


def _by_due_date(task: Task) -> tuple[date, int]:
    return (task.due_on or date.max, task.assignment_id)


def _by_waiting(task: Task) -> tuple[int, int]:
    return (-task.waiting_days, task.assignment_id)


def _steps_due_soon(tasks: Iterable[Task], *, user: User, today: date) -> list[DueStep]:
    """The person's own planned steps that are late or due soon, soonest first."""
    by_assignment = {task.assignment_id: task for task in tasks}
    steps = []
    for row in _own_steps(user):
        task = by_assignment.get(row.assignment_id)
        if task is not None and row.due_on <= today + timedelta(days=task.due_soon_days):
            steps.append(
                DueStep(id=row.pk, text=row.text, due_on=row.due_on, item_label=task.label, today=today)
            )
    return steps


def _counts(tasks: Iterable[Task]) -> list[StatusCount]:
    numbers = Counter(task.status for task in tasks)
    return [StatusCount(ICONS[status], str(status.label), numbers[status]) for status in Status]
