"""What My work shows: all that an agency owes, has sent and has settled, in at most seven queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from accounts.models import Agency, User
from recommendations.models import Assignment, Cycle, Review, Update
from recommendations.models.assignment import AssignmentQuerySet
from recommendations.queries.asked_updates import asked_reasons
from recommendations.queries.my_work_tasks import ReturnNote, Task, TaskGroup
from recommendations.queries.readable_reviews import readable_reviews
from recommendations.queries.sql import OVERRIDE_SET_BY, fetch_rows, seen_candidate, sql_of
from recommendations.queries.steps import StepLine, own_steps
from recommendations.queries.unsettled_imports import UnsettledImport, unsettled_imports
from recommendations.states import STATUS_ICONS, AssignmentRole, Decision, Status
from submissions.states import OPEN_STATES, SubmissionState


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
    own = Assignment.objects.answered_by(user).in_open_cycles()
    tasks = read_tasks(own, user=user, today=today, has_several_cycles=has_several_cycles)
    return MyWork(
        groups=_grouped(tasks),
        steps=own_steps(user, today=today, has_several_cycles=has_several_cycles),
        assignments_count=len(tasks),
        leads_count=sum(task.role == AssignmentRole.LEAD for task in tasks),
        counts=_counts(tasks),
        openings=unsettled_imports(user, today=today),
    )


#: Its columns are the first fields of `Task`, in their order. The agency's own assignments come first (OFFSET 0), so that
#: nothing is looked up for those of others.
_ASSIGNMENTS = """
SELECT assignment.id, assignment.item_id, item.kind, item.number, cycle.year, item.text_ms, item.text_en, item.title_ms,
       item.title_en, assignment.role, assignment.next_due_on, cycle.due_soon_days,
       ARRAY(SELECT person.name
             FROM recommendations_assignmentofficer officer JOIN accounts_user person ON person.id = officer.user_id
             WHERE officer.assignment_id = assignment.id ORDER BY person.name, person.id),
       EXISTS (SELECT FROM recommendations_assignmentofficer officer
               WHERE officer.assignment_id = assignment.id AND officer.user_id = %s),
       outcome.verdict_id, outcome.status, outcome.decided_at,
       open.id, open.state, open.saved_at, saver.name, saver.id = %s, open.submitted_at, open.opening_id, open.is_readable,
       request.kind, request.proposed_on,
       override.status, override.percent, override.reason, override.set_at, CASE WHEN %s THEN {set_by} END
FROM (SELECT * FROM recommendations_assignment WHERE id IN ({own}) OFFSET 0) assignment
JOIN recommendations_item item ON item.id = assignment.item_id
JOIN recommendations_cycle cycle ON cycle.id = item.cycle_id
JOIN recommendations_outcome outcome ON outcome.assignment_id = assignment.id
LEFT JOIN LATERAL (
    SELECT candidate.id, candidate.state, candidate.saved_at, candidate.saved_by_id, candidate.submitted_at, candidate.opening_id,
           EXISTS ({readable} OFFSET 0) AS is_readable
    FROM recommendations_update candidate
    WHERE candidate.assignment_id = assignment.id AND candidate.state IN ({open_states})
    ORDER BY candidate.reported_on DESC, candidate.id
    LIMIT 1) open ON true
LEFT JOIN accounts_user saver ON saver.id = open.saved_by_id
LEFT JOIN recommendations_assignmentrequest request ON request.assignment_id = assignment.id AND request.answer = ''
LEFT JOIN recommendations_itemoverride override ON override.item_id = item.id AND override.ended_at IS NULL
ORDER BY assignment.next_due_on, assignment.id
"""
_OPEN = ", ".join(f"'{state}'" for state in OPEN_STATES)


def read_tasks(
    assignments: AssignmentQuerySet, *, user: User, today: date, has_several_cycles: bool = False
) -> list[Task]:
    """Return these assignments as tasks, with what the person may read of each (four queries at most)."""
    own, of_own = sql_of(assignments)
    readable, of_readable = seen_candidate(Update, user)
    statement = _ASSIGNMENTS.format(own=own, readable=readable, open_states=_OPEN, set_by=OVERRIDE_SET_BY)
    values = (user.pk, user.pk, user.is_mapo, *of_own, *of_readable)
    rows = fetch_rows(statement, values)
    tasks = [Task(*row, has_several_cycles=has_several_cycles, today=today) for row in rows]
    _add_what_mapo_wrote(tasks, user=user)
    until = readable_reviews((task.review_id for task in tasks if task.review_id), user=user)
    for task in tasks:
        task.accepted_until = until.get(task.review_id) if task.review_id else None
    return tasks


def _add_what_mapo_wrote(tasks: list[Task], *, user: User) -> None:
    """Add why updates came back, and why MAPO asks for one of what is completed (two queries at most)."""
    has_returned = any(task.update_state == SubmissionState.RETURNED for task in tasks)
    returns = _newest_returns(user) if has_returned else {}
    asked = asked_reasons(task.assignment_id for task in tasks if task.status == Status.DONE and task.due_on)
    for task in tasks:
        task.asked_reason = asked.get(task.assignment_id, "")
        if task.is_update_readable and task.update_id:
            task.returned = returns.get(task.update_id)


def read_agency_tasks(agency: Agency, cycle: Cycle | None, *, reader: User, today: date) -> list[Task]:
    """Return an agency's assignments in force in a cycle, as `read_tasks` does (four queries at most)."""
    in_force = Assignment.objects.in_force().filter(agency=agency, item__cycle=cycle)
    return read_tasks(in_force, user=reader, today=today)


def _newest_returns(user: User) -> dict[int, ReturnNote]:
    """Return the newest return of each update that is returned now (one query)."""
    returned = Review.objects.visible_to(user).filter(
        decision=Decision.RETURN, submission__update__state=SubmissionState.RETURNED
    )
    fields = ("submission__update_id", "reason", "reviewer__name", "decided_at")
    rows = returned.order_by("decided_at", "pk").values_list(*fields)
    return {update_id: ReturnNote(*note) for update_id, *note in rows}


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


def _counts(tasks: Iterable[Task]) -> list[StatusCount]:
    numbers = Counter(task.status for task in tasks)
    return [StatusCount(STATUS_ICONS[status], str(status.label), numbers[status]) for status in Status]
