"""What stands out on an assignment, derived once for the whole page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from accounts.models import User
from recommendations.queries.cycle_state import AgencyState, CycleState, ItemRow


class Mark(StrEnum):
    """One thing that stands out. `AgencyState` holds only what the reader may know, so marks leak nothing."""

    WAITING = "waiting"
    LATE = "late"
    RETURNED = "returned"
    STALE = "stale"
    DIFFERS = "differs"
    SUGGESTED = "suggested"


def marks_for(user: User) -> frozenset[Mark]:
    """Return the marks that a reader may know of: MAPO all, an agency those of its assignments, others none."""
    if user.is_mapo:
        return frozenset(Mark)
    return frozenset(Mark) - {Mark.SUGGESTED} if user.is_agency_actor else frozenset()


@dataclass(frozen=True, slots=True)
class MarkedState:
    """A cycle's state on a day, with the marks of every assignment by id."""

    state: CycleState
    on: date
    marks: Mapping[int, tuple[Mark, ...]]

    def of(self, agency: AgencyState) -> tuple[Mark, ...]:
        """Return the marks of one assignment."""
        return self.marks[agency.assignment_id]

    def pairs(self, mark: Mark) -> list[tuple[ItemRow, AgencyState]]:
        """Return every assignment with the mark, in the order of the page."""
        return [(row, agency) for row, agency in self.state.pairs() if mark in self.of(agency)]


def marked(state: CycleState, *, on: date) -> MarkedState:
    """Return a state with its marks on a day: today, or the past day that it is of."""
    after_days = state.dates.stale_after_days if state.dates else 0
    marks = {
        agency.assignment_id: tuple(_marks(agency, on=on, after_days=after_days))
        for _row, agency in state.pairs()
    }
    return MarkedState(state, on, marks)


def _marks(agency: AgencyState, *, on: date, after_days: int) -> Iterator[Mark]:
    if agency.is_suggested:
        yield Mark.SUGGESTED
        return
    if agency.is_awaiting:
        yield Mark.WAITING
    if agency.is_overdue(on):
        yield Mark.LATE
    if agency.is_returned:
        yield Mark.RETURNED
    if agency.is_stale(on, after_days=after_days):
        yield Mark.STALE
    if agency.claim_differs:
        yield Mark.DIFFERS
