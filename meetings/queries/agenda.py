"""The agenda of a meeting in the secretary's order, each point with what is gathered for it, in a fixed number of queries.

Facts are those of the day, by what had been recorded by its end; rights are the reader's own, now.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.models import User
from audit.clock import end_of_day
from meetings.models import AgendaPoint, Meeting
from meetings.queries.contradictions import contradiction_rows
from meetings.queries.gathering import changed_rows, earlier_rows, request_rows, state_rows
from meetings.queries.outcomes import earlier_decisions
from meetings.queries.rows import AgendaRow
from meetings.queries.turnaround import MonthOfDecisions, turnaround
from meetings.states import PointKind
from recommendations.queries.cycle_state import state_of_cycle
from recommendations.queries.decisions import decisions_between

#: Rows of a point that the page lists; the evidence pack lists all.
MOST_ROWS = 100
#: With more of them, a point that is being prepared is folded: the next points stay within reach.
MOST_OPEN_ROWS = 20


def ranks_by_day(rows: Sequence[AgendaRow]) -> list[int]:
    """Return the rank of each row when the newest is the first, 0."""
    order = sorted(range(len(rows)), key=lambda place: (rows[place].on or date.min, place), reverse=True)
    ranks = {place: rank for rank, place in enumerate(order)}
    return [ranks[place] for place in range(len(rows))]


def newest_rows(rows: Sequence[AgendaRow], *, most: int) -> tuple[AgendaRow, ...]:
    """Return the newest rows, `most` of them, in the order in which they stand."""
    return tuple(row for row, rank in zip(rows, ranks_by_day(rows), strict=True) if rank < most)


@dataclass(frozen=True, slots=True)
class Gathering:
    """Everything gathered for a meeting. `since` and `as_at` are the days; changes are those after the end of `since`."""

    since: date
    as_at: date
    rows: dict[str, tuple[AgendaRow, ...]]
    months: tuple[MonthOfDecisions, ...]

    def of(self, kind: str) -> tuple[AgendaRow, ...]:
        """Return the rows of a kind of point; own points have none."""
        return self.rows.get(kind, ())


def gather(meeting: Meeting, *, user: User) -> Gathering:
    """Return what a prepared meeting gathers, with the reader's rights. Takes a fixed number of queries, however much there is.

    Raises ValueError for a meeting without days.
    """
    if meeting.as_at_on is None or meeting.since_on is None:
        raise ValueError("the meeting is not prepared")
    cycle, as_at, since = meeting.cycle, meeting.as_at_on, meeting.since_on
    before = end_of_day(as_at)
    state = state_of_cycle(cycle, user=user, before=before)
    items = {row.item_id: row for row in state.items}
    decisions = decisions_between(cycle, user=user, since=since, until=as_at)
    rows = state_rows(state, as_at=as_at)
    earlier = earlier_decisions(meeting, since=since, as_at=as_at)
    rows[PointKind.EARLIER] = tuple(earlier_rows(earlier, items, as_at=as_at))
    rows[PointKind.CHANGED] = tuple(changed_rows(decisions, items))
    rows[PointKind.CONTRADICTS] = contradiction_rows(cycle, user=user, before=before)
    rows[PointKind.REQUESTS] = tuple(request_rows(cycle, items, before=before, as_at=as_at))
    return Gathering(since, as_at, rows, turnaround(cycle, as_at=as_at))


@dataclass(frozen=True, slots=True)
class PreparedPoint:
    """A point with its rows. `rows` are those that stay in, `all_rows` also those that are left out."""

    point: AgendaPoint
    all_rows: tuple[AgendaRow, ...]
    is_first: bool = False
    is_last: bool = False

    @property
    def kind(self) -> str:
        return self.point.kind

    @property
    def heading(self) -> str:
        return self.point.heading

    @property
    def rows(self) -> tuple[AgendaRow, ...]:
        left_out = set(self.point.left_out)
        return tuple(row for row in self.all_rows if row.key not in left_out)

    @property
    def listed_rows(self) -> tuple[AgendaRow, ...]:
        """The rows that the page lists: the newest decisions, or the first rows of other kinds."""
        if self.kind == PointKind.CHANGED:
            return newest_rows(self.all_rows, most=MOST_ROWS)
        return self.all_rows[:MOST_ROWS]

    @property
    def is_long(self) -> bool:
        return len(self.listed_rows) > MOST_OPEN_ROWS

    @property
    def more_count(self) -> int:
        return len(self.all_rows) - len(self.listed_rows)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say: no rows, no text, no title of its own, and not MAPO's turnaround."""
        is_told = self.kind in (PointKind.OWN, PointKind.WAITING)
        return not (is_told or self.all_rows or self.point.text)


@dataclass(frozen=True, slots=True)
class PreparedAgenda:
    """What was gathered, and all points in order. `hidden_count` points are classified above the reader's clearance."""

    gathering: Gathering
    points: tuple[PreparedPoint, ...]
    hidden_count: int

    @property
    def laid_points(self) -> tuple[PreparedPoint, ...]:
        """The points that go to the council: not left out, and not empty."""
        return tuple(each for each in self.points if not (each.point.is_left_out or each.is_empty))


def read_agenda(meeting: Meeting, *, user: User) -> PreparedAgenda:
    """Return the agenda of a prepared meeting as the person may see it. Takes a fixed number of queries.

    This is what papers are written from: `laid_points`, each with `heading`, `rows` and `point.text`, and
    `gathering.months`. Raises ValueError for a meeting without days.
    """
    gathering = gather(meeting, user=user)
    points = list(meeting.points.select_related("saved_by").order_by("position"))
    seen = [point for point in points if point.classification <= user.clearance]
    return PreparedAgenda(gathering, tuple(_with_rows(seen, gathering)), len(points) - len(seen))


def _with_rows(points: list[AgendaPoint], gathering: Gathering) -> Iterable[PreparedPoint]:
    for index, point in enumerate(points):
        yield PreparedPoint(
            point, gathering.of(point.kind), is_first=index == 0, is_last=index == len(points) - 1
        )


def usual_days(meeting: Meeting, *, today: date) -> tuple[date, date]:
    """Return the days that a preparation begins with: as at yesterday, since the paper of the meeting before.

    Without one, since its day, or since the day before the window (one query).
    """
    as_at = min(today - timedelta(days=1), meeting.meets_on)
    previous = Meeting.objects.held().before(meeting).first()
    if previous is None:
        since = meeting.cycle.window_start - timedelta(days=1)
    else:
        since = previous.as_at_on or previous.meets_on
    return as_at, min(since, as_at)
