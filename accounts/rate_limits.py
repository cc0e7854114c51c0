"""Rate limits: how many requests of a kind somebody may send, and how long a lock-out still lasts.

The one module that uses allauth's private rate limiter, and why: docs/adr/0023. Limits use the real clock.
"""

import math
import time
from dataclasses import dataclass

from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest

APP, ACTION = "allauth.account", "login_failed"


def is_within_rate(
    request: HttpRequest, *, app: str, action: str, rates: str, counts_get: bool = False
) -> bool:
    """Count a request, and return whether it is within the rates, such as "20/m/user".

    Only a POST counts unless `counts_get`. Requests over a rate are not counted.
    """
    usage = ratelimit.consume(request, app=app, action=action, config={action: rates}, limit_get=counts_get)
    return usage is not None


@dataclass(frozen=True)
class LockOut:
    """What is locked ("account" or "address") and for how many seconds more (at least one)."""

    by: str
    seconds: int

    @property
    def minutes(self) -> int:
        """The time left, rounded up: waiting that long is enough."""
        return math.ceil(self.seconds / 60)


def current_lock_out(request: HttpRequest, *, key: str) -> LockOut | None:
    """Return the longest lock-out in force for this account key or this address, or None."""
    found = [
        LockOut(by="account" if rate.per == "key" else "address", seconds=seconds)
        for rate in ratelimit.get_rates(app=APP, action=ACTION)
        if (seconds := _seconds_left(request, rate=rate, key=key)) > 0
    ]
    return max(found, key=lambda lock: lock.seconds, default=None)


def _seconds_left(request: HttpRequest, *, rate: ratelimit.Rate, key: str) -> int:
    """Return how many seconds one rate still locks out; 0 or less when it does not."""
    cache_key = ratelimit.get_cache_key(request, app=APP, action=ACTION, rate=rate, key=key)
    history = cache.get(cache_key, [])
    if len(history) < rate.amount:
        return 0
    return math.ceil(history[rate.amount - 1] + rate.duration - time.time())
