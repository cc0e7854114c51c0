"""Rate limits: how many requests of a kind somebody may send. Failed sign-ins are counted in `accounts.attempts`.

The one module that uses allauth's private rate limiter, and why: docs/adr/0023. Limits use the real clock.
"""

from allauth.core.internal import ratelimit
from django.http import HttpRequest


def is_within_rate(
    request: HttpRequest, *, app: str, action: str, rates: str, counts_get: bool = False
) -> bool:
    """Count a request, and return whether it is within the rates, such as "20/m/user".

    Only a POST counts unless `counts_get`. Requests over a rate are not counted.
    """
    usage = ratelimit.consume(request, app=app, action=action, config={action: rates}, limit_get=counts_get)
    return usage is not None
