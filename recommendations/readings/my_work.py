"""What My work shows: all that an agency owes, has sent and has settled, in at most six queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import JSONObject

from accounts.models import User
from audit import clock
from recommendations.models import Action, Assignment, AssignmentOfficer, AssignmentRequest, Review, Update
from recommendations.models.assignment import RequestKind
from recommendations.readings.accepted import Accepted, accepted_of, newest_accepted, readable_until
from recommendations.readings.saving import saved_text
from recommendations.readings.signs import ICONS
from recommendations.states import Decision, Status, UpdateState


class Group(StrEnum):
    """The sections of the page. Each assignment stands in one."""

    RETURNED = "returned"
    OVERDUE = "overdue"
    TO_SEND = "to_send"
    AWAITING = "awaiting"
    LATER = "later"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the agency has asked MAPO about an assignment, and waits for."""

    is_decline: bool
    proposed_on: date | None
    asked_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One assignment of the agency as My work shows it. Days are those of Kuala Lumpur."""

    assignment: Assignment
    accepted: Accepted | None
    accepted_until: date | None
    update: Update | None
    returned: Review | None
    request: Request | None
    officers: tuple[str, ...]
    is_mine: bool
    is_update_readable: bool
    has_several_cycles: bool
    today: date

    @property
    def label(self) -> str:
        """Recommendation 4; with the year while several cycles are open."""
        item = self.assignment.item
        return f"{item} · {item.cycle.year}" if self.has_several_cycles else str(item)

    @property
    def due_on(self) -> date | None:
        return self.assignment.next_due_on

    @property
    def update_state(self) -> str:
        return self.update.state if self.update else ""

    @property
    def is_draft(self) -> bool:
        return self.update_state == UpdateState.DRAFT

    @property
    def is_awaiting(self) -> bool:
        return self.update_state == UpdateState.SUBMITTED

    @property
    def is_returned(self) -> bool:
        return self.update_state == UpdateState.RETURNED

    @property
    def is_overdue(self) -> bool:
        """Owed before today, with nothing waiting at MAPO (rules, Cadence)."""
        return self.due_on is not None and self.due_on < self.today and not self.is_awaiting

    @property
    def is_due_soon(self) -> bool:
        if self.due_on is None or self.is_overdue or self.is_awaiting:
            return False
        return self.due_on <= self.today + timedelta(days=self.assignment.cycle.due_soon_days)

    @property
    def waiting_days(self) -> int:
        """Whole days since it was sent."""
        sent_at = self.update.submitted_at if self.update else None
        return (self.today - clock.local_date(sent_at)).days if sent_at else 0

    @property
    def group(self) -> Group:
        if self.is_returned:
            return Group.RETURNED
        if self.is_awaiting:
            return Group.AWAITING
        if self.is_overdue:
            return Group.OVERDUE
        if self.is_due_soon or self.is_draft:
            return Group.TO_SEND
        return Group.DONE if self.status == Status.DONE else Group.LATER

    @property
    def status(self) -> str:
        return self.accepted.status if self.accepted else Status.NONE.value

    @property
    def saved_text(self) -> str:
        return saved_text(self.update, today=self.today) if self.update else ""

    @property
    def repeats_since(self) -> date | None:
        """The day since which "nothing new" may be reported in one click; None where it may not."""
        return None if self.update else self.accepted_until


@dataclass(frozen=True, slots=True)
class Count:
    """How many of the agency's assignments have a status, by MAPO's newest verdicts."""

    icon: str
    label: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MyWork:
    """The page. Every group is in order of its dates."""

    groups: dict[Group, list[Task]]
    steps: list[Action]
    assignments_count: int
    leads_count: int
    counts: list[Count]

    @property
    def is_nothing_owed(self) -> bool:
        """Whether nothing is to be sent or mended now."""
        return not any(self.groups[group] for group in (Group.RETURNED, Group.OVERDUE, Group.TO_SEND))

    @property
    def next_task(self) -> Task | None:
        """What is owed next, among what need not be sent yet."""
        waiting = [task for group in (Group.LATER, Group.DONE) for task in self.groups[group] if task.due_on]
        return min(waiting, key=_by_due_date, default=None)


def read_my_work(user: User, *, today: date) -> MyWork:
    """Return the whole work of the person's agency in open cycles, as of `today`."""
    assignments = list(_assignments(user))
    tasks = _tasks(assignments, user=user, today=today)
    return MyWork(
        groups=_grouped(tasks),
        steps=_steps_due_soon(assignments, user=user, today=today),
        assignments_count=len(tasks),
        leads_count=sum(assignment.is_lead for assignment in assignments),
        counts=_counts(tasks),
    )


def _assignments(user: User) -> QuerySet[Assignment, Any]:
    links = AssignmentOfficer.objects.select_related("user").order_by("user__name", "user_id")
    asked = AssignmentRequest.objects.unanswered().filter(assignment=OuterRef("pk"))
    return (
        Assignment.objects.answered_by(user)
        .in_open_cycles()
        .select_related("item__cycle")
        .annotate(
            accepted=newest_accepted("pk"),
            asked=Subquery(
                asked.values(facts=JSONObject(kind="kind", proposed_on="proposed_on", at="asked_at"))[:1]
            ),
        )
        .prefetch_related(Prefetch("officer_links", queryset=links, to_attr="named"))
        .order_by("next_due_on", "pk")
    )


def _tasks(assignments: list[Any], *, user: User, today: date) -> list[Task]:
    updates = _open_updates(assignments, user=user)
    returned = _returns(updates.values(), user=user)
    readable = readable_until((each.accepted["id"] for each in assignments if each.accepted), user=user)
    has_several_cycles = len({assignment.item.cycle_id for assignment in assignments}) > 1
    tasks = []
    for assignment in assignments:
        update = updates.get(assignment.pk)
        accepted = accepted_of(assignment.accepted)
        tasks.append(
            Task(
                assignment=assignment,
                accepted=accepted,
                accepted_until=readable.get(accepted.review_id) if accepted else None,
                update=update,
                returned=returned.get(update.pk) if update else None,
                request=_request_of(assignment.asked),
                officers=tuple(link.user.name for link in assignment.named),
                is_mine=any(link.user_id == user.pk for link in assignment.named),
                is_update_readable=bool(update and update.is_readable),
                has_several_cycles=has_several_cycles,
                today=today,
            )
        )
    return tasks


def _open_updates(assignments: Iterable[Assignment], *, user: User) -> dict[int, Any]:
    """The one open update of each assignment, with `is_readable`: within the person's clearance."""
    readable = Update.objects.visible_to(user).filter(pk=OuterRef("pk"))
    found = Update.objects.open().filter(assignment__in=[assignment.pk for assignment in assignments])
    found = found.annotate(is_readable=Exists(readable)).select_related("saved_by").defer("narrative")
    return {update.assignment_id: update for update in found}


def _returns(updates: Iterable[Any], *, user: User) -> dict[int, Review]:
    """The newest return of each update that is returned and that the person may read."""
    returned = [
        update.pk for update in updates if update.state == UpdateState.RETURNED and update.is_readable
    ]
    if not returned:
        return {}
    reviews = Review.objects.visible_to(user).filter(
        decision=Decision.RETURN, submission__update__in=returned
    )
    reviews = reviews.select_related("reviewer", "submission").order_by("decided_at", "pk")
    return {review.submission.update_id: review for review in reviews}


def _request_of(facts: dict[str, Any] | None) -> Request | None:
    if not facts:
        return None
    proposed_on = facts["proposed_on"]
    return Request(
        is_decline=facts["kind"] == RequestKind.DECLINE,
        proposed_on=date.fromisoformat(proposed_on) if proposed_on else None,
        asked_on=clock.local_date(datetime.fromisoformat(facts["at"])),
    )


def _grouped(tasks: Iterable[Task]) -> dict[Group, list[Task]]:
    groups: dict[Group, list[Task]] = {group: [] for group in Group}
    for task in tasks:
        groups[task.group].append(task)
    for group, members in groups.items():
        members.sort(key=_by_waiting if group is Group.AWAITING else _by_due_date)
    return groups


def _by_due_date(task: Task) -> tuple[date, int]:
    return (task.due_on or date.max, task.assignment.pk)


def _by_waiting(task: Task) -> tuple[int, int]:
    return (-task.waiting_days, task.assignment.pk)


def _steps_due_soon(assignments: Iterable[Assignment], *, user: User, today: date) -> list[Action]:
    """The person's own planned steps that are late or due soon."""
    by_pk = {assignment.pk: assignment for assignment in assignments}
    steps = Action.objects.visible_to(user).planned().filter(owner=user, assignment__in=by_pk)
    found = []
    for step in steps:
        step.assignment = by_pk[step.assignment_id]
        if step.due_on <= today + timedelta(days=step.assignment.cycle.due_soon_days):
            found.append(step)
    return found


def _counts(tasks: Iterable[Task]) -> list[Count]:
    numbers = Counter(task.status for task in tasks)
    return [Count(ICONS[status], str(status.label), numbers[status]) for status in Status]
