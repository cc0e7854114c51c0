"""Tasks of the installation itself."""

import time
from importlib import import_module

from celery import shared_task
from django.conf import settings
from django.core.cache import cache

from accounts.attempts import forget_old_attempts
from accounts.services.sessions import end_sessions_that_are_over
from audit import clock
from audit.seals import forget_used
from installation.queues import turn_key

#: A turn that is so old says no more than one that never was.
_TURN_KEPT_SECONDS = 7 * 24 * 3600


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


@shared_task(name="tracker.tasks.note_turn")
def note_turn(queue: str) -> None:
    """Note, every minute, that a queue had its turn: the schedule, the broker and its worker are there."""
    cache.set(turn_key(queue), time.time(), timeout=_TURN_KEPT_SECONDS)
