"""The Celery application and its fixed schedule."""

import os
from datetime import timedelta

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")

app = Celery("jejak")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.set_default()
app.autodiscover_tasks()
#: The whole timetable, by the real clock. What a lost broker dropped, the next turn finds in the database.
app.conf.beat_schedule = {
    "scan-waiting": {"task": "evidence.tasks.scan_waiting", "schedule": timedelta(minutes=1)},
    "extract-waiting": {"task": "evidence.tasks.extract_waiting", "schedule": timedelta(minutes=1)},
    "sweep-orphans": {"task": "evidence.tasks.sweep_orphans", "schedule": crontab(hour=3, minute=17)},
    "ended-sessions": {"task": "tracker.tasks.forget_ended_sessions", "schedule": crontab(hour=3, minute=47)},
}
