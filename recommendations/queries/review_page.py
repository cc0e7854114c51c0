"""What the page of an update shows on which MAPO decides, or has decided."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import pgettext

from accounts.clearance import Clearance
from accounts.models import User
from evidence.models import Document
from privacy.identity_places import IdentityPlaces, identity_places
from recommendations.content import submission_narrative
from recommendations.models import Assignment, Item, Outcome, Review, Submission, Update
from recommendations.models.cycle import Cycle
from recommendations.permissions import may_review
from recommendations.queries.cited_files import File, file_of
from recommendations.queries.comparison import VersionChanges, compare_versions
from recommendations.queries.overrides import standing_states
from recommendations.queries.queue import QueueRow, waiting_rows
from recommendations.rollup import ItemState
from recommendations.windows import WindowPlace, window_label
from submissions.states import SubmissionState


@dataclass(frozen=True)
class QueuePosition:
    """The place of this update among those that wait."""

    rows: list[QueueRow]
    update_id: int

    @property
    def row(self) -> QueueRow | None:
        return next((row for row in self.rows if row.update.pk == self.update_id), None)

    @property
    def place(self) -> int:
        """From 1; 0 when it does not wait."""
        return next((place for place, row in enumerate(self.rows, 1) if row.update.pk == self.update_id), 0)

    @property
    def upcoming(self) -> list[QueueRow]:
        """The next three; after the last comes the oldest."""
        place = self.place
        return [*self.rows[place:], *self.rows[: max(place - 1, 0)]][:3]


@dataclass(frozen=True)
class ReviewPage:
    """An update's newest version beside the verdict before it, its files, and its place in the queue.

    `changes` is what differs from the version that MAPO returned before it; `set_by_mapo` is the state of the item where
    MAPO has set it itself.
    """

    submission: Submission
    previous: Any
    decisions: list[Review]
    evidence: list[File]
    queue: QueuePosition
    changes: VersionChanges | None
    set_by_mapo: ItemState | None = None

    @property
    def update(self) -> Update:
        return self.submission.update

    @property
    def assignment(self) -> Assignment:
        return self.update.assignment

    @property
    def item(self) -> Item:
        return self.assignment.item

    @property
    def cycle(self) -> Cycle:
        return self.item.cycle

    @property
    def takes_comments(self) -> bool:
        """Whether comments may be added."""
        return self.assignment.is_confirmed and not self.cycle.is_closed

    @property
    def agency_code(self) -> str:
        return self.assignment.agency.code

    @property
    def place(self) -> WindowPlace:
        return window_label(self.submission.covers_from, self.submission.covers_to, self.cycle)

    @property
    def narrative(self) -> str:
        return submission_narrative(self.submission)

    @property
    def identities(self) -> IdentityPlaces:
        """What in the text seems to identify a person."""
        return identity_places(self.submission.narrative)

    @property
    def previous_narrative(self) -> str:
        is_shown = self.previous and self.previous.is_readable
        return submission_narrative(self.previous.submission) if is_shown else ""

    @property
    def classification(self) -> str:
        """The highest class of what the page shows, for the banner of a print."""
        shown = [self.submission.classification, *(file.document.classification for file in self.evidence)]
        if self.previous and self.previous.is_readable:
            shown.append(self.previous.submission.classification)
        if self.changes:
            shown.append(self.changes.returned.submission.classification)
        return str(Clearance(max(shown)).label)

    @property
    def is_waiting(self) -> bool:
        return self.update.state == SubmissionState.SUBMITTED

    @property
    def sent_since(self) -> QueueRow | None:
        """What waits on the same assignment, where the agency has withdrawn this update."""
        if self.update.state != SubmissionState.WITHDRAWN:
            return None
        rows = (row for row in self.queue.rows if not row.is_opening)
        return next((row for row in rows if row.update.assignment_id == self.update.assignment_id), None)

    @property
    def held(self) -> list[Document]:
        return [file.document for file in self.evidence if file.document.is_held]

    @property
    def decision(self) -> Review | None:
        """What was decided on this version, newest first; None while it waits."""
        return self.decision_on(self.submission)

    def decision_on(self, submission: Submission) -> Review | None:
        """The newest decision on a version of this update."""
        return next((each for each in self.decisions if each.submission_id == submission.pk), None)

    @property
    def verdict(self) -> Review | None:
        """The decision where it accepted this version; None when it was returned, or waits."""
        return self.decision if self.decision and self.decision.is_accepted else None

    @property
    def put_aside(self) -> list[Review]:
        """Verdicts on this update that were superseded, newest first."""
        superseded = {each.supersedes_id for each in self.decisions}
        return [each for each in self.decisions if each.pk in superseded]

    @property
    def window_summary(self) -> str:
        """For example "1 within, 1 across, 2 outside the window"; empty without dated files."""
        places = (file.window for file in self.evidence if file.window)
        counts = Counter("outside" if place in ("before", "after") else place for place in places)
        words = {
            "inside": pgettext("files", "%(count)s within the window"),
            "spanning": pgettext("files", "%(count)s across its edge"),
            "outside": pgettext("files", "%(count)s outside the window"),
        }
        return ", ".join(words[place] % {"count": counts[place]} for place in words if counts[place])


def read_review_page(update_id: int, *, user: User, today: date) -> ReviewPage | None:
    """Read the page in eight queries, five more after a return.

    Return None when the person may not see it or nothing was submitted.

    An update that was withdrawn is shown with its last version.
    """
    submission = _newest_submission(update_id, user=user)
    if submission is None:
        return None
    assignment = submission.update.assignment
    decisions = Review.objects.visible_to(user).filter(submission__update=update_id)
    documents = (
        submission.documents.with_text_identities().select_related("agency", "file_check").order_by("pk")
    )
    return ReviewPage(
        submission=submission,
        previous=_previous(submission, user=user),
        decisions=list(decisions.select_related("reviewer").newest_first()),
        evidence=[file_of(document, assignment.item.cycle) for document in documents],
        queue=QueuePosition(waiting_rows(user, today=today), update_id),
        changes=_changes(submission, user=user),
        set_by_mapo=standing_states([assignment.item_id], reader=user).get(assignment.item_id),
    )


def _changes(submission: Submission, *, user: User) -> VersionChanges | None:
    """What changed since MAPO returned a version, in this update or one before; None where it returned none."""
    found = Review.objects.last_return(submission.update.assignment_id, before=submission.pk)
    seen = Review.objects.visible_to(user).select_related("reviewer", "submission__update")
    returned = seen.filter(pk=found.pk).first() if found else None
    return compare_versions(submission, returned=returned) if returned else None


def _newest_submission(update_id: int, *, user: User) -> Submission | None:
    """The newest version that the person may read: a returned update may be of a lower class by now than it was."""
    seen = Update.objects.visible_to(user).filter(pk=update_id)
    readable = Submission.objects.within_clearance(user).filter(update__in=seen)
    related = ("submitted_by", "update__assignment__item__cycle", "update__assignment__agency")
    return readable.select_related(*related).order_by("-number").first()


def _previous(submission: Submission, *, user: User) -> Any:
    """The newest verdict on an earlier update. `is_readable`: this reader is cleared for its narrative."""
    earlier = Review.objects.accepted().filter(
        assignment_id=submission.update.assignment_id, submission__update_id__lt=submission.update_id
    )
    # Found first: PostgreSQL would ask of every verdict whether it may be read, and sort them afterwards.
    newest = Review.objects.filter(pk=Subquery(earlier.newest_first().values("pk")[:1]))
    readable = Review.objects.with_narrative_for(user).filter(pk=OuterRef("pk"))
    return newest.annotate(is_readable=Exists(readable)).select_related("submission__update").first()


def supersedable_verdict(page: ReviewPage, *, user: User) -> Review | None:
    """Return the verdict on this update if it is the one that counts and the person may correct it."""
    decision = page.decision
    if page.cycle.is_closed or decision is None or not decision.is_accepted:
        return None
    if not may_review(user, page.submission):
        return None
    return decision if Outcome.objects.get(pk=page.assignment.pk).verdict_id == decision.pk else None
