"""What the page of one agency shows: who answers for what, how far each item is, who is away, what was asked of MAPO.

The rights are those of rules: the agency sees all of its own; MAPO sees that a draft exists, not who writes it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Agency, User
from accounts.queries import StandInLine, stand_ins_in
from recommendations.models import Assignment, AssignmentOfficer, AssignmentRequest, Cycle, Update
from recommendations.queries.my_work_tasks import Task, TaskGroup
from submissions.states import SubmissionState
from ui.query_state import AddressFilters

#: The filter value for assignments for which nobody who can act is named.
NOBODY = "none"
#: How many requests are listed.
REQUESTS_SHOWN = 10


class WorkState(models.TextChoices):
    """What somebody may look for among an agency's assignments; one may be in several of these states."""

    RETURNED = "returned", pgettext_lazy("update", "Returned")
    LATE = "late", _("Late")
    SOON = "soon", _("Due soon")
    DRAFT = "draft", pgettext_lazy("update", "Draft")
    AWAITING = "awaiting", _("Awaiting MAPO")
    UNNAMED = "unnamed", _("Without an officer")
    ASKED = "asked", _("Requests waiting")


#: The icon and tone of a state that is not empty.
_SIGNS: dict[WorkState, tuple[str, str]] = {
    WorkState.RETURNED: ("undo-2", "danger"),
    WorkState.LATE: ("alarm-clock", "danger"),
    WorkState.SOON: ("clock", "warning"),
    WorkState.DRAFT: ("pencil", "quiet"),
    WorkState.AWAITING: ("hourglass", "info"),
    WorkState.UNNAMED: ("triangle-alert", "warning"),
    WorkState.ASKED: ("message-square", "quiet"),
}


@dataclass(frozen=True, kw_only=True)
class AgencyFilters(AddressFilters):
    """The filters of the table: a `WorkState`, and the id of an officer or `NOBODY`."""

    choices: ClassVar[Mapping[str, list[str]]] = {"state": ["", *WorkState.values]}

    state: str = ""
    officer: str = ""

    def fits(self, row: AgencyRow) -> bool:
        """Return whether a row is left by the filters."""
        return (not self.state or self.state in row.states) and self._fits_officer(row)

    def _fits_officer(self, row: AgencyRow) -> bool:
        if self.officer == NOBODY:
            return WorkState.UNNAMED in row.states
        return not self.officer or self.officer in {str(officer.id) for officer in row.officers}


@dataclass(frozen=True, slots=True)
class NamedOfficer:
    """A person who is named for an assignment. `is_able`: they belong to the agency and can sign in."""

    id: int
    name: str
    is_able: bool
    away_until: date | None


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """One assignment of the agency. `update_state` is what the reader may know of its open update, `author` who
    last saved the draft ("" for MAPO, and above the reader's clearance). `draft_since`: when a draft that the reader
    may know of was begun.
    """

    task: Task
    officers: list[NamedOfficer]
    update_state: str
    author: str
    draft_since: datetime | None

    @property
    def is_unnamed(self) -> bool:
        """Whether nobody who could act is named."""
        return not any(officer.is_able for officer in self.officers)

    @property
    def is_draft(self) -> bool:
        return self.update_state == SubmissionState.DRAFT

    @property
    def is_returned(self) -> bool:
        return self.update_state == SubmissionState.RETURNED

    @property
    def is_awaiting(self) -> bool:
        return self.update_state == SubmissionState.SUBMITTED

    @property
    def status_icon(self) -> str:
        return self.task.outcome.icon

    @property
    def status_label(self) -> str:
        return self.task.outcome.status_label

    @property
    def states(self) -> set[str]:
        """Return the states by which the row is found."""
        holds = {
            WorkState.RETURNED: self.is_returned,
            WorkState.LATE: self.task.is_overdue,
            WorkState.SOON: self.task.is_due_soon,
            WorkState.DRAFT: self.is_draft,
            WorkState.AWAITING: self.is_awaiting,
            WorkState.UNNAMED: self.is_unnamed,
            WorkState.ASKED: self.task.request is not None,
        }
        return {state for state, is_so in holds.items() if is_so}


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many assignments are in a state, over all rows."""

    state: WorkState
    number: int

    @property
    def icon(self) -> str:
        return _SIGNS[self.state][0]

    @property
    def tone(self) -> str:
        """Return the tone of the icon; quiet for none."""
        return _SIGNS[self.state][1] if self.number else "quiet"


@dataclass(frozen=True, slots=True)
class AgencyPerson:
    """A person of the agency, the number of items that they are named for, and when they are away."""

    person: User
    items_count: int
    absences: list[StandInLine]

    @property
    def is_away(self) -> bool:
        return any(line.has_begun for line in self.absences)


@dataclass(frozen=True, kw_only=True)
class AgencyPage:
    """The page. `rows` are those that the filters leave; counts and people are about all."""

    rows: list[AgencyRow]
    total: int
    counts: list[StateCount]
    people: list[AgencyPerson]
    requests: list[AssignmentRequest]

    @property
    def has_absences(self) -> bool:
        """Return whether anybody is away now or will be."""
        return any(person.absences for person in self.people)

    @property
    def away_count(self) -> int:
        return sum(person.is_away for person in self.people)

    @property
    def actors(self) -> list[AgencyPerson]:
        """Return those who may be named."""
        return [each for each in self.people if each.person.is_able_to_act]

    @property
    def officer_choices(self) -> list[tuple[str, Any]]:
        """Return what the filter of officers offers."""
        return [
            (NOBODY, _("Without an officer")),
            *((str(each.person.pk), each.person.name) for each in self.actors),
        ]


def read_agency_page(
    agency: Agency,
    cycle: Cycle | None,
    *,
    tasks: list[Task],
    reader: User,
    filters: AgencyFilters,
    today: date,
) -> AgencyPage:
    """Return the page of an agency, for a reader of the agency or of MAPO. Five queries at most.

    `tasks` are the agency's in this cycle, as `my_work.read_agency_tasks` returns them.
    """
    absences = _absences(agency, today)
    named = _named([task.assignment.pk for task in tasks], agency, absences)
    drafts = _known_drafts(tasks, reader)
    rows = [_row(task, named[task.assignment.pk], drafts, reader) for task in tasks]
    return AgencyPage(
        rows=sorted(filter(filters.fits, rows), key=_by_urgency),
        total=len(rows),
        counts=_counts(rows),
        people=_people(agency, rows, absences),
        requests=_requests(agency, cycle, reader),
    )


def agencies_in_force(cycle: Cycle | None) -> list[Agency]:
    """Return the agencies that answer for an item of the cycle, by code (one query)."""
    in_force = Assignment.objects.in_force().filter(agency=OuterRef("pk"), item__cycle=cycle)
    return list(Agency.objects.filter(Exists(in_force)).order_by("code"))


def _by_urgency(row: AgencyRow) -> tuple[int, date, int]:
    """Returned first, then late, to be sent, waiting at MAPO, later, and completed; each by its due date."""
    task = row.task
    return (list(TaskGroup).index(task.group), task.due_on or date.max, task.assignment.pk)


def _counts(rows: Iterable[AgencyRow]) -> list[StateCount]:
    numbers = Counter(state for row in rows for state in row.states)
    return [StateCount(state, numbers[state]) for state in WorkState]


def _absences(agency: Agency, today: date) -> dict[int, list[StandInLine]]:
    found: dict[int, list[StandInLine]] = defaultdict(list)
    for line in stand_ins_in(agency, today=today):
        found[line.stand_in.absent_id].append(line)
    return found


def _named(
    assignment_ids: list[int], agency: Agency, absences: Mapping[int, list[StandInLine]]
) -> dict[int, list[NamedOfficer]]:
    """Return who is named for each assignment, by name (one query)."""
    links = AssignmentOfficer.objects.filter(assignment__in=assignment_ids).select_related("user")
    found: dict[int, list[NamedOfficer]] = defaultdict(list)
    for link in links.order_by("user__name", "user_id"):
        person = link.user
        away = [line.stand_in.until_on for line in absences.get(person.pk, ()) if line.has_begun]
        found[link.assignment_id].append(
            NamedOfficer(
                person.pk,
                person.name,
                person.is_able_to_act and person.agency_id == agency.pk,
                max(away, default=None),
            )
        )
    return found


def _known_drafts(tasks: Iterable[Task], reader: User) -> dict[int, tuple[str, datetime]]:
    """Return, by id, the drafts of which the reader may know: who last saved each, and when it was begun (one query)."""
    drafts = [task.update.pk for task in tasks if task.is_draft and task.update]
    known = Update.objects.filter(pk__in=drafts).within_clearance(reader)
    return {pk: (name, since) for pk, name, since in known.values_list("pk", "saved_by__name", "created_at")}


def _row(
    task: Task, officers: list[NamedOfficer], drafts: Mapping[int, tuple[str, datetime]], reader: User
) -> AgencyRow:
    """Return the row; MAPO is not told of an update above its reader's clearance."""
    update_id = task.update.pk if task.update else 0
    is_told = task.is_update_readable or update_id in drafts or not reader.is_mapo
    author, since = drafts.get(update_id, ("", None))
    state = task.update_state if is_told else ""
    return AgencyRow(task, officers, state, "" if reader.is_mapo else author, since)


def _people(
    agency: Agency, rows: Iterable[AgencyRow], absences: Mapping[int, list[StandInLine]]
) -> list[AgencyPerson]:
    """Return the active people of the agency, coordinators first (one query)."""
    items = Counter(officer.id for row in rows for officer in row.officers)
    people = User.objects.active().in_agency(agency.pk).order_by("role", "name", "pk")
    return [AgencyPerson(person, items[person.pk], absences.get(person.pk, [])) for person in people]


def _requests(agency: Agency, cycle: Cycle | None, reader: User) -> list[AssignmentRequest]:
    """Return the agency's newest requests, those that wait for an answer first (one query)."""
    rows = AssignmentRequest.objects.visible_to(reader).filter(
        assignment__agency=agency, assignment__item__cycle=cycle
    )
    waiting_first = models.Case(models.When(answer="", then=0), default=1)
    found = rows.select_related("assignment__item", "asked_by", "answered_by")
    return list(found.order_by(waiting_first, "-asked_at", "-pk")[:REQUESTS_SHOWN])
