"""What MAPO has accepted on an item, one entry a verdict, bounded by what the reader may know of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from recommendations.models import Review
from recommendations.readings.accepted import narrative_of
from recommendations.readings.signs import ICONS
from recommendations.states import Status
from ui import dates
from ui.numbers import percent

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One verdict. Text and dates are empty for those who may not read them; so is what only the agency and MAPO know.

    `files_count` is None where even the number of files is not the reader's to know.
    """

    review: Review
    narrative: str
    covers: str
    files_count: int | None
    difference: str
    superseded_by: Review | None
    correction_reason: str

    @property
    def code(self) -> str:
        return self.review.assignment.agency.code

    @property
    def agency_name(self) -> str:
        return self.review.assignment.agency.name

    @property
    def icon(self) -> str:
        return ICONS[self.review.status]

    @property
    def is_superseded(self) -> bool:
        return self.superseded_by is not None


def entry_of(review: Any, *, user: User, is_readable: bool) -> Entry:
    """Show a review with the annotations of `item_page`. A superseded verdict leaves its text to the one after it."""
    sees_claim = user.is_mapo or (user.is_agency_actor and user.agency_id == review.assignment.agency_id)
    knows = sees_claim and is_readable
    successor = getattr(review, "superseded_by", None)
    shows_text = is_readable and successor is None
    submission = review.submission
    text = narrative_of(submission, is_nothing_new=submission.update.is_nothing_new) if shows_text else ""
    return Entry(
        review=review,
        narrative=text,
        covers=dates.day_range(submission.covers_from, submission.covers_to) if shows_text else "",
        files_count=review.files_count if knows and successor is None else None,
        difference=_difference(review) if knows and review.differs_from_claim else "",
        superseded_by=successor,
        correction_reason=successor.reason if knows and successor else "",
    )


def _difference(review: Review) -> str:
    claim = review.submission
    return _("%(agency)s reported %(claim)s, MAPO decided %(verdict)s") % {
        "agency": review.assignment.agency.code,
        "claim": _told(claim.status, claim.percent, other=review.status),
        "verdict": _told(review.status, review.percent, other=claim.status),
    }


def _told(status: str, share: int | None, *, other: str) -> str:
    """The percentage, with the status before it where the two differ."""
    if status == other:
        return percent(share)
    return f"{Status(status).label} {percent(share)}"
