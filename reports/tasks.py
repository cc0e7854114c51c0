"""Celery tasks: read the clock, call the service, log."""

from __future__ import annotations

import logging
import time

from celery import shared_task
from django.conf import settings

from audit import clock
from evidence.queue import enqueue
from reports.services.leases import MAKE_TASK
from reports.services.making import make_next
from reports.services.requests import request_due_reports
from reports.services.retention import ORPHAN_AGE, remove_expired_files, sweep_orphans
from reports.services.verification import compare_next

logger = logging.getLogger(__name__)

#: A making that takes longer fails with a sentence; a minute later its process is killed.
LIMIT_SECONDS = 15 * 60
_PROCESS_LIMIT_SECONDS = LIMIT_SECONDS + 60


@shared_task(name=MAKE_TASK, soft_time_limit=LIMIT_SECONDS, time_limit=_PROCESS_LIMIT_SECONDS)
def make_waiting() -> int | None:
    """Make the oldest report that waits, or whose worker was killed; if none, the oldest comparison. Return its id.

    Runs soon after a request, after each making, and every minute. One a task: each has its own time limit.
    """
    most_leases = settings.WORKER_SUMMARIES
    made = make_next(most_leases=most_leases, now=clock.now())
    if made is None:
        made = compare_next(most_leases=most_leases, now=clock.now())
    if made is not None:
        logger.info("A report or comparison, %s, was taken in hand", made)
        enqueue(MAKE_TASK)
    return made


@shared_task(name="reports.tasks.sweep")
def sweep() -> int:
    """Every night, remove the files that were kept long enough and those without a report. Return their number."""
    dropped = remove_expired_files(now=clock.now())
    orphans = sweep_orphans(written_before=time.time() - ORPHAN_AGE.total_seconds())
    if orphans:
        logger.warning("%d files of no summary were removed: %s", len(orphans), ", ".join(orphans[:50]))
    return dropped + len(orphans)


@shared_task(name="reports.tasks.make_monthly_summaries")
def make_monthly_summaries() -> int:
    """Every hour, request the monthly summaries whose day has come. Return their number."""
    asked = request_due_reports(now=clock.now())
    if asked:
        logger.info("%d monthly summaries were asked for", len(asked))
    return len(asked)
