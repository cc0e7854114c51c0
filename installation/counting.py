"""Counts requests and statements of this process for Prometheus: by the name of a page, never by an address or a person.

Where the web has several processes, each keeps its counts in a folder (`installation.counts_folder`); whoever answers adds
them up (`installation.metrics`).
"""

import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import Error
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from prometheus_client import CollectorRegistry, Counter, Histogram

from installation.paths import HEALTH_PREFIX, METRICS_PATH

COUNTED = CollectorRegistry()
REQUESTS = Counter(
    "jejak_requests", "Requests, without static files.", ["route", "method", "status"], registry=COUNTED
)
SECONDS = Histogram(
    "jejak_request_seconds",
    "How long requests took, until the answer began to leave.",
    ["route"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=COUNTED,
)
STATEMENTS = Counter("jejak_statements", "Statements that requests made.", ["route"], registry=COUNTED)
STATEMENT_ERRORS = Counter(
    "jejak_statement_errors",
    "Statements that failed, by the first two signs of SQLSTATE.",
    ["sqlstate_class"],
    registry=COUNTED,
)
_METHODS = frozenset({"GET", "HEAD", "POST"})


class _OfThread(threading.local):
    """How many statements this thread made."""

    statements = 0


_of_thread = _OfThread()


class CountingMiddleware:
    """Count each request with its duration and its statements. Stands after what serves static files."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if path == METRICS_PATH or path.startswith(HEALTH_PREFIX):
            return self.get_response(request)
        began, before = time.perf_counter(), _of_thread.statements
        response = self.get_response(request)
        match = request.resolver_match
        route = (match.view_name or "unnamed") if match else "none"
        method = request.method if request.method in _METHODS else "other"
        REQUESTS.labels(route, method, str(response.status_code)).inc()
        SECONDS.labels(route).observe(time.perf_counter() - began)
        if made := _of_thread.statements - before:
            STATEMENTS.labels(route).inc(made)
        return response


def _count_statement(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Run a statement as Django would, and count it."""
    _of_thread.statements += 1
    try:
        return execute(sql, params, many, context)
    except Error as error:
        code = getattr(error.__cause__, "pgcode", None) or "none"
        STATEMENT_ERRORS.labels(code[:2] if code != "none" else code).inc()
        raise


def _count_statements_of(connection: BaseDatabaseWrapper, **_sent: Any) -> None:
    if _count_statement not in connection.execute_wrappers:
        connection.execute_wrappers.append(_count_statement)


def begin() -> None:
    """Count the statements of every connection that this process makes."""
    connection_created.connect(_count_statements_of, dispatch_uid="installation.counting")
