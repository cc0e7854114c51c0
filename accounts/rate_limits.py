"""Rate limits: how many requests of a kind one person, network or other source may send.

A counter is a sum in the shared cache that begins with the first request and ends after its time, by the real clock. Failed
sign-ins are counted in `accounts.attempts`, work that weighs on others in `accounts.quotas`.
"""

from accounts.shared_cache import cache

MINUTE = 60


def is_within_rate(name: str, source: object, *, most: int, seconds: int = MINUTE) -> bool:
    """Count a request of a source, and return whether it is among the `most` that it may send in so many seconds.

    Requests beyond are not counted.
    """
    return cache.add_up(f"rate:{name}:{source}", 1, most=most, timeout=seconds)
