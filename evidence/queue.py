"""Queue work by task name. The truth is in the database: a queue that is down loses nothing."""

import logging
import time
from functools import partial

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError as BrokerDown

logger = logging.getLogger(__name__)

SCAN_TASK = "evidence.tasks.scan_document"
PREVIEW_TASK = "evidence.tasks.make_preview"
TEXT_TASK = "evidence.tasks.extract_text"
#: A broker that did not answer is asked again after this: one request queues several tasks, and each would wait for it.
_PAUSE_SECONDS = 5.0
_asked_again_at = 0.0


def enqueue_after_commit(task_name: str, row_id: int) -> None:
    """Queue a task once the row is committed; if the queue is down, the beat finds the row."""
    transaction.on_commit(partial(enqueue, task_name, row_id), robust=True)


def enqueue(task_name: str, *arguments: int) -> None:
    """Queue a task now; a queue that does not answer is logged, and left alone for some seconds."""
    global _asked_again_at
    if time.monotonic() < _asked_again_at:
        return
    try:
        current_app.send_task(task_name, args=arguments, retry=False, ignore_result=True)
    except Exception as error:
        if isinstance(error, BrokerDown):
            _asked_again_at = time.monotonic() + _PAUSE_SECONDS
        logger.warning("%s%s was not queued: %s", task_name, arguments, error)
