"""What an item's page shows, in at most eight queries whatever the number of updates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from accounts.models import User
from recommendations.deadlines import is_overdue
from recommendations.models import Cycle, Item, Update
from recommendations.models.assignment import RequestKind
from recommendations.models.cycle import in_reading_language
from recommendations.queries.asked_updates import asked_reasons
from recommendations.queries.cited_files import File, file_of
from recommendations.queries.comments import NewestComments, newest_comments
from recommendations.queries.item_agencies import ItemAgency, RequestSummary, UpdateSummary
from recommendations.queries.item_page_parts import ItemPage
from recommendations.queries.item_sql import (
    AssignmentRow,
    assignments_of_item,
    documents_of_updates,
    items_beside,
    verdicts_of_item,
)
from recommendations.queries.neighbours import neighbours_of
from recommendations.queries.readable_reviews import readable_reviews
from recommendations.queries.sql import sql_of
from recommendations.queries.steps import steps_of_item
from recommendations.queries.timeline import ENTRIES, MOST_ENTRIES, entry_of
from recommendations.rollup import Verdict, roll_up_all
from recommendations.states import ItemKind, Stage, Status
from submissions.states import SubmissionState

#: Files that the page looks for.
MOST_FILES = 200


def read_item_page(
    item_id: int,
    *,
    user: User,
    today: date,
    cycles: Iterable[Cycle] = (),
    page: int = 1,
    is_whole: bool = False,
) -> ItemPage | None:
    """Return all that the person may see of an item, or None when there is no such item, or none that they may see.

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
        verdict=Verdict(row.code, row.status, row.percent),
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
        updates = sql_of(seen.exclude(state=SubmissionState.DISCARDED))
    else:
        shown = [
            update.id
            for line in lines
            for update in line.updates
            if update.state != SubmissionState.DISCARDED
        ]
        updates = "SELECT unnest(%s::bigint[])", (shown,)
    documents = documents_of_updates(updates, user=user, most=MOST_FILES)
    return [file_of(document, item.cycle) for document in documents]
