"""Nightly tasks of the installation itself."""

from importlib import import_module

from celery import shared_task
from django.conf import settings


@shared_task(name="tracker.tasks.forget_ended_sessions")
def forget_ended_sessions() -> None:
    """Remove expired sessions, every day (real clock)."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
