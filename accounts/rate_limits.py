"""Rate limits: how many requests of a kind somebody may send. Failed sign-ins are counted in `accounts.attempts`.

The one module that uses allauth's private rate limiter, and why: docs/adr/0020. Limits use the real clock.
"""

from allauth.core.internal import ratelimit
from django.http import HttpRequest


def is_within_rate(
    request: HttpRequest,
    *,
    app: str,
    action: str,
    rates: str,
    counts_get: bool = False,
    key: str | None = None,
) -> bool:
    """Count a request, and return whether it is within the rates, such as "20/m/user" or, for a `key`, "5/m/key".

    Only a POST counts unless `counts_get`. Requests over a rate are not counted.
    """
    config = {action: rates}
    usage = ratelimit.consume(request, app=app, action=action, config=config, limit_get=counts_get, key=key)
    return usage is not None
