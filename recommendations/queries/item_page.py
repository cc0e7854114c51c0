"""What an item's page shows, in at most eight queries whatever the number of updates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from accounts.clearance import Clearance
from accounts.models import User
from recommendations.deadlines import is_overdue
from recommendations.models import Cycle, Item, Update
from recommendations.models.assignment import RequestKind
from recommendations.models.cycle import in_reading_language
from recommendations.queries.asked_updates import asked_reasons
from recommendations.queries.cited_files import File, file_of
from recommendations.queries.comments import NewestComments, newest_comments
from recommendations.queries.item_agencies import ItemAgency, RequestSummary, UpdateSummary
from recommendations.queries.item_sql import (
    AssignmentRow,
    assignments_of_item,
    documents_of_updates,
    items_beside,
    verdicts_of_item,
)
from recommendations.queries.neighbours import Neighbours, neighbours_of
from recommendations.queries.readable_reviews import readable_reviews
from recommendations.queries.sql import sql_of
from recommendations.queries.steps import StepLine, steps_of_item
from recommendations.queries.timeline import ENTRIES, MOST_ENTRIES, TimelineEntry, entry_of
from recommendations.rollup import ItemState, Verdict, roll_up_all
from recommendations.states import ItemKind, Stage, Status, UpdateState

#: Files that the page looks for, and how many it shows before "see all".
MOST_FILES, FIRST_FILES = 200, 6


@dataclass(frozen=True, slots=True)
class CommentThread:
    """What was said with one agency, and whether something may be added."""

    line: ItemAgency
    may_write: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPage:
    """The page. `own` is the reader's agency on this item, in force or ended."""

    neighbours: Neighbours
    state: ItemState | None = None
    lines: list[ItemAgency]
    entries: list[TimelineEntry]
    has_older: bool = False
    is_whole: bool = False
    files: list[File]
    steps: list[StepLine]
    is_mapo: bool

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
        is_open = not self.item.cycle.is_closed
        return [CommentThread(line, line.is_in_force and is_open) for line in lines if line.has_thread]

    @property
    def acting(self) -> ItemAgency | None:
        """The reader's own agency while it may act: in force, in an open cycle."""
        own = self.own
        return own if own is not None and own.is_in_force and not self.item.cycle.is_closed else None

    @property
    def verdicts(self) -> ItemState | None:
        """What the agencies' verdicts alone give; the state itself where MAPO has not set another."""
        return self.state.beneath or self.state if self.state else None

    @property
    def may_override(self) -> bool:
        """MAPO sets the state of an item of an open cycle."""
        return self.is_mapo and self.state is not None and not self.item.cycle.is_closed

    @property
    def may_plan_for_mapo(self) -> bool:
        """MAPO plans steps of its own on an item of an open cycle."""
        is_reported_on = self.item.kind != ItemKind.ACHIEVEMENT
        return self.is_mapo and is_reported_on and not self.item.cycle.is_closed

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


def read_item_page(
    item_id: int,
    *,
    user: User,
    today: date,
    cycles: Iterable[Cycle] = (),
    page: int = 1,
    is_whole: bool = False,
) -> ItemPage | None:
    """Return all that the person may see of an item, or None when there is no such item.

    `page` turns the timeline, newest first, from 1; `is_whole` gives all of it, for paper; `cycles` are those in hand, lest its own be read again.
    """
    neighbours = neighbours_of(item_id, items_beside(item_id, user=user), cycles=cycles)
    if neighbours is None:
        return None
    if neighbours.item.kind == ItemKind.ACHIEVEMENT:
        return ItemPage(neighbours=neighbours, lines=[], entries=[], files=[], steps=[], is_mapo=user.is_mapo)
    rows = assignments_of_item(item_id, user=user)
    start, most = (0, MOST_ENTRIES) if is_whole else ((page - 1) * ENTRIES, ENTRIES)
    # One more tells whether there is an older page.
    verdicts = verdicts_of_item(item_id, start=start, most=most + 1)
    newest = {row.review_id for row in rows if row.review_id is not None}
    readable = readable_reviews(newest | {verdict.pk for verdict in verdicts}, user=user)
    lines = _item_agencies(rows, user=user, readable=readable, today=today, cycle=neighbours.item.cycle)
    judged = {row.pk: row for row in rows}
    standing = neighbours.standing.override if neighbours.standing else None
    return ItemPage(
        neighbours=neighbours,
        state=roll_up_all(
            ((line.is_lead, line.verdict) for line in lines if line.is_in_force), override=standing
        ),
        lines=lines,
        entries=[
            entry_of(row, of=judged[row.assignment_id], user=user, is_readable=row.pk in readable)
            for row in verdicts[:most]
        ],
        has_older=len(verdicts) > most,
        is_whole=is_whole,
        files=_files(neighbours.item, lines, user=user, is_whole=is_whole),
        steps=steps_of_item(item_id, user=user, today=today),
        is_mapo=user.is_mapo,
    )


def _item_agencies(
    rows: Iterable[AssignmentRow], *, user: User, readable: Mapping[int, date], today: date, cycle: Cycle
) -> list[ItemAgency]:
    """Return what the reader may know of each assignment; `readable` is what `readable_reviews` returned.

    In a closed cycle nothing is late.

    No query, two where somebody wrote comments that the reader may see, one where a completed one owes an update.
    """
    rows = list(rows)
    comments = newest_comments({row.pk: row.comment_ids for row in rows if row.comment_ids}, user=user)
    asked = asked_reasons(
        row.pk for row in rows if row.status == Status.DONE and _sees(row, user) and row.next_due_on
    )
    return [
        _item_agency(
            row,
            comments.get(row.pk),
            user=user,
            readable=readable,
            asked_reason=asked.get(row.pk, ""),
            due_by=None if cycle.is_closed else today,
        )
        for row in rows
    ]


def _sees(row: AssignmentRow, user: User) -> bool:
    """Whether dates and what was asked are for this person: of its agency, or of MAPO."""
    return user.is_mapo or (user.is_agency_actor and row.agency_id == user.agency_id)


def _is_late(row: AssignmentRow, *, sees: bool, due_by: date | None) -> bool:
    """Whether an update of an assignment in force was due before `due_by`, for whom its dates are (`sees`)."""
    if not sees or due_by is None or row.stage != Stage.CONFIRMED:
        return False
    return is_overdue(row.next_due_on, today=due_by, is_awaiting=row.is_awaiting)


def _item_agency(
    row: AssignmentRow,
    comments: NewestComments | None,
    *,
    user: User,
    readable: Mapping[int, date],
    asked_reason: str,
    due_by: date | None,
) -> ItemAgency:
    """Return one assignment with what the reader may know of it."""
    is_own = user.is_agency_actor and row.agency_id == user.agency_id
    sees = _sees(row, user)
    is_settled = row.stage == Stage.CONFIRMED and row.status == Status.DONE and row.next_due_on is None
    return ItemAgency(
        assignment_id=row.pk,
        code=row.code,
        name=in_reading_language(row, "name"),
        role=row.role,
        stage=row.stage,
        verdict=Verdict(row.code, row.status, row.percent) if row.review_id else Verdict(row.code),
        decided_at=row.decided_at,
        accepted_until=readable.get(row.review_id) if row.review_id else None,
        is_own=is_own,
        is_awaiting=sees and row.is_awaiting,
        next_due_on=row.next_due_on if sees else None,
        is_late=_is_late(row, sees=sees, due_by=due_by),
        is_settled=sees and is_settled,
        asked_reason=asked_reason,
        updates=[_update_line(facts) for facts in row.updates or ()],
        request=_request_line(row.request),
        comments=comments or NewestComments(),
    )


def _update_line(facts: dict[str, Any]) -> UpdateSummary:
    reported_on = facts["reported_on"]
    read = {
        "at": datetime.fromisoformat(facts["at"]),
        "reported_on": date.fromisoformat(reported_on) if reported_on else None,
    }
    return UpdateSummary(**facts | read)


def _request_line(facts: dict[str, Any] | None) -> RequestSummary | None:
    if not facts:
        return None
    proposed_on = facts["proposed_on"]
    return RequestSummary(
        id=facts["id"],
        is_decline=facts["kind"] == RequestKind.DECLINE,
        reason=facts["reason"],
        proposed_on=date.fromisoformat(proposed_on) if proposed_on else None,
        asked_at=datetime.fromisoformat(facts["at"]),
        answer=facts["answer"],
        answer_reason=facts["answer_reason"],
    )


def _files(item: Item, lines: Iterable[ItemAgency], *, user: User, is_whole: bool) -> list[File]:
    """Return the files of the updates that the page shows; of every update of the item for paper."""
    if is_whole:
        seen = Update.objects.visible_to(user).filter(assignment__item_id=item.pk)
        updates = sql_of(seen.exclude(state=UpdateState.DISCARDED))
    else:
        shown = [
            update.id for line in lines for update in line.updates if update.state != UpdateState.DISCARDED
        ]
        updates = "SELECT unnest(%s::bigint[])", (shown,)
    documents = documents_of_updates(updates, user=user, most=MOST_FILES)
    return [file_of(document, item.cycle) for document in documents]
