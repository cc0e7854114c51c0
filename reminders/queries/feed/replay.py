"""What a person's calendar has shown, played from the first thing on record to the newest.

The same records always give the same calendar, so it is never stored: whoever fetches it a second time gets the same
bytes. Each thing (an assignment, a cycle) has a revision: how many of the acts on record could have changed what the
person sees of it. Records are only ever added, so a revision never goes back, and it rises with whatever moves a date
or takes it away.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter

from recommendations.states import Decision, Stage, Status, UpdateState
from reminders.queries.feed.turns import AbsenceTurn, AssignmentTurn, CycleTurn, StandingTurn, Turn
from reminders.states import What


@dataclass(frozen=True, slots=True)
class Place:
    """Where an assignment belongs."""

    assignment_id: int
    agency_id: int
    cycle_id: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A date in a person's calendar, or one that was in it until `cancelled_at`.

    `number` is that of the step, the assignment or the cycle that it is about. `is_readable`: the person may still
    see what it is about.
    """

    what: What
    number: int
    assignment_id: int | None
    cycle_id: int
    day: date
    revision: int
    changed_at: datetime
    cancelled_at: datetime | None
    is_readable: bool


@dataclass(slots=True)
class _Shown:
    day: date
    cancelled_at: datetime | None = None


@dataclass(eq=False, slots=True)
class _Thread:
    """One thing, its revision, and each date of it that the person has ever seen."""

    cycle_id: int
    assignment_id: int | None = None
    revision: int = 0
    changed_at: datetime | None = None
    is_readable: bool = True
    shown: dict[tuple[What, int], _Shown] = field(default_factory=dict)

    def note(self, days: dict[tuple[What, int], date], *, at: datetime, turns: int) -> None:
        """Go on to what is shown from this instant on, after so many turns."""
        self.revision += turns
        self.changed_at = at
        for key, shown in self.shown.items():
            if key not in days and shown.cancelled_at is None:
                shown.cancelled_at = at
        for key, day in days.items():
            self.shown[key] = _Shown(day)

    def entries(self) -> Iterator[Entry]:
        for (what, number), shown in self.shown.items():
            assert self.changed_at is not None
            yield Entry(
                what=what,
                number=number,
                assignment_id=self.assignment_id,
                cycle_id=self.cycle_id,
                day=shown.day,
                revision=self.revision,
                changed_at=self.changed_at,
                cancelled_at=shown.cancelled_at,
                is_readable=self.is_readable,
            )


@dataclass(eq=False, slots=True)
class _Step:
    """A planned step that is neither done nor cancelled."""

    owner_id: int
    due_on: date


@dataclass(eq=False, slots=True)
class _Course:
    """One assignment as the turns have left it so far."""

    place: Place
    thread: _Thread
    stage: str = ""
    due_on: date | None = None
    next_due_on: date | None = None
    is_done: bool = False
    is_known: bool = False
    was_here: bool = False
    named: frozenset[int] = frozenset()
    #: Updates that are submitted or returned; and those that speak for an opening import, or for themselves.
    open: dict[int, str] = field(default_factory=dict)
    speakers: set[int] = field(default_factory=set)
    steps: dict[int, _Step] = field(default_factory=dict)

    def take(self, turn: AssignmentTurn) -> None:
        """Go on by one turn."""
        match turn.what:
            case "version":
                self.stage, self.due_on, self.next_due_on = turn.word, turn.day, turn.other_day
                self.is_known = self.is_known or turn.word == Stage.CONFIRMED
            case "named":
                self.named = frozenset(turn.people)
            case "sent":
                self.open[turn.thing_id] = UpdateState.SUBMITTED
                if turn.word:
                    self.speakers.add(turn.thing_id)
            case Decision.RETURN:
                self.open[turn.thing_id] = UpdateState.RETURNED
            case Decision.ACCEPT:
                self.open.pop(turn.thing_id, None)
                self.is_done = turn.word == Status.DONE
            case "withdrawn":
                self.open.pop(turn.thing_id, None)
            case "planned":
                assert turn.day is not None
                self.steps[turn.thing_id] = _Step(turn.people[0], turn.day)
            case "settled":
                self.steps.pop(turn.thing_id, None)

    @property
    def is_returned(self) -> bool:
        """Whether an update came back; of an opening import, the first of its rows says so for all."""
        return any(state == UpdateState.RETURNED and key in self.speakers for key, state in self.open.items())

    def days(self) -> Iterator[tuple[What, int, date, Collection[int]]]:
        """Yield what is owed, by when, and who is named for it."""
        number = self.place.assignment_id
        if self.next_due_on and not self.open:
            yield What.UPDATE_DUE, number, self.next_due_on, self.named
        if self.next_due_on and self.is_returned:
            yield What.RESUBMIT_DUE, number, self.next_due_on, self.named
        if self.due_on and not self.is_done:
            yield What.FINAL_DUE, number, self.due_on, self.named
        for key, step in self.steps.items():
            yield What.ACTION_DUE, key, step.due_on, (step.owner_id,)


class _Past:
    """Everything as the turns have left it so far."""

    def __init__(self, reader_id: int, places: Iterable[Place]) -> None:
        self._reader_id = reader_id
        self._courses = {
            place.assignment_id: _Course(place, _Thread(place.cycle_id, place.assignment_id))
            for place in places
        }
        self._of_agency: dict[int, list[_Course]] = defaultdict(list)
        self._of_cycle: dict[int, list[_Course]] = defaultdict(list)
        for course in self._courses.values():
            self._of_agency[course.place.agency_id].append(course)
            self._of_cycle[course.place.cycle_id].append(course)
        #: Who acts for an agency, and whether they coordinate it.
        self._offices: dict[int, dict[int, bool]] = defaultdict(dict)
        self._absent: Counter[int] = Counter()
        self._open_cycles: set[int] = set()
        self._cycles: dict[int, _Thread] = {}

    def go_on(self, turns: Iterable[Turn], *, at: datetime) -> None:
        """Take what happened in one instant, then look at what it touched."""
        touched: Counter[_Course] = Counter()
        for turn in turns:
            touched.update(self._take(turn))
        for course, number in touched.items():
            self._look(course, at=at, turns=number)

    def entries(self) -> list[Entry]:
        threads = [*self._cycles.values(), *(course.thread for course in self._courses.values())]
        return [entry for thread in threads for entry in thread.entries()]

    def _take(self, turn: Turn) -> Collection[_Course]:
        """Go on by one turn; return the assignments that it concerns."""
        match turn:
            case AssignmentTurn():
                course = self._courses.get(turn.assignment_id)
                if course is None:
                    return ()
                course.take(turn)
                return (course,)
            case StandingTurn():
                office = self._offices[turn.agency_id]
                if turn.coordinates is None:
                    office.pop(turn.user_id, None)
                else:
                    office[turn.user_id] = turn.coordinates
                return self._of_agency[turn.agency_id]
            case AbsenceTurn():
                self._absent[turn.absent_id] += 1 if turn.begins else -1
                return list(self._courses.values())
            case CycleTurn():
                return self._take_cycle(turn)

    def _take_cycle(self, turn: CycleTurn) -> Collection[_Course]:
        thread = self._cycles.setdefault(turn.cycle_id, _Thread(turn.cycle_id))
        days = {(what, turn.cycle_id): day for what, day in turn.days} if turn.is_open else {}
        thread.note(days, at=turn.at, turns=1)
        if turn.is_open == (turn.cycle_id in self._open_cycles):
            return ()
        self._open_cycles ^= {turn.cycle_id}
        return self._of_cycle[turn.cycle_id]

    def _look(self, course: _Course, *, at: datetime, turns: int) -> None:
        office = self._offices[course.place.agency_id]
        is_here = self._reader_id in office
        if course.is_known and (is_here or course.was_here):
            days = self._days_of(course, office) if is_here else {}
            course.thread.note(days, at=at, turns=turns)
        course.was_here = course.thread.is_readable = is_here

    def _days_of(self, course: _Course, office: dict[int, bool]) -> dict[tuple[What, int], date]:
        if course.stage != Stage.CONFIRMED or course.place.cycle_id not in self._open_cycles:
            return {}
        readers = [self._reader_id, *(who for who, times in self._absent.items() if times > 0)]
        return {
            (what, number): day
            for what, number, day, named in course.days()
            if any(_answers(who, named, office) for who in readers)
        }


def _answers(who: int, named: Collection[int], office: dict[int, bool]) -> bool:
    """Whether somebody would be reminded of it: a coordinator of all; others of what they are named for.

    Where nobody who is named can act, the coordinators answer for it; where there are none, everybody who can act.
    """
    if who not in office:
        return False
    if office[who]:
        return True
    able = [person for person in named if person in office]
    return who in able if able else not any(office.values())


def replay(turns: Iterable[Turn], *, reader_id: int, places: Iterable[Place]) -> list[Entry]:
    """Return every date that the person's calendar has ever held, in no order, as it is after the last turn.

    The turns are in the order of their instants, and of what must have come first within one.
    """
    past = _Past(reader_id, places)
    for at, together in groupby(turns, key=attrgetter("at")):
        past.go_on(together, at=at)
    return past.entries()
