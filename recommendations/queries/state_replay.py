"""How the states of items came about: every change, in the order in which it was recorded.

A turn (of the database's flag `is_turn`) is whatever can change an item's state: a verdict with another status, another role or stage of an assignment,
an override that begins or ends. The database marks them as they are written (`is_turn`), so that history is read from
the turns alone, however many updates there are, in one query. Replayed from the first, they give the state at any
instant, the same as `cycle_state.state_of_cycle` finds (a test holds the two equal).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from recommendations.models import Cycle, Item
from recommendations.queries.sql import fetch_rows, read_statement
from recommendations.rollup import ItemState, Override, Verdict, roll_up
from recommendations.states import AssignmentRole, Stage

#: What happened: an item was entered, an assignment took a part, a verdict turned, an override began or ended.
ITEM, PART, VERDICT, OVERRIDE, OVERRIDE_END = range(5)

#: Asked hundreds of times for one trend, so taken from their lists once.
_IN_FORCE, _LEAD = Stage.CONFIRMED.value, AssignmentRole.LEAD.value

#: A state that holds for less than this was never seen by anybody.
_MOMENT = timedelta(seconds=1)

_TURNS = read_statement(__file__, "turns")


class RecordedChange(NamedTuple):
    """One recorded turn; `turn_id` is the row of the version, the review or the override.

    `first` and `second` are role and stage of a part, the status of a verdict, or status and reason of an override.
    """

    at: datetime
    what: int
    turn_id: int
    item_id: int
    kind: str
    assignment_id: int
    first: str
    second: str
    percent: int


@dataclass(frozen=True, slots=True)
class StateChange:
    """From this instant on the item's state was another one: by this turn, from `before` (None: just entered).

    The status is exact. The percentage is that of the verdict that brought the status; later verdicts of the same
    status may have moved it.
    """

    turn: RecordedChange
    kind: str
    state: ItemState
    before: ItemState | None

    @property
    def at(self) -> datetime:
        return self.turn.at

    @property
    def item_id(self) -> int:
        return self.turn.item_id


@dataclass(slots=True)
class _ReplayedAssignment:
    """One assignment as the turns have left it so far."""

    role: str = ""
    stage: str = ""
    verdict: Verdict = field(default_factory=lambda: Verdict(""))


@dataclass(slots=True)
class ReplayedItem:
    """One item as the turns have left it so far."""

    kind: str
    parts: dict[int, _ReplayedAssignment] = field(default_factory=lambda: defaultdict(_ReplayedAssignment))
    override: tuple[int, Override] | None = None

    def take(self, turn: RecordedChange) -> bool:
        """Go on by one turn; return whether it may change the state: of assignments, those in force alone do."""
        what, part = turn.what, self.parts[turn.assignment_id] if turn.assignment_id else None
        if part is None:
            if what == OVERRIDE:
                self.override = turn.turn_id, Override(turn.first, turn.percent, turn.second, turn.at)
            elif what == OVERRIDE_END and self.override and self.override[0] == turn.turn_id:
                self.override = None
            return True
        was_in_force = part.stage == _IN_FORCE
        if what == PART:
            part.role, part.stage = turn.first, turn.second
        else:
            part.verdict = Verdict(str(turn.assignment_id), turn.first, turn.percent)
        return was_in_force or part.stage == _IN_FORCE

    def state(self) -> ItemState:
        """Return the state after all turns so far, by `roll_up`."""
        lead, supports = None, []
        for part in self.parts.values():
            if part.stage == _IN_FORCE and part.role == _LEAD:
                lead = lead or part.verdict
            elif part.stage == _IN_FORCE:
                supports.append(part.verdict)
        return roll_up(lead, supports, override=self.override[1] if self.override else None)


def changes_of_cycle(cycle: Cycle) -> list[RecordedChange]:
    """Return every turn of a cycle's actionable items, oldest first. One query."""
    return _turns(cycle=cycle.pk)


def changes_of_item(item: Item) -> list[RecordedChange]:
    """Return every turn of one item, oldest first. One query."""
    return _turns(item=item.pk)


def _turns(*, cycle: int | None = None, item: int | None = None) -> list[RecordedChange]:
    return [RecordedChange(*row) for row in fetch_rows(_TURNS, {"cycle": cycle, "item": item})]


def replay(turns: Sequence[RecordedChange]) -> Iterator[StateChange]:
    """Yield each change of an item's status or override, oldest first, from the moment that the item is known."""
    courses = {turn.item_id: ReplayedItem(turn.kind) for turn in turns if turn.what == ITEM}
    shown: dict[int, ItemState] = {}
    for turn in turns:
        course = courses[turn.item_id]
        may_differ = course.take(turn)
        before = shown.get(turn.item_id)
        if before is None:
            if turn.what != ITEM:
                continue
        elif not may_differ:
            continue
        state = shown[turn.item_id] = course.state()
        if before is None or _differs(state, before):
            yield StateChange(turn=turn, kind=course.kind, state=state, before=before)


def _differs(state: ItemState, before: ItemState) -> bool:
    """Whether there is a change to tell of: not of percentages, nor of what lies beneath an override."""
    return state.status != before.status or state.override != before.override


def drop_momentary(changes: Iterable[StateChange]) -> list[StateChange]:
    """Return the changes of one item without states that held for less than a second.

    One act may record several turns, as when the lead passes from one agency to another.
    """
    kept: list[StateChange] = []
    for change in changes:
        if kept and change.at - kept[-1].at < _MOMENT:
            former = kept.pop()
            change = replace(change, before=former.before)
        if change.before is None or _differs(change.state, change.before):
            kept.append(change)
    return kept
