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
class CheckProgress:
    """How far all files have been read again. A file that was never read counts from the day it was received.

    `oldest` is the check that lies back furthest, `newest` the last reading of any file; None while there is none.
    `lines` are the harmed documents that the reader may open, `hidden_count` how many others there are.
    """

    total: int
    within: int
    oldest: datetime | None
    newest: datetime | None
    harmed: int
    lines: list[HarmedLine]
    hidden_count: int

    #: Whether no file has been read for so long that something must stand still.
    is_stalled: bool

    @property
    def is_late(self) -> bool:
        """Whether some file was not read for too long."""
        return self.within < self.total


def read_check_progress(user: User, *, now: datetime) -> CheckProgress:
    """Return the progress as this administrator may see it (three queries)."""
    is_harmed = Q(file_check__isnull=False) & ~Q(file_check__harm="")
    files = Document.objects.with_kept_bytes().with_last_check()
    found = files.aggregate(
        total=Count("pk"),
        within=Count("pk", filter=Q(last_check__gte=now - CHECKED_WITHIN)),
        oldest=Min("last_check"),
        harmed=Count("pk", filter=is_harmed),
    )
    mine = Document.objects.visible_to(user).with_kept_bytes().filter(is_harmed)
    rows = mine.select_related("agency", "file_check").order_by("file_check__harmed_at", "pk")[:_MOST_SHOWN]
    lines = [
        HarmedLine(row, harm_text(row, Harm(row.file_check.harm)), row.file_check.harmed_at) for row in rows
    ]
    newest = FileCheck.objects.aggregate(newest=Max("checked_at"))["newest"]
    return CheckProgress(
        **found,
        newest=newest,
        lines=lines,
        hidden_count=found["harmed"] - len(lines),
        is_stalled=newest is not None and newest < now - _STALLED_AFTER,
    )
