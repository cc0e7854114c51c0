"""How long a session lasts: without anything being done in it, and altogether; by role, by the real clock.

The session holds both instants, so that a request asks no query more; what is done is noted every two minutes at most.
"""

import time
from dataclasses import dataclass

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

from accounts.roles import MAPO_ROLES

_BEGAN, _SEEN = "began", "seen"
#: After so many seconds the next request is noted: a session may end that much earlier than its idle limit says.
SEEN_EVERY = 120


@dataclass(frozen=True)
class SessionLimits:
    """Seconds that a session may be idle, and that it may last."""

    idle: int
    absolute: int


def limits_of(role: str) -> SessionLimits:
    """Return the limits for people of a role."""
    return SessionLimits(*settings.SESSION_LIMITS["mapo" if role in MAPO_ROLES else "agency"])


def begin(session: SessionBase) -> None:
    """Note that somebody signed in just now."""
    session[_BEGAN] = session[_SEEN] = int(time.time())


def note_use(session: SessionBase) -> bool:
    """Note that something was done; return whether that was due. A session without a beginning begins now."""
    if _BEGAN not in session:
        begin(session)
        return True
    if time.time() - session[_SEEN] < SEEN_EVERY:
        return False
    session[_SEEN] = int(time.time())
    return True


def use_now(session: SessionBase) -> None:
    """Note a use whether it is due or not."""
    session[_SEEN] = int(time.time())


def end_of(session: SessionBase, limits: SessionLimits) -> int:
    """Return when the session ends for good, in seconds since 1970."""
    return int(session.get(_BEGAN, time.time())) + limits.absolute


def page_facts(session: SessionBase, role: str) -> dict[str, int]:
    """Return what a page's script knows by itself: how long nothing may be done, and when the session ends for good."""
    limits = limits_of(role)
    return {"idle": limits.idle - SEEN_EVERY, "until": end_of(session, limits)}


def seconds_left(session: SessionBase, limits: SessionLimits) -> int:
    """Return how many seconds the session lasts if nothing more is done; 0 or less once it is over."""
    now = time.time()
    return int(min(session.get(_SEEN, now) + limits.idle, end_of(session, limits)) - now)
