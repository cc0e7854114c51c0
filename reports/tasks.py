"""Thin doors for the worker and the beat: read the clock, call the service, log."""

from __future__ import annotations

import logging
import time

from celery import shared_task
from django.conf import settings

from audit import clock
from evidence.queue import enqueue
from reports import services
from reports.services import schedules
from reports.services.asking import MAKE_TASK
from reports.services.keeping import ORPHAN_AGE

logger = logging.getLogger(__name__)

#: A making that takes longer is ended with a sentence; where even that is not heard, its process is ended.
LIMIT_SECONDS = 15 * 60
_PROCESS_LIMIT_SECONDS = LIMIT_SECONDS + 60


@shared_task(name=MAKE_TASK, soft_time_limit=LIMIT_SECONDS, time_limit=_PROCESS_LIMIT_SECONDS)
def make_waiting() -> int | None:
    """Soon after somebody asked, after each making, and every minute: makes the oldest report that waits, or was left by
    a worker that fell, and returns its number. One report a task, so that the limits are each one's own."""
    # One child of the worker stays free for other tasks.
    made = services.make_next(places=max(1, settings.WORKER_CONCURRENCY - 1), now=clock.now())
    if made is not None:
        logger.info("Report %s was taken in hand", made)
        enqueue(MAKE_TASK)
    return made


@shared_task(name="reports.tasks.sweep")
def sweep() -> int:
    """Every night: the bytes whose days are over, and files without a row; returns how many files went."""
    dropped = services.drop_old(now=clock.now())
    orphans = services.sweep_orphans(written_before=time.time() - ORPHAN_AGE.total_seconds())
    if orphans:
        logger.warning("%d files of no summary were removed: %s", len(orphans), ", ".join(orphans[:50]))
    return dropped + len(orphans)


@shared_task(name="reports.tasks.turn_month")
def turn_month() -> int:
    """Every hour: asks for the monthly summaries whose day has come; returns how many were asked for."""
    asked = schedules.turn(now=clock.now())
    if asked:
        logger.info("%d monthly summaries were asked for", len(asked))
    return len(asked)
