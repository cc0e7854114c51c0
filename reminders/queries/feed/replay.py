"""What a person's calendar has shown, replayed from the first change on record to the newest.

The same records always give the same calendar, byte for byte, so it is not stored. Each assignment and each cycle has
a revision: how many changes on record could have changed what the person sees of it. Records are only ever added, so
a revision never goes back, and it rises with whatever moves a date or takes it away.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter

from recommendations.models import Assignment
from recommendations.states import Stage, Status
from reminders.due.audiences import is_told
from reminders.kinds import ASSIGNMENT_DATES, NO_UPDATE, ReminderKind
from reminders.queries.feed.entries import DateKey, FeedEntry, FeedSubject
from reminders.queries.feed.history import (
    ActorChange,
    AssignmentChange,
    Change,
    CycleChange,
    StandInChange,
)
from submissions.states import SubmissionState


@dataclass(eq=False, slots=True, kw_only=True)
class _AssignmentHistory(FeedSubject):
    """One assignment as the changes so far have left it."""

    number: int
    agency_id: int
    stage: str = ""
    due_on: date | None = None
    next_due_on: date | None = None
    is_done: bool = False
    #: It has been in force; and the person acted for its agency at the last change.
    is_known: bool = False
    was_here: bool = False
    named: frozenset[int] = frozenset()
    #: The state of updates that are submitted or returned, and the opening import ("": none) that the last one came with.
    updates: dict[int, str] = field(default_factory=dict)
    opening: str = ""
    #: The owner, if any, and the day of steps that are neither done nor cancelled.
    steps: dict[int, tuple[list[int], date]] = field(default_factory=dict)

    def apply(self, change: AssignmentChange) -> None:
        """Go on by one change."""
        thing = change.thing_id
        match change.what:
            case "version":
                self.stage, self.due_on, self.next_due_on = change.word, change.day, change.other_day
                self.is_known = self.is_known or change.word == Stage.CONFIRMED
            case "named":
                self.named = frozenset(change.people)
            case "sent":
                self.updates[thing], self.opening = SubmissionState.SUBMITTED, change.word
            case "return":
                self.updates[thing] = SubmissionState.RETURNED
            case "accept":
                self.updates.pop(thing, None)
                self.is_done = change.word == Status.DONE
            case "withdrawn":
                self.updates.pop(thing, None)
            case "planned":
                assert change.day is not None
                self.steps[thing] = (change.people, change.day)
            case "settled":
                self.steps.pop(thing, None)

    def days(self, *, speaks: bool) -> Iterator[tuple[DateKey, date, Collection[int]]]:
        """Yield the dates that stand, with who is named for each; `speaks`: for its opening import, or for itself."""
        #: The rows of an import in one assignment share their state.
        update_state = next(iter(self.updates.values()), NO_UPDATE)
        for each in ASSIGNMENT_DATES:
            day: date | None = getattr(self, each.field)
            if day and each.is_in_calendar(
                update_state=update_state, speaks_for_import=speaks, is_done=self.is_done
            ):
                yield (each.kind, self.number), day, self.named
        for step, (owners, due_on) in self.steps.items():
            yield (ReminderKind.ACTION_DUE, step), due_on, owners


class _Replay:
    """Everything as the changes so far have left it."""

    def __init__(self, reader_id: int, assignments: Iterable[Assignment]) -> None:
        self._reader_id = reader_id
        self._assignments = {
            row.pk: _AssignmentHistory(
                cycle_id=row.item.cycle_id, assignment_id=row.pk, number=row.pk, agency_id=row.agency_id
            )
            for row in assignments
        }
        self._cycles: dict[int, FeedSubject] = {}
        self._open_cycles: set[int] = set()
        #: Who acts for an agency, each with whether they coordinate it.
        self._actors: dict[int, dict[int, bool]] = defaultdict(dict)
        #: For whom the reader stands in, and how many times over.
        self._absent: Counter[int] = Counter()

    def apply(self, changes: Iterable[Change], *, at: datetime) -> None:
        """Apply what happened in one instant, then show what it left of the assignments concerned."""
        concerned: Counter[_AssignmentHistory] = Counter()
        for change in changes:
            concerned.update(self._apply(change))
        for assignment, number in concerned.items():
            self._show(assignment, at=at, changes=number)

    def entries(self) -> list[FeedEntry]:
        subjects = [*self._cycles.values(), *self._assignments.values()]
        return [
            FeedEntry(subject, *key, *shown) for subject in subjects for key, shown in subject.shown.items()
        ]

    def _apply(self, change: Change) -> Collection[_AssignmentHistory]:
        """Go on by one change; return the assignments that it concerns."""
        match change:
            case AssignmentChange():
                assignment = self._assignments.get(change.assignment_id)
                if assignment is None:
                    return ()
                assignment.apply(change)
                # Once it ends, the next one speaks for its import.
                return self._together(assignment) if change.word == Stage.ENDED else (assignment,)
            case ActorChange():
                return self._apply_actor(change)
            case StandInChange():
                self._absent[change.absent_id] += 1 if change.begins else -1
                return self._assignments.values()
            case CycleChange():
                return self._apply_cycle(change)

    def _apply_actor(self, change: ActorChange) -> Collection[_AssignmentHistory]:
        if change.coordinates is None:
            self._actors[change.agency_id].pop(change.user_id, None)
        else:
            self._actors[change.agency_id][change.user_id] = change.coordinates
        return [each for each in self._assignments.values() if each.agency_id == change.agency_id]

    def _apply_cycle(self, change: CycleChange) -> Collection[_AssignmentHistory]:
        cycle = self._cycles.setdefault(change.cycle_id, FeedSubject(cycle_id=change.cycle_id))
        days = {(kind, change.cycle_id): day for kind, day in change.days.items()} if change.is_open else {}
        cycle.show(days, at=change.at, changes=1)
        if change.is_open == (change.cycle_id in self._open_cycles):
            return ()
        self._open_cycles ^= {change.cycle_id}
        return [each for each in self._assignments.values() if each.cycle_id == change.cycle_id]

    def _together(self, assignment: _AssignmentHistory) -> Collection[_AssignmentHistory]:
        """Return the assignments in which the same opening import waits or came back; without one, this alone."""
        if not (assignment.opening and assignment.updates):
            return (assignment,)
        return [
            each for each in self._assignments.values() if each.opening == assignment.opening and each.updates
        ]

    def _speaks(self, assignment: _AssignmentHistory) -> bool:
        """Whether an assignment in force speaks for its opening import (docs/reminders.md, What stands), or for itself."""
        in_force = (each.number for each in self._together(assignment) if each.stage == Stage.CONFIRMED)
        return assignment.number == min(in_force)

    def _show(self, assignment: _AssignmentHistory, *, at: datetime, changes: int) -> None:
        is_here = self._reader_id in self._actors[assignment.agency_id]
        if assignment.is_known and (is_here or assignment.was_here):
            days = self._days_of(assignment) if is_here else {}
            assignment.show(days, at=at, changes=changes)
        assignment.was_here = assignment.is_readable = is_here

    def _days_of(self, assignment: _AssignmentHistory) -> dict[DateKey, date]:
        """Return the dates of which the reader, or somebody they stand in for, would be told."""
        if assignment.stage != Stage.CONFIRMED or assignment.cycle_id not in self._open_cycles:
            return {}
        actors = self._actors[assignment.agency_id]
        people = [self._reader_id, *(person for person, times in self._absent.items() if times > 0)]
        return {
            key: day
            for key, day, named in assignment.days(speaks=self._speaks(assignment))
            if any(is_told(person, named=named, actors=actors) for person in people)
        }


def replay(
    changes: Iterable[Change], *, reader_id: int, assignments: Iterable[Assignment]
) -> list[FeedEntry]:
    """Return every date that the person's calendar has ever held, in no order, as it is after the last change.

    The changes are in the order of their instants, and of what must have come first within one.
    """
    history = _Replay(reader_id, assignments)
    for at, together in groupby(changes, key=attrgetter("at")):
        history.apply(together, at=at)
    return history.entries()
