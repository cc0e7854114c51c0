"""Celery tasks: read the clock, call the service, log."""

import logging

from celery import shared_task

from audit import clock
from backups.services import noting

logger = logging.getLogger(__name__)


@shared_task(name="backups.tasks.take_notes")
def take_notes() -> int:
    """Every five minutes: record what scripts of backups noted; return how many backups were new."""
    return noting.take_notes(noting.notes_folder(), now=clock.now())


@shared_task(name="backups.tasks.look_at_backups")
def look_at_backups() -> int:
    """Every hour: tell administrators, once a day, what is the matter with the backups; return how many troubles there are."""
    return len(dict(noting.tell_troubles(now=clock.now()).troubles()))
