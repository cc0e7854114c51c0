"""Nightly tasks of the installation itself."""

from importlib import import_module

from celery import shared_task
from django.conf import settings

from audit.seals import forget_used


@shared_task(name="tracker.tasks.forget_ended_sessions")
def forget_ended_sessions() -> None:
    """Remove expired sessions and used seals, every day (real clock)."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    forget_used()
