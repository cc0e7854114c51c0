"""Queue work by task name. The truth is in the database: a queue that is down loses nothing."""

import logging
from functools import partial

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)

SCAN_TASK = "evidence.tasks.scan_document"
PREVIEW_TASK = "evidence.tasks.make_preview"
TEXT_TASK = "evidence.tasks.extract_text"


def enqueue_after_commit(task_name: str, row_id: int) -> None:
    """Queue a task once the row is committed; if the queue is down, the beat finds the row."""
    transaction.on_commit(partial(enqueue, task_name, row_id), robust=True)


def enqueue(task_name: str, *arguments: int) -> None:
    """Queue a task now; a queue that does not answer is logged, and nothing else."""
    try:
        current_app.send_task(task_name, args=arguments, retry=False, ignore_result=True)
    except Exception as error:
        logger.warning("%s%s was not queued: %s", task_name, arguments, error)
