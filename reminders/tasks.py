"""Thin doors for the beat: read the clock, call the service, log."""

from __future__ import annotations

import logging

from celery import shared_task

from audit import clock
from reminders.services import outbox, planning

logger = logging.getLogger(__name__)


@shared_task(name="reminders.tasks.plan")
def plan() -> int:
    """Every turn: what is owed goes into the outbox, whatever an earlier turn missed; returns how many were new."""
    return planning.plan(now=clock.now()).planned_count


@shared_task(name="reminders.tasks.send")
def send() -> int:
    """Every turn: packs what is ready and hands over what is due; returns how many mails were accepted."""
    now = clock.now()
    outbox.pack(now=now)
    done = outbox.send(now=now)
    if done.sent or done.postponed or done.failed:
        logger.info("Mails: %s", done)
    return done.sent
