"""Nightly tasks of the installation itself."""

from importlib import import_module

from celery import shared_task
from django.conf import settings

from accounts.attempts import forget_old_attempts
from accounts.services.sessions import end_sessions_that_are_over
from audit import clock
from audit.seals import forget_used


@shared_task(name="tracker.tasks.forget_ended_sessions")
def forget_ended_sessions() -> None:
    """Remove expired sessions, old failed attempts and used seals, every day (real clock)."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    forget_old_attempts()
    forget_used()


@shared_task(name="tracker.tasks.end_idle_sessions")
def end_idle_sessions() -> None:
    """Remove and record the sessions whose limits have passed, every five minutes."""
    end_sessions_that_are_over(now=clock.now())
