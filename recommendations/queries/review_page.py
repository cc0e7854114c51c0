"""What the page of an update shows on which MAPO decides, or has decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import pgettext

from accounts.models import User
from evidence.models import Document
from recommendations.content import submission_narrative
from recommendations.models import Assignment, Item, Review, Submission, Update
from recommendations.models.cycle import Cycle
from recommendations.permissions import may_review
from recommendations.queries.cited_files import File, file_of
from recommendations.queries.queue import QueueRow, waiting_rows
from recommendations.states import Decision, UpdateState
from recommendations.status_icons import StatusView
from recommendations.windows import WindowPlace, window_label


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
    """An update's newest version beside the verdict before it, its files, and its place in the queue."""

    submission: Submission
    previous: Any
    decisions: list[Review]
    evidence: list[File]
    queue: QueuePosition

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
    def claim(self) -> StatusView:
        return claim_of(self.submission)

    @property
    def place(self) -> WindowPlace:
        return window_label(self.submission.covers_from, self.submission.covers_to, self.cycle)

    @property
    def narrative(self) -> str:
        return narrative_of(self.submission)

    @property
    def previous_narrative(self) -> str:
        return narrative_of(self.previous.submission) if self.previous and self.previous.is_readable else ""

    @property
    def previous_verdict(self) -> StatusView | None:
        return verdict_of(self.previous) if self.previous else None

    @property
    def is_waiting(self) -> bool:
        return self.update.state == UpdateState.SUBMITTED

    @property
    def held(self) -> list[Document]:
        return [file.document for file in self.evidence if file.document.is_held]

    @property
    def last_return(self) -> Review | None:
        """What MAPO asked for before this version was sent."""
        returned = [each for each in self.decisions if each.decision == Decision.RETURN]
        return next((each for each in returned if each.submission_id != self.submission.pk), None)

    @property
    def decision(self) -> Review | None:
        """What was decided on this version, newest first; None while it waits."""
        return self.decision_on(self.submission)

    def decision_on(self, submission: Submission) -> Review | None:
        """The newest decision on a version of this update."""
        return next((each for each in self.decisions if each.submission_id == submission.pk), None)

    @property
    def decided(self) -> StatusView | None:
        """The verdict of the decision; None when it was returned, or waits."""
        return verdict_of(self.decision) if self.decision and self.decision.is_accepted else None

    @property
    def put_aside(self) -> list[Review]:
        """Verdicts on this update that were superseded, newest first."""
        superseded = {each.supersedes_id for each in self.decisions}
        return [each for each in self.decisions if each.pk in superseded]

    @property
    def put_aside_views(self) -> list[dict[str, Any]]:
        return [{"review": each, "verdict": verdict_of(each)} for each in self.put_aside]

    @property
    def window_summary(self) -> str:
        return window_summary(file.window for file in self.evidence)


def read_review_page(update_id: int, *, user: User, today: date) -> ReviewPage | None:
    """Read the page in five queries; None when the person may not see it or nothing was submitted.

    An update that was withdrawn is shown with its last version.
    """
    submission = _newest_submission(update_id, user=user)
    if submission is None:
        return None
    assignment = submission.update.assignment
    decisions = Review.objects.visible_to(user).filter(submission__update_id=update_id)
    documents = submission.documents.select_related("agency").order_by("pk")
    return ReviewPage(
        submission=submission,
        previous=_previous(submission, user=user),
        decisions=list(decisions.select_related("reviewer").newest_first()),
        evidence=[file_of(document, assignment.item.cycle) for document in documents],
        queue=QueuePosition(waiting_rows(user, today=today), update_id),
    )


def _newest_submission(update_id: int, *, user: User) -> Submission | None:
    """The newest version that the person may read: a returned update may be of a lower class by now than it was."""
    visible = Update.objects.visible_to(user).filter(pk=update_id)
    readable = Submission.objects.within_clearance(user).filter(update_id=update_id, update__in=visible)
    submissions = readable.select_related(
        "update__assignment__item__cycle", "update__assignment__agency", "submitted_by", "update__created_by"
    )
    return submissions.order_by("-number").first()


def _previous(submission: Submission, *, user: User) -> Any:
    """The newest verdict on an earlier update. `is_readable`: this reader is cleared for its narrative."""
    earlier = Review.objects.accepted().filter(
        assignment_id=submission.update.assignment_id, submission__update_id__lt=submission.update_id
    )
    readable = Review.objects.with_narrative_for(user).filter(pk=OuterRef("pk"))
    found = earlier.annotate(is_readable=Exists(readable)).select_related("submission__update")
    return found.newest_first().first()


def claim_of(submission: Submission) -> StatusView:
    """Return the status and percentage that the agency reports."""
    return StatusView(submission.status, submission.percent)


def verdict_of(review: Review) -> StatusView:
    """Return the status and percentage that MAPO decided."""
    return StatusView(review.status, review.percent or 0)


def narrative_of(submission: Submission) -> str:
    """Return what the agency wrote; for "nothing new since", the sentence in the reader's language."""
    return submission_narrative(submission, is_nothing_new=submission.update.is_nothing_new)


def window_summary(places: Iterable[WindowPlace]) -> str:
    """Return for example "1 within, 1 across, 2 outside the window"; empty without dated files."""
    counts = Counter("outside" if place in ("before", "after") else place for place in places if place)
    words = {
        "inside": pgettext("files", "%(count)s within the window"),
        "spanning": pgettext("files", "%(count)s across its edge"),
        "outside": pgettext("files", "%(count)s outside the window"),
    }
    return ", ".join(words[place] % {"count": counts[place]} for place in words if counts[place])


def supersedable_verdict(page: ReviewPage, *, user: User) -> Review | None:
    """Return the verdict on this update if it is the one that counts and the person may correct it."""
    decision = page.decision
    if page.cycle.is_closed or decision is None or not decision.is_accepted:
        return None
    if not may_review(user, page.submission):
        return None
    newest = Review.objects.accepted().filter(assignment=page.assignment).newest_first().first()
    return decision if newest == decision else None
