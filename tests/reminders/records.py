"""Plain records for the oracle, read from the tables without any code of the reminders."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection

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
    """The update of an assignment that is submitted or returned: of an opening import, the one reported last."""

    pk: int
    task: int
    state: str
    opening: int | None
    is_by_letter: bool
    clearance: int
    #: The newest version sent.
    version: int
    sent_on: date
    #: The newest return, where it is one.
    decision: int | None
    returned_on: date | None
    resubmit_by: date | None
    #: Who wrote it, and who was of the agency when it was sent.
    barred: frozenset[int]


class Step(NamedTuple):
    """A planned action."""

    pk: int
    task: int | None
    owner: int | None
    due_on: date
    cycle: int
    agency: int
    is_mapo: bool
    is_decision: bool


class Question(NamedTuple):
    """A request that nobody has answered."""

    pk: int
    task: int
    asked_on: date


class Sheet(NamedTuple):
    """A report of a month that was sent and not withdrawn; who typed it, and who was of the agency when it was sent."""

    cycle: int
    agency: int
    month: date
    state: str
    version: int
    sent_on: date
    returned_on: date | None
    clearance: int
    barred: frozenset[int]


class Year(NamedTuple):
    """An open cycle."""

    pk: int
    window_start: date
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
    rules: list[Rule] = field(default_factory=list)
    away: list[Away] = field(default_factory=list)
    #: Days off by place; those of the empty place hold everywhere.
    days_off: dict[str, set[date]] = field(default_factory=lambda: defaultdict(set))
    tasks: dict[int, Task] = field(default_factory=dict)
    reports: list[Report] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    #: The agencies that answer for an indicator, and the months of figures that were sent.
    counting: list[int] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)
    #: The whole indicators in use of each agency, and those of which a number was sent or accepted, by agency and month.
    wholes: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    given: dict[tuple[int, date], set[int]] = field(default_factory=lambda: defaultdict(set))
    #: What the oracle has found for these people and rules, by day and then by matter; for its own use.
    found: dict[date, dict[Any, Any]] = field(default_factory=dict, compare=False)

    def place_of(self, person: Person) -> str:
        return person.place or self.offices[person.agency].place

    @property
    def setting(self) -> tuple[Any, ...]:
        """Everything but what is open: who is told of it, when, and by which rules."""
        return self.people, self.offices, self.years, self.rules, self.away, self.days_off

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


def read_world(former: World | None = None) -> World:
    """Return the world as it is in the tables now.

    What the oracle has found in the former world is kept as long as people and rules are exactly as they were in it.
    """
    world = World()
    _read_people(world)
    _read_rules(world)
    if former is not None and world.setting == former.setting:
        world.found = former.found
    _read_tasks(world)
    _read_what_is_open(world)
    _read_figures(world)
    return world


def _select(statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """Return the rows of a statement. It is plain SQL because a window reads the world some eight hundred times."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _read_people(world: World) -> None:
    muted = dict(_select("SELECT user_id, muted FROM reminders_preference"))
    for *values, pk in _select(
        "SELECT id, agency_id, role, clearance, place, is_active, joined_at IS NOT NULL, is_acting, id"
        " FROM accounts_user ORDER BY id"
    ):
        world.people[pk] = Person(*values, frozenset(muted.get(pk, ())))
    for office in _select("SELECT id, place, shared_mailbox FROM accounts_agency"):
        world.offices[office[0]] = Office._make(office)
    world.away = [
        Away._make(row)
        for row in _select(
            "SELECT absent_id, colleague_id, from_on, until_on FROM accounts_standin"
            " WHERE ended_at IS NULL ORDER BY absent_id"
        )
    ]
    for day, place in _select("SELECT day, place FROM reminders_dayoff WHERE removed_at IS NULL"):
        world.days_off[place].add(day)


def _read_rules(world: World) -> None:
    for year in _select(
        "SELECT id, window_start, interim_on, window_end, submission_on FROM recommendations_cycle"
        " WHERE closed_at IS NULL"
    ):
        world.years[year[0]] = Year._make(year)
    world.rules = [
        Rule._make(row)
        for row in _select(
            "SELECT id, cycle_id, what, audience, first_days, every_days, times, coordinator_days, mapo_days,"
            " is_urgent FROM reminders_reminderrule WHERE is_on ORDER BY id"
        )
    ]


def _read_tasks(world: World) -> None:
    officers = _grouped("SELECT assignment_id, user_id FROM recommendations_assignmentofficer")
    verdicts = dict(
        _select(
            "SELECT assignment_id, status FROM recommendations_review"
            " WHERE decision = 'accept' ORDER BY decided_at, id"
        )
    )
    for row in _select(
        "SELECT assignment.id, item.cycle_id, assignment.agency_id, assignment.due_on, assignment.next_due_on"
        " FROM recommendations_assignment assignment"
        " JOIN recommendations_item item ON item.id = assignment.item_id"
        " WHERE assignment.stage = 'confirmed' ORDER BY assignment.id"
    ):
        if row[1] in world.years:
            world.tasks[row[0]] = Task(*row, frozenset(officers[row[0]]), verdicts.get(row[0]) == "done")


def _read_what_is_open(world: World) -> None:
    waiting = _select(
        "SELECT DISTINCT ON (update.assignment_id) update.id, update.assignment_id, update.state, update.opening_id, update.is_by_letter,"
        " import.classification FROM recommendations_update update"
        " LEFT JOIN recommendations_openingimport import ON import.id = update.opening_id"
        " WHERE update.state IN ('submitted', 'returned')"
        " ORDER BY update.assignment_id, update.reported_on DESC NULLS LAST, update.id DESC"
    )
    about = _About([pk for pk, *_values in waiting])
    for pk, task, state, opening, is_by_letter, class_of_opening in waiting:
        version, sent_at, clearance = about.versions[pk]
        decision, returned_at, resubmit_by = about.returns.get(pk, (None, None, None))
        world.reports.append(
            Report(
                pk, task, state, opening, is_by_letter, max(clearance, class_of_opening or 0, *about.documents[version], 0),
                version, day_of(sent_at), decision, day_of(returned_at) if returned_at else None, resubmit_by,
                frozenset(about.barred[pk]),
            )
        )  # fmt: skip
    world.steps = [
        Step._make(row)
        for row in _select(
            "SELECT action.id, assignment_id, owner_id, due_on, item.cycle_id, agency_id, is_mapo, is_decision"
            " FROM recommendations_action action JOIN recommendations_item item ON item.id = action.item_id"
            " WHERE done_on IS NULL AND cancelled_at IS NULL ORDER BY due_on, action.id"
        )
    ]
    for pk, task, asked_at in _select(
        "SELECT id, assignment_id, asked_at FROM recommendations_assignmentrequest WHERE answer = ''"
        " ORDER BY asked_at, id"
    ):
        world.questions.append(Question(pk, task, day_of(asked_at)))


def _read_figures(world: World) -> None:
    world.counting = [
        pk
        for (pk,) in _select(
            "SELECT DISTINCT agency.id FROM indicators_indicator indicator JOIN accounts_agency agency"
            " ON agency.id = indicator.agency_id WHERE indicator.is_active AND agency.is_active ORDER BY agency.id"
        )
    ]
    for agency, indicator in _select(
        "SELECT agency_id, id FROM indicators_indicator WHERE is_active AND agency_id IS NOT NULL"
    ):
        world.wholes[agency].add(indicator)
    for agency, month, indicator in _select(
        "SELECT indicator.agency_id, figure.begins_on, indicator.id FROM indicators_figure figure"
        " JOIN indicators_series series ON series.id = figure.series_id AND series.key = ''"
        " JOIN indicators_indicator indicator ON indicator.id = series.indicator_id"
        " WHERE figure.source_id IS NULL AND figure.ended_at IS NULL AND figure.period_kind = 'month'"
    ):
        world.given[agency, month].add(indicator)
    for report, cycle, agency, month, state, sent_at in _select(
        "SELECT id, cycle_id, agency_id, month, state, submitted_at FROM indicators_figurereport"
        " WHERE submitted_at IS NOT NULL AND state <> 'withdrawn' ORDER BY id"
    ):
        if cycle not in world.years:
            continue
        ((version,),) = _select(
            "SELECT max(id) FROM indicators_figuresubmission WHERE report_id = %s", report
        )
        ((returned_at,),) = _select(
            "SELECT max(decided_at) FROM indicators_figuredecision decision JOIN indicators_sentfigure sent"
            " ON sent.id = decision.sent_id WHERE sent.submission_id = %s",
            version,
        )
        ((clearance,),) = _select(
            "SELECT coalesce(max(classification), 0) FROM indicators_figuresubmissiondocument cited"
            " JOIN evidence_document document ON document.id = cited.document_id"
            " WHERE cited.submission_id = %s AND document.stored_name <> ''",
            version,
        )
        barred = _select(
            "SELECT user_id FROM indicators_figurereportwriter WHERE report_id = %s UNION"
            " SELECT user_id FROM accounts_posting WHERE agency_id = %s AND began_at <= %s"
            " AND (ended_at IS NULL OR ended_at >= %s)",
            report, agency, sent_at, sent_at,
        )  # fmt: skip
        if state == "submitted":
            world.given[agency, month] |= {
                pk
                for (pk,) in _select(
                    "SELECT series.indicator_id FROM indicators_sentfigure sent JOIN indicators_series series"
                    " ON series.id = sent.series_id AND series.key = '' WHERE sent.submission_id = %s",
                    version,
                )
            }
        returned_on = day_of(returned_at) if returned_at and state == "returned" else None
        world.sheets.append(
            Sheet(
                cycle, agency, month, state, version, day_of(sent_at), returned_on, clearance,
                frozenset(pk for (pk,) in barred),
            )
        )  # fmt: skip


class _About:
    """What belongs to these updates: newest versions, returns, classes of documents, who may not decide."""

    def __init__(self, updates: list[int]) -> None:
        self.versions: dict[int, Any] = {
            row[0]: row[1:]
            for row in _select(
                "SELECT update_id, id, submitted_at, classification FROM recommendations_submission"
                " WHERE update_id = ANY(%s) ORDER BY number",
                updates,
            )
        }
        self.returns: dict[int, Any] = {
            row[0]: row[1:]
            for row in _select(
                "SELECT submission.update_id, review.id, review.decided_at, review.resubmit_by"
                " FROM recommendations_review review"
                " JOIN recommendations_submission submission ON submission.id = review.submission_id"
                " WHERE review.decision = 'return' AND submission.update_id = ANY(%s) ORDER BY review.id",
                updates,
            )
        }
        self.documents = _grouped(
            "SELECT cited.submission_id, document.classification FROM recommendations_submissiondocument cited"
            " JOIN evidence_document document ON document.id = cited.document_id"
            " WHERE cited.submission_id = ANY(%s)",
            [version for version, *_values in self.versions.values()],
        )
        self.barred = _grouped(
            "SELECT update_id, user_id FROM recommendations_updatewriter WHERE update_id = ANY(%s) UNION"
            " SELECT sent.update_id, posting.user_id FROM recommendations_submission sent"
            " JOIN recommendations_update update ON update.id = sent.update_id"
            " JOIN recommendations_assignment assignment ON assignment.id = update.assignment_id"
            " JOIN accounts_posting posting ON posting.agency_id = assignment.agency_id"
            " AND posting.began_at <= sent.submitted_at"
            " AND (posting.ended_at IS NULL OR posting.ended_at >= sent.submitted_at) WHERE sent.id = ANY(%s)",
            updates,
            [version for version, *_values in self.versions.values()],
        )


def _grouped(statement: str, *parameters: Any) -> dict[int, set[int]]:
    """Return the second column of the rows by the first."""
    found: dict[int, set[int]] = defaultdict(set)
    for key, value in _select(statement, *parameters):
        found[key].add(value)
    return found
