"""How long a lock-out still lasts. The limits are allauth's (ACCOUNT_RATE_LIMITS), on the real clock."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest

APP, ACTION = "allauth.account", "login_failed"


@dataclass(frozen=True)
class LockOut:
    """What is locked ("account" or "address") and for how many seconds more (at least one)."""

    by: str
    seconds: int

    @property
    def minutes(self) -> int:
        """Rounded up: waiting that long is enough."""
        return math.ceil(self.seconds / 60)


def current(request: HttpRequest, *, key: str) -> LockOut | None:
    """The longest lock-out that stands for this account key or this address, or None."""
    found = [
        LockOut(by="account" if rate.per == "key" else "address", seconds=seconds)
        for rate in ratelimit.get_rates(app=APP, action=ACTION)
        if (seconds := _seconds_left(request, rate=rate, key=key)) > 0
    ]
    return max(found, key=lambda lock: lock.seconds, default=None)


def _seconds_left(request: HttpRequest, *, rate: ratelimit.Rate, key: str) -> int:
    cache_key = ratelimit.get_cache_key(request, app=APP, action=ACTION, rate=rate, key=key)
    history = cache.get(cache_key, [])
    if len(history) < rate.amount:
        return 0
    return math.ceil(history[rate.amount - 1] + rate.duration - time.time())
