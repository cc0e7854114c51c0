"""Where an act came from: the address counts only as far as our own proxies vouch for it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings
from structlog.contextvars import bound_contextvars

from audit.context import Origin, current_origin
from audit.middleware import RequestContextMiddleware, client_address, origin_of


def _request(forwarded: str | None = None, remote: str = "10.0.0.2", **headers: Any) -> HttpRequest:
    if forwarded is not None:
        headers["HTTP_X_FORWARDED_FOR"] = forwarded
    return RequestFactory().get("/", REMOTE_ADDR=remote, **headers)


def test_address_is_the_one_that_our_proxies_saw(settings: Settings) -> None:
    for proxies, forwarded, expected in (
        (0, None, "10.0.0.2"),
        (0, "6.6.6.6", "10.0.0.2"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "203.0.113.9"),
        (1, None, "10.0.0.2"),
        (1, " , ", "10.0.0.2"),
        (1, "not an address", None),
        (1, "2001:db8::7", "2001:db8::7"),
        (1, "fe80::1%eth0", "fe80::1"),
        (1, "'; DROP TABLE audit_event; --", None),
    ):
        settings.TRUSTED_PROXIES = proxies
        assert client_address(_request(forwarded)) == expected, proxies


def test_origin_is_cut_to_what_the_log_can_hold() -> None:
    assert client_address(_request(remote="")) is None
    origin = origin_of(_request(HTTP_USER_AGENT="x" * 5000 + "\x00"))
    assert origin.user_agent == "x" * 300
    assert len(origin.request_id) == 32


def test_origin_shares_the_request_id_of_the_logs() -> None:
    with bound_contextvars(request_id="abc"):
        assert origin_of(_request()).request_id == "abc"


def test_origin_stands_during_the_request_and_is_gone_after_it() -> None:
    seen: list[Origin] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(current_origin())
        return HttpResponse()

    RequestContextMiddleware(view)(_request(HTTP_USER_AGENT="Firefox"))
    assert (seen[0].address, seen[0].user_agent) == ("10.0.0.2", "Firefox")
    assert current_origin() == Origin()


def test_middleware_is_installed(settings: Settings) -> None:
    assert "audit.middleware.RequestContextMiddleware" in settings.MIDDLEWARE
