"""Reading stored files again: a share each night, so that each is read within 30 days; or all at once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from celery.exceptions import SoftTimeLimitExceeded
from django.db.models import F, Q

from audit.clock import end_of_day, local_date
from evidence.models import Document, FileCheck
from evidence.services.integrity import harm_of_document, record_check
from evidence.states import Harm

#: In so many nights all are read; what waits longer than this is due at once, whatever the share: so each is read within `CHECKED_WITHIN`.
_NIGHTS = 28
_BATCH = 500

#: Returns the present instant: reading many files takes a while.
ReadClock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn did: how many files it read, how many were harmed, how many are left of the night's share."""

    read: int
    harmed: int
    left: int


def due_tonight(now: datetime) -> list[int]:
    """Return the ids of the files that are still to be read today: harmed ones first, then by their last check.

    The share of a night is one of 28 equal parts of all, and besides whatever would wait too long.
    """
    since = end_of_day(local_date(now) - timedelta(days=1))
    files = Document.objects.with_kept_bytes().with_last_check()
    due = files.filter(last_check__lt=since)
    share = ceil(files.count() / _NIGHTS) - FileCheck.objects.filter(checked_at__gte=since).count()
    is_harmed = ~Q(file_check__harm="") & Q(file_check__isnull=False)
    is_late = Q(last_check__lt=now - timedelta(days=_NIGHTS))
    pressing = due.filter(is_harmed | is_late).count()
    order = (F("file_check__harmed_at").asc(nulls_last=True), "last_check", "pk")
    return list(due.order_by(*order).values_list("pk", flat=True)[: max(share, pressing, 0)])


def read_share(*, read_clock: ReadClock, may_continue: Callable[[], bool]) -> Turn:
    """Read files of the night's share one by one, as long as `may_continue` says; each result is kept at once.

    So the next turn goes on where this one ended, whatever ended it. A file on which the worker's time ran out counts as
    unreadable.
    """
    due, read, harmed = due_tonight(read_clock()), 0, 0
    for document_id in due:
        if not may_continue():
            break
        document = Document.objects.with_kept_bytes().filter(pk=document_id).first()
        if document is None:
            continue
        try:
            harm = harm_of_document(document)
        except SoftTimeLimitExceeded:
            record_check(document, Harm.UNREADABLE, now=read_clock())
            raise
        read, harmed = read + 1, harmed + (record_check(document, harm, now=read_clock()) is not None)
    return Turn(read, harmed, len(due) - read)


def read_all(*, read_clock: ReadClock) -> Iterator[tuple[Document, Harm]]:
    """Read every stored file again and keep each result; yield each document that is harmed, with its harm."""
    last = 0
    while rows := list(Document.objects.with_kept_bytes().filter(pk__gt=last).order_by("pk")[:_BATCH]):
        for document in rows:
            harm = record_check(document, harm_of_document(document), now=read_clock())
            if harm is not None:
                yield document, harm
        last = rows[-1].pk
