"""What MAPO has accepted on an item: one entry for each verdict, with what the reader may know of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Agency, User
from audit.clock import local_date
from recommendations.content import narrative_text
from recommendations.models import Review, Submission, SubmissionDocument
from recommendations.models.cycle import in_reading_language
from recommendations.queries.sql import RowCount
from recommendations.states import ShowsStatus, Status
from ui import dates
from ui.numbers import percent

#: Entries of the timeline on one page, and on the page that shows the whole of it for paper.
ENTRIES, MOST_ENTRIES = 5, 200


@dataclass(frozen=True, slots=True)
class Correction:
    """The verdict that took the place of another; its reason is empty where the reader may not know it."""

    decided_at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry(ShowsStatus):
    """One verdict. Text and dates are empty for those who may not read them; so is what only the agency and MAPO know.

    `files_count` is None where even the number of files is not the reader's to know; `classification` is that of
    the text, where it is shown. `reported_on` is the day of a report that came in by an opening import, and
    `brought_in_on` the day on which it did.
    """

    code: str
    agency_name: str
    status: str
    percent: int
    decided_at: datetime
    narrative: str = ""
    covers: str = ""
    classification: int = 0
    files_count: int | None
    difference: str
    superseded_by: Correction | None
    reported_on: date | None = None
    brought_in_on: date | None = None

    @property
    def files_text(self) -> str:
        """The number of files in words; empty where it is none, or not the reader's to know."""
        if not self.files_count:
            return ""
        return ngettext("%(total)s file", "%(total)s files", self.files_count) % {"total": self.files_count}

    @property
    def covers_text(self) -> str:
        return _("Covers %(range)s") % {"range": self.covers} if self.covers else ""


def verdicts_of_item(item_id: int, *, start: int, most: int, before: datetime | None = None) -> list[Review]:
    """Return so many verdicts on an item from the newest on, after the first `start` of them (one query).

    With `before`, those that had been given before that instant. Status, percentage and date are everybody's; the rest is
    given out by `entry_of` alone.
    """
    verdicts = Review.objects.accepted().filter(item_id=item_id).newest_first()
    if before is not None:
        verdicts = verdicts.filter(decided_at__lt=before)
    links = SubmissionDocument.objects.filter(submission=OuterRef("submission"))
    found = verdicts.annotate(files_count=RowCount(links.values("pk")))
    judged = found.select_related("submission__update", "superseded_by")
    return list(judged[start : start + most])


def entry_of(
    review: Review, *, agency: Agency, user: User, is_readable: bool, before: datetime | None = None
) -> TimelineEntry:
    """Return as much of a verdict as the reader may know. A superseded verdict leaves its text to its successor.

    `review` is one of `verdicts_of_item`, `agency` whose part was judged. What took its place later than `before` was not
    known then.
    """
    sees_claim = user.is_mapo or (user.is_agency_actor and user.agency_id == agency.pk)
    knows = sees_claim and is_readable
    successor = _successor(review, before=before)
    shows_text = is_readable and successor is None
    files_count: int = review.files_count  # type: ignore[attr-defined]  # annotated
    return TimelineEntry(
        code=agency.code,
        agency_name=in_reading_language(agency, "name"),
        status=review.status,
        percent=review.percent or 0,
        decided_at=review.decided_at,
        files_count=files_count if knows and shows_text else None,
        difference=_difference(review, code=agency.code) if knows else "",
        superseded_by=Correction(successor.decided_at, successor.reason if knows else "")
        if successor
        else None,
        **_text_fields(review.submission) if shows_text else {},
    )


def _successor(review: Review, *, before: datetime | None) -> Review | None:
    """Return the verdict that took the place of another before an instant, or by now."""
    successor: Review | None = getattr(review, "superseded_by", None)
    if successor is None or (before is not None and successor.decided_at >= before):
        return None
    return successor


def _text_fields(submission: Submission) -> dict[str, Any]:
    """Return the fields about the text that was judged."""
    covers_from, reported_on = submission.covers_from, submission.update.reported_on
    return {
        "narrative": narrative_text(
            submission.narrative, covers_from=covers_from, is_nothing_new=submission.update.is_nothing_new
        ),
        "covers": dates.day_range(covers_from, submission.covers_to),
        "classification": submission.classification,
        "reported_on": reported_on,
        "brought_in_on": local_date(submission.submitted_at) if reported_on else None,
    }


def _difference(review: Review, *, code: str) -> str:
    """What the agency claimed and what MAPO decided, where the two differ."""
    claim = review.submission
    if (review.status, review.percent) == (claim.status, claim.percent):
        return ""
    return _("%(agency)s reported %(claim)s, MAPO decided %(verdict)s") % {
        "agency": code,
        "claim": _told(claim.status, claim.percent, other=review.status),
        "verdict": _told(review.status, review.percent, other=claim.status),
    }


def _told(status: str, share: int | None, *, other: str) -> str:
    """The percentage, with the status before it where the two differ."""
    if status == other:
        return percent(share)
    return f"{Status(status).label} {percent(share)}"
