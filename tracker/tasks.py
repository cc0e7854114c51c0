"""What belongs to the installation and is done at night."""

from importlib import import_module

from celery import shared_task
from django.conf import settings


@shared_task(name="tracker.tasks.forget_ended_sessions")
def forget_ended_sessions() -> None:
    """Every day: remove sessions whose time is over (real clock)."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
