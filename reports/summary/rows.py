"""The rows of a summary. What the reader may not know is empty in them, so a writer prints all that it finds.

Days are those of Kuala Lumpur, percentages 0 to 100; `late_days` counts from the day after the due date.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import override

from recommendations.queries.cycle_state import OfficialItem
from recommendations.rollup import ItemState
from recommendations.states import AssignmentRole, Stage, Status, item_key
from ui import dates


class ReportedAgency(NamedTuple):
    """One agency's assignment to an item: MAPO's verdict on it, and what only the agency and MAPO may know.

    `claim_*` is what the agency claimed in the update that was decided; `late_days` is None while it is not late.
    """

    code: str
    name_ms: str
    name_en: str
    role: str
    stage: str
    status: str
    percent: int
    decided_on: date | None
    claim_status: str | None
    claim_percent: int | None
    next_due_on: date | None
    due_on: date | None
    late_days: int | None
    waiting_since: date | None
    returned_since: date | None

    @property
    def is_lead(self) -> bool:
        return self.role == AssignmentRole.LEAD

    @property
    def is_suggested(self) -> bool:
        return self.stage == Stage.SUGGESTED

    @property
    def claim_differs(self) -> bool:
        """MAPO's verdict is not what the agency claimed."""
        claim = (self.claim_status, self.claim_percent)
        return self.claim_status is not None and claim != (self.status, self.percent)


@dataclass(frozen=True, slots=True)
class ReportedItem(OfficialItem):
    """An item with its state on the day; `agencies`: the lead first, then by code; for MAPO also suggested ones.

    `divergence_*` is the note of the day on where the Malay text says less than the English, or something else.
    """

    state: ItemState
    agencies: tuple[ReportedAgency, ...]
    divergence_ms: str = ""
    divergence_en: str = ""

    @property
    def key(self) -> str:
        return item_key(self.kind, self.number)

    @property
    def status(self) -> str:
        return self.state.status

    @property
    def percent(self) -> int:
        return self.state.percent

    @property
    def in_force(self) -> tuple[ReportedAgency, ...]:
        return tuple(each for each in self.agencies if not each.is_suggested)

    @property
    def lead(self) -> ReportedAgency | None:
        return next((each for each in self.in_force if each.is_lead), None)

    @property
    def decided_on(self) -> date | None:
        """The day of the verdict that decides its state: the lead's. None where MAPO has set the state itself."""
        return self.lead.decided_on if self.lead and not self.state.override else None


class ReportedUpdate(NamedTuple):
    """One accepted update of an agency on an item.

    `narrative` is empty where `is_readable` is False, and where the agency reported nothing new. `documents` are the
    numbers of those that it cites, empty where the reader may not know them. `corrected`: the verdict replaced an
    earlier one. `ended_on`: the day on which the assignment ended, where it had ended.
    """

    review_id: int
    item: str
    code: str
    decided_at: datetime
    status: str
    percent: int
    claim_status: str | None
    claim_percent: int | None
    is_readable: bool
    narrative: str
    is_nothing_new: bool
    covers_from: date | None
    covers_to: date | None
    classification: int | None
    corrected: bool
    is_by_letter: bool
    reported_on: date | None
    documents: tuple[int, ...]
    ended_on: date | None = None

    @property
    def has_text(self) -> bool:
        """The agency wrote something, and the reader may read it."""
        return self.is_readable and not self.is_nothing_new

    @property
    def claim_differs(self) -> bool:
        """MAPO's verdict is not what the agency claimed."""
        claim = (self.claim_status, self.claim_percent)
        return self.claim_status is not None and claim != (self.status, self.percent)


def accepted_text(update: ReportedUpdate, language: str) -> str:
    """Return what an accepted update says in a language: its narrative to the letter, "Nothing new since …", or that
    the text is not part of this summary."""
    with override(language):
        if not update.is_readable:
            return _("The text is not part of this summary.")
        if update.is_nothing_new:
            return _("Nothing new since %(day)s.") % {"day": dates.day(update.covers_from)}
    return update.narrative


class ReportedDocument(NamedTuple):
    """A document as one accepted update cites it; `number` is its id.

    A paper file has a `reference_number` and no bytes. Name and reference number of a sealed document are empty: the
    seal may hide them.
    """

    number: int
    item: str
    code: str
    review_id: int
    name: str
    reference_number: str
    media_type: str
    size: int
    sha256: str
    evidence_from: date | None
    evidence_to: date | None
    classification: int
    is_sealed: bool


class ReportedStep(NamedTuple):
    """A planned step as it stood on the day: an agency's own, a decision of the council, or one of MAPO itself.

    `code` is empty for a step of MAPO. `due_days` are its due dates so far, each where it differed from the one before;
    the last one stands. `late_days` is None unless it was late.
    """

    number: int
    item: str
    code: str
    is_mapo: bool
    is_decision: bool
    text: str
    planned_on: date
    due_days: tuple[date, ...]
    done_on: date | None
    cancelled_on: date | None
    cancelled_reason: str
    changed_reason: str
    late_days: int | None

    @property
    def due_on(self) -> date:
        return self.due_days[-1]

    @property
    def ended_on(self) -> date | None:
        """The day on which it was done or cancelled."""
        return self.done_on or self.cancelled_on

    @property
    def moved_from(self) -> date | None:
        """The first due date, where another stands."""
        return self.due_days[0] if self.due_days[0] != self.due_on else None

    @property
    def whose(self) -> str:
        """The agency's code, or MAPO."""
        return "MAPO" if self.is_mapo else self.code


class ReportedAchievement(NamedTuple):
    """An achievement that the source lists, as it read on the day; `weaknesses` are those that it answers (MAPO's own links)."""

    item: str
    number: int
    pillar: str
    title_ms: str
    title_en: str
    text_ms: str
    text_en: str
    divergence_ms: str
    divergence_en: str
    weaknesses: tuple[str, ...]


class ReportedLink(NamedTuple):
    """A recommendation that answers a weakness: MAPO's own link."""

    weakness: str
    recommendation: str


class KindTotals(NamedTuple):
    """How many items of one kind have each status, and how many of their assignments stand out (MAPO's and own)."""

    kind: str
    none: int
    progress: int
    done: int
    waiting: int
    late: int
    returned: int

    @property
    def items(self) -> int:
        return self.none + self.progress + self.done

    def of(self, status: Status) -> int:
        return {Status.NONE: self.none, Status.PROGRESS: self.progress, Status.DONE: self.done}[status]
