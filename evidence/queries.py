"""What administrators see of the checks of stored files."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q

from accounts.models import User
from evidence.display import harm_text
from evidence.models import CHECKED_WITHIN, Document, FileCheck
from evidence.states import Harm

_MOST_SHOWN = 100
#: Each night reads some file; one may be left out by an outage.
_STALLED_AFTER = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class HarmedLine:
    """A document whose bytes are harmed, as the page lists it."""

    document: Document
    words: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class CheckCounts:
    """How far all files have been read again. A file that was never read counts from the day it was received.

    `oldest` is the check that lies back furthest, `newest` the last reading of any file; None while there is none.
    `is_stalled` says that no file has been read for so long that something must stand still.
    """

    total: int
    within: int
    oldest: datetime | None
    newest: datetime | None
    harmed: int
    is_stalled: bool

    @property
    def is_late(self) -> bool:
        """Whether some file was not read for too long."""
        return self.within < self.total


@dataclass(frozen=True, slots=True)
class CheckProgress:
    """How far all files have been read again, and the harmed documents that the reader may open, and how many others."""

    counts: CheckCounts
    lines: list[HarmedLine]
    hidden_count: int


_IS_HARMED = Q(file_check__isnull=False) & ~Q(file_check__harm="")


def count_checks(*, now: datetime) -> CheckCounts:
    """Count what was read again within 30 days, and what is harmed (two queries)."""
    files = Document.objects.with_kept_bytes().with_last_check()
    found = files.aggregate(
        total=Count("pk"),
        within=Count("pk", filter=Q(last_check__gte=now - CHECKED_WITHIN)),
        oldest=Min("last_check"),
        harmed=Count("pk", filter=_IS_HARMED),
    )
    newest = FileCheck.objects.aggregate(newest=Max("checked_at"))["newest"]
    return CheckCounts(
        **found, newest=newest, is_stalled=newest is not None and newest < now - _STALLED_AFTER
    )


def read_check_progress(user: User, *, now: datetime) -> CheckProgress:
    """Return the progress as this administrator may see it (three queries)."""
    counts = count_checks(now=now)
    mine = Document.objects.visible_to(user).with_kept_bytes().filter(_IS_HARMED)
    rows = mine.select_related("agency", "file_check").order_by("file_check__harmed_at", "pk")[:_MOST_SHOWN]
    lines = [
        HarmedLine(row, harm_text(row, Harm(row.file_check.harm)), row.file_check.harmed_at) for row in rows
    ]
    return CheckProgress(counts, lines, hidden_count=counts.harmed - len(lines))
