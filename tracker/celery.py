"""The Celery application and its fixed schedule."""

import os
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import task_postrun, task_prerun
from django.conf import settings

from installation.queues import QUEUES
from tracker.broker_limits import WHEN_SILENT

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")

app = Celery("jejak")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.set_default()
app.autodiscover_tasks()
#: The whole timetable, by the real clock. What a lost broker dropped, the next turn finds in the database.
#: Turns of the reminders that nobody took in time are forgotten: the next does all that they would have done.
_TURN = settings.REMINDERS_EVERY_SECONDS
app.conf.beat_schedule = {
    "plan-reminders": {
        "task": "reminders.tasks.plan",
        "schedule": timedelta(seconds=_TURN),
        "options": {"expires": _TURN},
    },
    # Two senders a turn, one for each child of a worker: no mail is in both hands, and many go twice as fast.
    **{
        f"send-reminders-{number}": {
            "task": "reminders.tasks.send",
            "schedule": timedelta(seconds=_TURN),
            "options": {"expires": _TURN},
        }
        for number in (1, 2)
    },
    "scan-waiting": {"task": "evidence.tasks.scan_waiting", "schedule": timedelta(minutes=1)},
    "look-at-scanner": {
        "task": "evidence.tasks.look_at_scanner",
        "schedule": timedelta(minutes=5),
        "options": {"expires": 300},
    },
    "extract-waiting": {"task": "evidence.tasks.extract_waiting", "schedule": timedelta(minutes=1)},
    "make-reports": {
        "task": "reports.tasks.make_waiting",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 60},
    },
    "make-monthly-summaries": {"task": "reports.tasks.make_monthly_summaries", "schedule": crontab(minute=7)},
    "sweep-reports": {"task": "reports.tasks.sweep", "schedule": crontab(hour=3, minute=27)},
    "sweep-orphans": {"task": "evidence.tasks.sweep_orphans", "schedule": crontab(hour=3, minute=17)},
    # A turn takes a minute at most; what is left of the night's share waits for the next.
    "check-files": {
        "task": "evidence.tasks.check_files",
        "schedule": crontab(hour="1-4", minute="*/10"),
        "options": {"expires": 300},
    },
    "take-backup-notes": {
        "task": "backups.tasks.take_notes",
        "schedule": timedelta(minutes=5),
        "options": {"expires": 300},
    },
    "look-at-backups": {
        "task": "backups.tasks.look_at_backups",
        "schedule": crontab(minute=23),
        "options": {"expires": 3600},
    },
    # Each place takes one anchor a day: after midnight, or at the first turn at which it and the broker are there.
    "anchor": {
        "task": "audit.tasks.anchor",
        "schedule": crontab(minute="10,40"),
        "options": {"expires": 1500},
    },
    "late-anchors": {"task": "audit.tasks.tell_of_late_anchors", "schedule": crontab(hour=8, minute=20)},
    # That a queue's turn was noted says that schedule, broker and worker are there (tracker.readiness).
    **{
        f"turn-of-{queue.name}": {
            "task": "tracker.tasks.note_turn",
            "args": (queue.name,),
            "schedule": timedelta(minutes=1),
            "options": {"queue": queue.name, "expires": 60},
        }
        for queue in QUEUES
    },
    "waiting-mails": {
        "task": "accounts.tasks.send_waiting_mails",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 60},
    },
    "idle-sessions": {"task": "tracker.tasks.end_idle_sessions", "schedule": timedelta(minutes=5)},
    "ended-sessions": {"task": "tracker.tasks.forget_ended_sessions", "schedule": crontab(hour=3, minute=47)},
}

#: How long a page waits for the broker, at most twice: to connect, and for an answer.
_PAGE_WAITS_SECONDS = 1.0


def never_keep_pages_waiting() -> None:
    """Let this process ask a broker once, and shortly. What was not queued, the beat finds in the database."""
    if settings.CELERY_BROKER_URL.startswith("redis"):
        app.conf.broker_transport_options = {
            **WHEN_SILENT,
            "socket_connect_timeout": _PAGE_WAITS_SECONDS,
            "socket_timeout": _PAGE_WAITS_SECONDS,
            "max_retries": 0,
        }
    app.conf.broker_connection_timeout = _PAGE_WAITS_SECONDS
    app.conf.task_publish_retry = False


#: What tasks in hand hide, by their id: from everybody, unless what they make has a reader.
_readings: dict[str, AbstractContextManager[None]] = {}


@task_prerun.connect
def _hide_from_everybody(task_id: str, **_sent: Any) -> None:
    from privacy.reading import NOBODY, reading_as

    _readings[task_id] = reading_as(NOBODY)
    _readings[task_id].__enter__()


@task_postrun.connect
def _hide_no_more(task_id: str, **_sent: Any) -> None:
    if (reading := _readings.pop(task_id, None)) is not None:
        reading.__exit__(None, None, None)
