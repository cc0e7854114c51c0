"""What the pages of one update show: while it is written, and the versions that were sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch

from accounts.clearance import Clearance
from accounts.models import User
from evidence.models import Document
from recommendations.content import Content, submission_narrative
from recommendations.deadlines import is_due_soon, is_overdue
from recommendations.models import Assignment, Outcome, Review, Submission, Update
from recommendations.queries.asked_updates import asked_reasons
from recommendations.queries.cited_files import File, by_shown_name, file_of, file_row
from recommendations.queries.readable_reviews import readable_reviews
from recommendations.states import Status
from recommendations.windows import WindowPlace, window_label
from submissions.states import SubmissionState
from ui import dates

#: How many of the agency's files the form offers for citing before the reader searches.
OFFERED_FILES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class LastAccepted:
    """MAPO's newest verdict. Of a text above the reader's clearance `narrative` is empty, and `covers_to` is None."""

    review: Review
    narrative: str
    covers_to: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftingContext:
    """What the page of the form shows besides its fields."""

    update: Update
    last: LastAccepted | None
    returned: Review | None
    attached: list[File]
    offered: list[File]
    covers: tuple[date | None, date | None]
    asked_reason: str
    following_ids: frozenset[int]
    classification: int
    today: date

    @property
    def due_on(self) -> date | None:
        return self.update.assignment.next_due_on

    @property
    def is_overdue(self) -> bool:
        return is_overdue(self.due_on, today=self.today)

    @property
    def is_due_soon(self) -> bool:
        within = self.update.assignment.cycle.due_soon_days
        return is_due_soon(self.due_on, today=self.today, within_days=within)

    @property
    def is_completed(self) -> bool:
        """Whether MAPO accepted it as completed, and asks for nothing more."""
        return self.last is not None and self.last.review.status == Status.DONE and self.due_on is None

    @property
    def repeats_since(self) -> date | None:
        """The day since which "nothing new" may be reported in one click; None where it may not, as where a draft is open."""
        return self.last.covers_to if self.last and self.update.pk is None else None

    @property
    def window(self) -> WindowPlace:
        """Where the days covered lie against the window of the cycle; "" while one of them is missing."""
        start, end = self.covers
        if start is None or end is None:
            return ""
        if end < start:
            return "reversed"
        return window_label(*self.covers, self.update.assignment.cycle)

    @property
    def attached_rows(self) -> list[dict[str, Any]]:
        return [
            file_row(
                file,
                window=self.window,
                following_ids=self.following_ids,
                classification=self.classification,
            )
            for file in self.attached
        ]


def read_drafting_context(
    update: Update, *, user: User, today: date, content: Content, last: LastAccepted | None, find: str = ""
) -> DraftingContext:
    """Return what the form shows besides its fields, as far as they were understood: `content`."""
    cycle = update.assignment.cycle
    theirs = (
        Document.objects.visible_to(user).of_agency(update.assignment.agency_id).select_related("file_check")
    )
    cited = theirs.filter(pk__in=content.document_ids).order_by("received_at", "pk")
    others = theirs.citable().exclude(pk__in=[document.pk for document in cited])
    if find:
        others = others.named_like(find)
    return DraftingContext(
        update=update,
        last=last,
        returned=newest_return(update, user=user),
        attached=[file_of(document, cycle) for document in cited],
        offered=[file_of(document, cycle) for document in others[:OFFERED_FILES]],
        covers=(content.covers_from, content.covers_to),
        asked_reason=""
        if update.state == SubmissionState.RETURNED
        else asked_reason(update.assignment, last),
        following_ids=content.following_ids,
        classification=content.classification,
        today=today,
    )


def last_accepted(assignment: Assignment, *, user: User) -> LastAccepted | None:
    """Return MAPO's newest verdict on an assignment of the person's agency, with its text within their clearance."""
    outcome = Outcome.objects.select_related("verdict__submission__update").get(pk=assignment.pk)
    review = outcome.verdict
    if review is None:
        return None
    readable = readable_reviews([review.pk], user=user)
    text = submission_narrative(review.submission) if readable else ""
    return LastAccepted(review=review, narrative=text, covers_to=readable.get(review.pk))


def asked_reason(assignment: Assignment, last: LastAccepted | None) -> str:
    """Return why MAPO asks for an update of a completed assignment; "" where it does not (one query at most)."""
    if last is None or last.review.status != Status.DONE or assignment.next_due_on is None:
        return ""
    return asked_reasons([assignment.pk]).get(assignment.pk, "")


def newest_return(update: Update, *, user: User) -> Review | None:
    """Return the review whose reason is shown above the form: the return that the text is to answer."""
    if not update.is_editable:
        return None
    found = Review.objects.last_return(update.assignment_id)
    seen = Review.objects.visible_to(user).select_related("reviewer")
    return seen.filter(pk=found.pk).first() if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One submission with its files and what MAPO decided on it, newest decision first."""

    submission: Submission
    narrative: str
    window: str
    files: list[File]
    decisions: list[Review]

    @property
    def covers(self) -> str:
        return dates.day_range(self.submission.covers_from, self.submission.covers_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatePage:
    """An update as its agency and MAPO read it. `live` is the text that was never sent, for its agency alone."""

    update: Update
    versions: list[Version]
    live: LiveText | None

    @property
    def classification(self) -> str:
        """The highest class of what the page shows, for the banner of a print."""
        classes = [version.submission.classification for version in self.versions]
        files = [file for version in self.versions for file in version.files]
        if self.live:
            classes.append(self.update.classification)
            files += self.live.files
        classes += [file.document.classification for file in files]
        return str(Clearance(max(classes, default=Clearance.OPEN)).label)


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveText:
    """What the agency has written and not sent: a draft, or a returned update that is being corrected."""

    narrative: str
    files: list[File]


def read_update(update: Update, *, user: User) -> UpdatePage:
    """Return the versions of an update, newest first, within the reader's clearance (five queries)."""
    cycle = update.assignment.cycle
    seen = Document.objects.visible_to(user).select_related("file_check")
    reviews = Review.objects.visible_to(user).select_related("reviewer").newest_first()
    submissions = (
        update.submissions.within_clearance(user)
        .select_related("submitted_by")
        .prefetch_related(Prefetch("documents", queryset=seen), Prefetch("reviews", queryset=reviews))
        .order_by("-number")
    )
    versions = [
        Version(
            submission=submission,
            narrative=submission_narrative(submission),
            window=window_label(submission.covers_from, submission.covers_to, cycle),
            files=[file_of(document, cycle) for document in by_shown_name(submission.documents.all())],
            decisions=list(submission.reviews.all()),
        )
        for submission in submissions
    ]
    return UpdatePage(update=update, versions=versions, live=_live_text(update, versions=versions, user=user))


def _live_text(update: Update, *, versions: list[Version], user: User) -> LiveText | None:
    is_unsent = update.state in (SubmissionState.DRAFT, SubmissionState.RETURNED, SubmissionState.DISCARDED)
    is_changed = not versions or versions[0].submission.revision != update.revision
    if user.is_mapo or not (is_unsent and is_changed):
        return None
    cited = Document.objects.visible_to(user).filter(citations__update=update)
    files = by_shown_name(cited.select_related("file_check"))
    return LiveText(
        narrative=update.narrative,
        files=[file_of(document, update.assignment.cycle) for document in files],
    )
