"""What an item's page shows and offers, today or on a past day; `item_page` and `item_as_at` fill it in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from accounts.clearance import Clearance
from recommendations.states import ItemKind

if TYPE_CHECKING:
    from recommendations.models import Item
    from recommendations.queries.cited_files import File
    from recommendations.queries.item_agencies import ItemAgency
    from recommendations.queries.neighbours import Neighbours
    from recommendations.queries.steps import StepLine
    from recommendations.queries.timeline import TimelineEntry
    from recommendations.rollup import ItemState

#: How many files the page shows before "see all".
FIRST_FILES = 6


@dataclass(frozen=True, slots=True)
class CommentThread:
    """What was said with one agency, and whether something may be added."""

    line: ItemAgency
    may_write: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPage:
    """The page. `own` is the reader's agency on this item, in force or ended; on a past day nobody may act (`is_past`)."""

    neighbours: Neighbours
    state: ItemState | None = None
    lines: list[ItemAgency]
    entries: list[TimelineEntry]
    has_older: bool = False
    is_whole: bool = False
    files: list[File]
    steps: list[StepLine]
    is_mapo: bool
    is_past: bool = False

    @property
    def may_change(self) -> bool:
        """Whether something may be done here at all: today, in an open cycle."""
        return not self.is_past and not self.item.cycle.is_closed

    @property
    def item(self) -> Item:
        return self.neighbours.item

    @property
    def in_force(self) -> list[ItemAgency]:
        """The lead first, then by code."""
        return sorted((line for line in self.lines if line.is_in_force), key=lambda line: not line.is_lead)

    @property
    def lead(self) -> ItemAgency | None:
        return next((line for line in self.lines if line.is_in_force and line.is_lead), None)

    @property
    def supports(self) -> list[ItemAgency]:
        return [line for line in self.lines if line.is_in_force and not line.is_lead]

    @property
    def suggestions(self) -> list[ItemAgency]:
        return [line for line in self.lines if line.is_suggested]

    @property
    def waiting(self) -> list[ItemAgency]:
        """Those of whom an update waits that the reader may see."""
        return [line for line in self.lines if line.is_in_force and line.claim]

    @property
    def own(self) -> ItemAgency | None:
        """The reader's own agency: its assignment in force, else its newest that has ended."""
        own = [line for line in self.lines if line.is_own]
        return max(own, key=lambda line: (line.is_in_force, line.assignment_id), default=None)

    @property
    def threads(self) -> list[CommentThread]:
        """With whom the reader may speak, or has spoken: MAPO with each agency, an agency with MAPO."""
        lines = self.lines if self.is_mapo else [self.own] if self.own else []
        if self.is_past:
            return []
        may_write = self.may_change
        return [CommentThread(line, line.is_in_force and may_write) for line in lines if line.has_thread]

    @property
    def acting(self) -> ItemAgency | None:
        """The reader's own agency while it may act: in force, in an open cycle."""
        own = self.own
        return own if own is not None and own.is_in_force and self.may_change else None

    @property
    def verdicts(self) -> ItemState | None:
        """What the agencies' verdicts alone give; the state itself where MAPO has not set another."""
        return self.state.beneath or self.state if self.state else None

    @property
    def may_override(self) -> bool:
        """MAPO sets the state of an item of an open cycle."""
        return self.is_mapo and self.state is not None and self.may_change

    @property
    def may_nudge(self) -> bool:
        """MAPO nudges the agencies of an item of an open cycle."""
        return self.is_mapo and bool(self.in_force) and self.may_change

    @property
    def may_plan_for_mapo(self) -> bool:
        """MAPO plans steps of its own on an item of an open cycle."""
        is_reported_on = self.item.kind != ItemKind.ACHIEVEMENT
        return self.is_mapo and is_reported_on and self.may_change

    @property
    def next_due_on(self) -> date | None:
        """When the reader's agency owes its next update; for MAPO, the lead. In a closed cycle none is owed."""
        if self.item.cycle.is_closed:
            return None
        line = self.own or self.lead
        return line.next_due_on if line else None

    @property
    def is_late(self) -> bool:
        """Whether the update in `next_due_on` was due before today."""
        line = self.own or self.lead
        return line is not None and line.is_late

    @property
    def is_settled(self) -> bool:
        """Whether the agency in `next_due_on` owes no regular update because it has completed its part."""
        line = self.own or self.lead
        return line is not None and line.is_settled and not self.item.cycle.is_closed

    @property
    def first_files(self) -> list[File]:
        return self.files[:FIRST_FILES]

    @property
    def is_cut(self) -> bool:
        """Whether paper would hold less than there is to read."""
        return not self.is_whole and (self.has_older or len(self.files) > FIRST_FILES)

    @property
    def classification(self) -> str:
        """The highest class of what the page shows, for the banner of a print."""
        shown = [entry.classification for entry in self.entries]
        return str(
            Clearance(max([*shown, *(file.document.classification for file in self.files)], default=0)).label
        )
