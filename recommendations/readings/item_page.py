"""What an item's page shows, in at most seven queries whatever the number of updates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, Exists, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, JSONObject

from accounts.clearance import Clearance
from accounts.models import User
from evidence.models import Document
from recommendations.models import (
    Action,
    Assignment,
    AssignmentRequest,
    Citation,
    Item,
    Review,
    SubmissionDocument,
    Update,
)
from recommendations.readings.accepted import newest_accepted, readable_until
from recommendations.readings.agency_lines import AgencyLine, line_of
from recommendations.readings.files import File, file_of
from recommendations.readings.neighbours import Neighbours, read_neighbours
from recommendations.readings.signs import ICONS
from recommendations.readings.timeline import Entry, entry_of
from recommendations.rollup import ItemState, roll_up
from recommendations.states import Kind, Status, UpdateState

#: Entries of the timeline on one page.
ENTRIES = 10
#: How many of an assignment's newest updates the page lists, and looks into for files.
NEWEST_UPDATES = 20
#: Files that the page looks for, and how many it shows before "see all".
MOST_FILES, FIRST_FILES = 200, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPage:
    """The page. `own` is the reader's agency on this item, in force or ended; `history` says who sees the log."""

    item: Item
    neighbours: Neighbours
    state: ItemState | None
    lead: AgencyLine | None
    supports: list[AgencyLine]
    suggestions: list[AgencyLine]
    own: AgencyLine | None
    waiting: list[AgencyLine]
    entries: list[Entry]
    has_older: bool
    files: list[File]
    steps: list[Action]
    sees_log: bool

    @property
    def acting(self) -> AgencyLine | None:
        """The reader's own agency while it may act: in force, in an open cycle."""
        may_act = self.own is not None and self.own.is_in_force and not self.item.cycle.is_closed
        return self.own if may_act else None

    @property
    def in_force(self) -> list[AgencyLine]:
        return [self.lead, *self.supports] if self.lead else self.supports

    @property
    def icon(self) -> str:
        return ICONS[self.state.status] if self.state else ""

    @property
    def status_label(self) -> str:
        return str(Status(self.state.status).label) if self.state else ""

    @property
    def next_due_on(self) -> date | None:
        """When the reader's agency owes its next update; for MAPO, the lead."""
        line = self.own or self.lead
        return line.next_due_on if line else None

    @property
    def first_files(self) -> list[File]:
        return self.files[:FIRST_FILES]

    @property
    def classification(self) -> str:
        """The highest class of what the page shows, for the banner of a print."""
        shown = [entry.review.submission.classification for entry in self.entries if entry.narrative]
        return str(
            Clearance(max([*shown, *(file.document.classification for file in self.files)], default=0)).label
        )


def read_item_page(item: Item, *, user: User, today: date, page: int = 1) -> ItemPage:
    """Return all that the person may see of an item; `page` turns the timeline, newest first, from 1."""
    neighbours = read_neighbours(item)
    if item.kind == Kind.ACHIEVEMENT:
        return _bare_page(item, neighbours)
    rows, reviews = list(_assignments(item, user=user)), _reviews(item, page=page)
    readable = readable_until(_told_reviews(rows, reviews), user=user)
    lines = [line_of(row, user=user, today=today, readable=readable) for row in rows]
    in_force = [line for line in lines if line.is_in_force]
    lead = next((line for line in in_force if line.is_lead), None)
    supports = [line for line in in_force if not line.is_lead]
    own = _own_line(lines)
    entries = [entry_of(review, user=user, is_readable=review.pk in readable) for review in reviews[:ENTRIES]]
    return ItemPage(
        item=item,
        neighbours=neighbours,
        state=roll_up(lead.verdict if lead else None, [line.verdict for line in supports]),
        lead=lead,
        supports=supports,
        suggestions=[line for line in lines if line.is_suggested],
        own=own,
        waiting=[line for line in in_force if line.is_awaiting],
        entries=entries,
        has_older=len(reviews) > ENTRIES,
        files=_files(item, lines, user=user),
        steps=_steps(item, user=user),
        sees_log=user.is_mapo or own is not None,
    )


def _bare_page(item: Item, neighbours: Neighbours) -> ItemPage:
    """An achievement: its text and its links."""
    return ItemPage(
        item=item,
        neighbours=neighbours,
        state=None,
        lead=None,
        supports=[],
        suggestions=[],
        own=None,
        waiting=[],
        entries=[],
        has_older=False,
        files=[],
        steps=[],
        sees_log=False,
    )


def _assignments(item: Item, *, user: User) -> QuerySet[Assignment, Any]:
    """Every assignment that the person may know of; updates and requests of their own agency, or all for MAPO."""
    updates = Update.objects.visible_to(user).filter(assignment_id=OuterRef("pk")).order_by("-id")
    facts = JSONObject(
        id="pk", state="state", status="status", percent="percent", at=Coalesce("submitted_at", "saved_at")
    )
    requests = AssignmentRequest.objects.visible_to(user).filter(assignment_id=OuterRef("pk")).order_by("-id")
    request = JSONObject(
        kind="kind",
        reason="reason",
        proposed_on="proposed_on",
        at="asked_at",
        answer="answer",
        answer_reason="answer_reason",
    )
    return (
        Assignment.objects.visible_to(user)
        .filter(item=item)
        .select_related("agency")
        .with_awaiting()
        .annotate(
            accepted=newest_accepted("pk"),
            newest_updates=_where_sight(user, ArraySubquery(updates.values(facts=facts)[:NEWEST_UPDATES])),
            newest_request=Subquery(requests.values(facts=request)[:1]),
        )
        .order_by("agency__code", "pk")
    )


def _where_sight(user: User, updates: ArraySubquery) -> Any:
    """Look for updates only on assignments where there may be any to see: those of others hold thousands in vain."""
    if user.is_mapo:
        return updates
    return Case(When(agency_id=user.agency_id, then=updates), default=None)


def _own_line(lines: Iterable[AgencyLine]) -> AgencyLine | None:
    """The reader's own agency: its assignment in force, else its newest that has ended."""
    own = [line for line in lines if line.is_own]
    return max(own, key=lambda line: (line.is_in_force, line.assignment.pk), default=None)


def _reviews(item: Item, *, page: int) -> list[Any]:
    """One page of what MAPO has accepted, newest first, and one more when there is an older page."""
    files = SubmissionDocument.objects.filter(submission_id=OuterRef("submission_id")).order_by()
    counted = files.values("submission_id").annotate(total=Count("pk")).values("total")
    reviews = (
        Review.objects.accepted()
        .filter(item=item)
        .newest_first()
        .annotate(files_count=Coalesce(Subquery(counted), 0))
        .select_related("assignment__agency", "submission__update", "superseded_by")
        .defer("submission__update__narrative")
    )
    start = (page - 1) * ENTRIES
    return list(reviews[start : start + ENTRIES + 1])


def _told_reviews(rows: Iterable[Any], reviews: Iterable[Review]) -> set[int]:
    """The reviews that the page speaks of: those of the timeline, and each agency's newest."""
    newest = {row.accepted["id"] for row in rows if row.accepted}
    return newest | {review.pk for review in reviews}


def _files(item: Item, lines: Iterable[AgencyLine], *, user: User) -> list[File]:
    """Files of the newest updates: MAPO sees what was sent, an agency also what it is about to send."""
    updates = [
        update.id for line in lines for update in line.updates if update.state != UpdateState.DISCARDED
    ]
    if not updates:
        return []
    links: QuerySet[Any] = Citation.objects.filter(update__in=updates)
    if user.is_mapo:
        links = SubmissionDocument.objects.filter(submission__update__in=updates)
    cited = Document.objects.visible_to(user).filter(Exists(links.filter(document_id=OuterRef("pk"))))
    found = cited.select_related("agency").order_by("-received_at", "-pk")[:MOST_FILES]
    return [file_of(document, item.cycle) for document in found]


def _steps(item: Item, *, user: User) -> list[Action]:
    steps = Action.objects.visible_to(user).filter(assignment__item=item, cancelled_at=None)
    return list(steps.select_related("owner", "assignment__agency").order_by("-done_on", "due_on", "pk"))
