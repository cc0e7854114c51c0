"""Celery tasks: read the clock, call the service, log."""

import logging

from celery import shared_task

from audit import clock
from backups.services.mail_switch import mail_may_leave
from reminders.services import packing, planning, sending

logger = logging.getLogger(__name__)


@shared_task(name="reminders.tasks.plan")
def plan() -> int:
    """Plan today's reminders, and what earlier runs missed. Returns how many were new."""
    return planning.plan(now=clock.now()).planned_count


@shared_task(name="reminders.tasks.send")
def send() -> int:
    """Pack what is ready into mails and send what is due. Returns how many mails were accepted.

    While mail is held back nothing is packed either: what waits then is what the restore brought back.
    """
    now = clock.now()
    if not mail_may_leave(now=now):
        return 0
    packing.pack(now=now)
    summary = sending.send(now=now)
    if summary.sent or summary.postponed or summary.failed:
        logger.info("Mails: %s", summary)
    return summary.sent
