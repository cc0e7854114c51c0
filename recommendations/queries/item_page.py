"""What an item's page shows, in a number of queries that does not grow with the item's updates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q

from accounts.models import User
from evidence.models import Document
from recommendations.deadlines import is_overdue
from recommendations.models import (
    Assignment,
    AssignmentRequest,
    Citation,
    CycleFact,
    Item,
    SubmissionDocument,
    Update,
)
from recommendations.models.cycle import in_reading_language
from recommendations.queries.asked_updates import asked_reasons
from recommendations.queries.cited_files import File, file_of
from recommendations.queries.comments import NewestComments, newest_comments
from recommendations.queries.item_agencies import ItemAgency
from recommendations.queries.item_page_parts import ItemPage
from recommendations.queries.neighbours import ConcerningFact, items_of, links_of, neighbours_of
from recommendations.queries.overrides import standing_states
from recommendations.queries.readable_reviews import readable_reviews
from recommendations.queries.steps import steps_of_item
from recommendations.queries.timeline import ENTRIES, MOST_ENTRIES, entry_of, verdicts_of_item
from recommendations.rollup import Verdict, roll_up_all
from recommendations.states import ItemKind, Stage
from submissions.states import SubmissionState

#: Files that the page looks for, and how many of an assignment's newest updates it shows.
MOST_FILES, NEWEST_UPDATES = 200, 6


def read_item_page(item: Item, *, user: User, today: date, page: int = 1, is_whole: bool = False) -> ItemPage:
    """Return all that the person may see of an item, which is one that they may see, read with its cycle.

    `page` turns the timeline, newest first, from 1; `is_whole` gives all of it, for paper.
    """
    neighbours = neighbours_of(item, items_of(item.cycle), links_of(item.cycle), _facts(item))
    if item.kind == ItemKind.ACHIEVEMENT:
        return ItemPage(neighbours=neighbours, lines=[], entries=[], files=[], steps=[], is_mapo=user.is_mapo)
    standing = standing_states([item.pk], reader=user).get(item.pk)
    parts = _assignments(item, user=user)
    start, most = (0, MOST_ENTRIES) if is_whole else ((page - 1) * ENTRIES, ENTRIES)
    # One more tells whether there is an older page.
    verdicts = verdicts_of_item(item.pk, start=start, most=most + 1)
    newest = {part.outcome.verdict_id for part in parts.values() if part.outcome.verdict_id is not None}
    readable = readable_reviews(newest | {verdict.pk for verdict in verdicts}, user=user)
    lines = _item_agencies(
        parts, user=user, readable=readable, due_by=None if item.cycle.is_closed else today
    )
    return ItemPage(
        neighbours=neighbours,
        state=roll_up_all(
            ((line.is_lead, line.verdict) for line in lines if line.is_in_force),
            override=standing.override if standing else None,
        ),
        lines=lines,
        entries=[
            entry_of(
                verdict,
                agency=parts[verdict.assignment_id].agency,
                user=user,
                is_readable=verdict.pk in readable,
            )
            for verdict in verdicts[:most]
        ],
        has_older=len(verdicts) > most,
        is_whole=is_whole,
        files=_files(item, lines, user=user, is_whole=is_whole),
        steps=steps_of_item(item.pk, user=user, today=today),
        is_mapo=user.is_mapo,
    )


def _facts(item: Item) -> list[ConcerningFact]:
    """Return the facts that concern the item, in the order in which they were entered (one query)."""
    rows = CycleFact.objects.shown().filter(items=item).order_by("pk")
    return [ConcerningFact(*row) for row in rows.values_list("pk", "title_ms", "title_en")]


def _assignments(item: Item, *, user: User) -> dict[int, Assignment]:
    """Return the assignments of an item that the person may know of, by code, with their outcomes (one query).

    `update_ids` are those of the newest updates within their clearance, for who may see the assignment's updates (`_sees`).
    """
    # Not `visible_to` for an agency: its join would have all updates of an assignment sorted.
    updates = Update.objects.visible_to(user) if user.is_mapo else Update.objects.within_clearance(user)
    newest = (
        updates.filter(assignment=OuterRef("pk")).order_by("-created_at", "-pk").values("pk")[:NEWEST_UPDATES]
    )
    parts = Assignment.objects.visible_to(user).filter(item=item).select_related("agency", "outcome")
    found = parts.annotate(update_ids=ArraySubquery(newest)).order_by("agency__code", "pk")
    return {part.pk: part for part in found}


def _updates(parts: Iterable[Assignment]) -> dict[int, list[Update]]:
    """Return the updates in `update_ids` of assignments, newest first, without their texts (one query, or none)."""
    ids: dict[int, list[int]] = {part.pk: part.update_ids for part in parts}  # type: ignore[attr-defined]  # annotated
    found = Update.objects.defer("narrative").in_bulk([pk for newest in ids.values() for pk in newest])
    return {part_id: [found[pk] for pk in newest] for part_id, newest in ids.items()}


def _requests(parts: Iterable[Assignment], *, user: User) -> dict[int, AssignmentRequest]:
    """Return the newest request about each of these assignments that the person may see (one query)."""
    seen = AssignmentRequest.objects.visible_to(user).filter(assignment__in=parts)
    newest = seen.order_by("assignment_id", "-pk").distinct("assignment_id")
    return {request.assignment_id: request for request in newest}


def _item_agencies(
    parts: Mapping[int, Assignment], *, user: User, readable: Mapping[int, date], due_by: date | None
) -> list[ItemAgency]:
    """Return what the reader may know of each assignment; `readable` is what `readable_reviews` returned.

    What was due before `due_by` is late. Three queries where the reader is of an agency of the item or of MAPO, two more
    where they may see comments, and one where a completed assignment owes an update.
    """
    own = [part for part in parts.values() if _sees(part, user)]
    updates, newest = _updates(own), _requests(own, user=user)
    comments = newest_comments([part.pk for part in own], user=user)
    asked = asked_reasons(part.pk for part in own if part.outcome.is_completed and part.next_due_on)
    return [
        _item_agency(
            part,
            user=user,
            readable=readable,
            due_by=due_by,
            asked_reason=asked.get(pk, ""),
            updates=updates.get(pk, []),
            request=newest.get(pk),
            comments=comments.get(pk, NewestComments()),
        )
        for pk, part in parts.items()
    ]


def _sees(part: Assignment, user: User) -> bool:
    """Whether dates and what was asked are for this person: of its agency, or of MAPO."""
    return user.is_mapo or (user.is_agency_actor and part.agency_id == user.agency_id)


def _is_late(part: Assignment, *, due_by: date | None) -> bool:
    """Whether an update of an assignment in force was due before `due_by`."""
    if due_by is None or part.stage != Stage.CONFIRMED:
        return False
    return is_overdue(part.next_due_on, today=due_by, is_awaiting=part.outcome.is_waiting)


def _item_agency(
    part: Assignment,
    *,
    user: User,
    readable: Mapping[int, date],
    due_by: date | None,
    asked_reason: str,
    updates: list[Update],
    request: AssignmentRequest | None,
    comments: NewestComments,
) -> ItemAgency:
    """Return one assignment with what the reader may know of it."""
    sees, outcome = _sees(part, user), part.outcome
    is_settled = part.stage == Stage.CONFIRMED and outcome.is_completed and part.next_due_on is None
    return ItemAgency(
        assignment_id=part.pk,
        code=part.agency.code,
        name=in_reading_language(part.agency, "name"),
        role=part.role,
        stage=part.stage,
        verdict=Verdict(part.agency.code, outcome.status, outcome.percent),
        decided_at=outcome.decided_at,
        accepted_until=readable.get(outcome.verdict_id) if outcome.verdict_id else None,
        is_own=user.is_agency_actor and part.agency_id == user.agency_id,
        is_awaiting=sees and outcome.is_waiting,
        next_due_on=part.next_due_on if sees else None,
        is_late=sees and _is_late(part, due_by=due_by),
        is_settled=sees and is_settled,
        asked_reason=asked_reason,
        updates=updates,
        request=request,
        comments=comments,
    )


def _files(item: Item, lines: Iterable[ItemAgency], *, user: User, is_whole: bool) -> list[File]:
    """Return the files of the updates that the page shows, the newest first; of every update of the item for paper.

    MAPO sees what was sent, an agency also what it is about to send.
    """
    shown: Any
    if is_whole:
        seen = Update.objects.visible_to(user).filter(assignment__item=item)
        shown = seen.exclude(state=SubmissionState.DISCARDED).values("pk")
    else:
        shown = [
            each.pk for line in lines for each in line.updates if each.state != SubmissionState.DISCARDED
        ]
    if user.is_mapo:
        cited = Q(pk__in=SubmissionDocument.objects.filter(submission__update__in=shown).values("document"))
    else:
        cited = Q(pk__in=Citation.objects.filter(update__in=shown).values("document"))
    found = Document.objects.visible_to(user).filter(cited)
    newest = found.select_related("agency").order_by("-received_at", "-pk")[:MOST_FILES]
    return [file_of(document, item.cycle) for document in newest]
