"""What an agency's newest accepted update says, for lists that need more than the verdict."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Exists, F, OuterRef, Subquery, When
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from audit import clock
from recommendations.models import Review, Submission
from ui import dates

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True, slots=True)
class Accepted:
    """MAPO's newest verdict on an assignment; `covers_to` is None where the text is above the reader's clearance."""

    status: str
    percent: int
    decided_at: datetime
    covers_to: date | None

    @property
    def decided_on(self) -> date:
        return clock.local_date(self.decided_at)


def newest_accepted(assignment_field: str, *, user: User) -> Subquery:
    """Annotate the newest accepted review as JSON; read it with `accepted_of`. One index look-up each."""
    accepted = Review.objects.accepted().filter(assignment_id=OuterRef(assignment_field))
    readable = Review.objects.within_clearance(user).filter(pk=OuterRef("pk"))
    newest = accepted.newest_first().annotate(is_readable=Exists(readable))
    facts = JSONObject(
        status="status",
        percent="percent",
        at="decided_at",
        covers_to=Case(When(is_readable=True, then=F("submission__covers_to"))),
    )
    return Subquery(newest.values(facts=facts)[:1])


def accepted_of(facts: dict[str, Any] | None) -> Accepted | None:
    """Read what `newest_accepted` annotated."""
    if not facts:
        return None
    covers_to = facts["covers_to"]
    return Accepted(
        status=facts["status"],
        percent=facts["percent"],
        decided_at=datetime.fromisoformat(facts["at"]),
        covers_to=date.fromisoformat(covers_to) if covers_to else None,
    )


def narrative_of(submission: Submission, *, is_nothing_new: bool) -> str:
    """The text of a version; "nothing new since" in the reader's own words (it has no other text)."""
    if not is_nothing_new:
        return submission.narrative
    return _("Nothing new since %(day)s.") % {"day": dates.day(submission.covers_from)}
