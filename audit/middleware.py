"""Keep address, browser and request id of the running request for the audit log."""

from collections.abc import Callable
from ipaddress import ip_address
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from structlog.contextvars import get_contextvars

from audit.context import Origin, acting_from
from ui.secret_links import hide_secret_links


class RequestContextMiddleware:
    """Give every Event of the request its origin.

    Stands after structlog's middleware, to share its request id.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with acting_from(origin_of(request)):
            return self.get_response(request)


def origin_of(request: HttpRequest) -> Origin:
    """Return the origin of a request; long or broken headers are cut to what the log can hold."""
    user_agent = hide_secret_links(request.META.get("HTTP_USER_AGENT", "").replace("\x00", ""))
    request_id = get_contextvars().get("request_id") or uuid4().hex
    return Origin(
        address=client_address(request), user_agent=user_agent[:300], request_id=str(request_id)[:64]
    )


def client_address(request: HttpRequest) -> str | None:
    """Return the address of the person, or None when it cannot be known."""
    return vouched_address(
        request.META.get("REMOTE_ADDR", ""),
        request.META.get("HTTP_X_FORWARDED_FOR", ""),
        proxies=getattr(settings, "TRUSTED_PROXIES", 0),
    )


def vouched_address(connected: str, forwarded: str, *, proxies: int) -> str | None:
    """Return the address that connected or, behind proxies of ours, the one that they saw; None for a malformed one.

    X-Forwarded-For counts only as far as `settings.TRUSTED_PROXIES` (the number of our own proxies in front,
    default 0): each of them appended one entry on the right; anything further left can be forged.
    """
    candidate = connected
    if proxies:
        hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
        if hops:
            candidate = hops[max(len(hops) - proxies, 0)]
    return _valid_address(candidate)


def _valid_address(candidate: str) -> str | None:
    """Return the address in its usual form, or None for a malformed one."""
    try:
        return str(ip_address(candidate.partition("%")[0]))
    except ValueError:
        return None
