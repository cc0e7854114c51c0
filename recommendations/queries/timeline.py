"""What MAPO has accepted on an item: one entry for each verdict, with what the reader may know of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from audit.clock import local_date
from recommendations.content import narrative_text
from recommendations.models.cycle import in_reading_language
from recommendations.states import ShowsStatus, Status
from ui import dates
from ui.numbers import percent

if TYPE_CHECKING:
    from recommendations.queries.item_sql import VerdictRow

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


def entry_of(row: VerdictRow, *, of: Any, user: User, is_readable: bool) -> TimelineEntry:
    """Return as much of a verdict as the reader may know. A superseded verdict leaves its text to its successor.

    `row` is one of `item_sql.verdicts_of_item`, `of` the assignment that was judged, with its agency's id, code and names.
    """
    sees_claim = user.is_mapo or (user.is_agency_actor and user.agency_id == of.agency_id)
    knows = sees_claim and is_readable
    is_superseded = row.superseded_at is not None
    shows_text = is_readable and not is_superseded
    return TimelineEntry(
        code=of.code,
        agency_name=in_reading_language(of, "name"),
        status=row.status,
        percent=row.percent,
        decided_at=row.decided_at,
        files_count=row.files_count if knows and shows_text else None,
        difference=_difference(row, code=of.code) if knows else "",
        superseded_by=_correction(row, knows=knows),
        **_text_fields(row) if shows_text else {},
    )


def _text_fields(row: VerdictRow) -> dict[str, Any]:
    """Return the fields about the text that was judged."""
    covers_from = row.covers_from
    return {
        "narrative": narrative_text(
            row.narrative, covers_from=covers_from, is_nothing_new=row.is_nothing_new
        ),
        "covers": dates.day_range(covers_from, row.covers_to),
        "classification": row.classification,
        "reported_on": row.reported_on,
        "brought_in_on": local_date(row.submitted_at) if row.reported_on else None,
    }


def _correction(row: VerdictRow, *, knows: bool) -> Correction | None:
    if row.superseded_at is None:
        return None
    return Correction(row.superseded_at, (row.superseded_reason or "") if knows else "")


def _difference(row: VerdictRow, *, code: str) -> str:
    """What the agency claimed and what MAPO decided, where the two differ."""
    if (row.status, row.percent) == (row.claim_status, row.claim_percent):
        return ""
    return _("%(agency)s reported %(claim)s, MAPO decided %(verdict)s") % {
        "agency": code,
        "claim": _told(row.claim_status, row.claim_percent, other=row.status),
        "verdict": _told(row.status, row.percent, other=row.claim_status),
    }


def _told(status: str, share: int | None, *, other: str) -> str:
    """The percentage, with the status before it where the two differ."""
    if status == other:
        return percent(share)
    return f"{Status(status).label} {percent(share)}"
