"""What browsers report that a page's policy refused: bounded in size and rate, logged without anything that is personal.

A report comes from anybody and holds what anybody wrote. Of it only words of ours, names of our pages, and the host of
another site reach the log: no address in full, no part of a page, no network address and no name of a person.
"""

import json
import threading
import time
from collections import deque
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

logger = structlog.get_logger(__name__)

MAX_BYTES = 16 * 1024
#: Reports looked at of one body, and written a minute by one process.
MAX_OF_BODY, MAX_A_MINUTE = 10, 30

_DIRECTIVES = frozenset(
    f"{name}-src{part}"
    for name in ("default", "script", "style", "img", "font", "connect", "media", "object", "frame", "worker", "child",
                 "manifest")
    for part in ("", "-elem", "-attr")
) | {"form-action", "base-uri", "frame-ancestors", "sandbox"}  # fmt: skip
#: What browsers say in place of an address.
_KEYWORDS = frozenset({"inline", "eval", "wasm-eval", "self", "data", "blob", "trusted-types-policy"})


class _Rate:
    """Lets so many through in a minute."""

    def __init__(self) -> None:
        self.instants: deque[float] = deque(maxlen=MAX_A_MINUTE)
        self._lock = threading.Lock()

    def lets_through(self, now: float) -> bool:
        with self._lock:
            if len(self.instants) == MAX_A_MINUTE and now - self.instants[0] < 60:
                return False
            self.instants.append(now)
            return True


rate = _Rate()


@csrf_exempt
@require_POST
@login_not_required
def csp_report(request: HttpRequest) -> HttpResponse:
    """Log what was refused, and answer 204 whatever came."""
    for report in _reports(request):
        if not rate.lets_through(time.monotonic()):
            break
        # Who asked is nobody's business here.
        structlog.contextvars.unbind_contextvars("ip", "user_id")
        logger.warning("csp_violation", **_line(report))
    return HttpResponse(status=204)


def _reports(request: HttpRequest) -> Iterator[dict[str, Any]]:
    """Yield the reports of either form that browsers send; nothing of a body that is too long or is no report."""
    try:
        content = request.read(MAX_BYTES + 1)
        found = json.loads(content) if len(content) <= MAX_BYTES else None
    except (OSError, ValueError, RecursionError):
        return
    if isinstance(found, dict):
        found = [{"type": "csp-violation", "body": found.get("csp-report")}]
    for each in found[:MAX_OF_BODY] if isinstance(found, list) else ():
        if (
            isinstance(each, dict)
            and each.get("type") == "csp-violation"
            and isinstance(each.get("body"), dict)
        ):
            yield each["body"]


def _line(report: dict[str, Any]) -> dict[str, str | int]:
    """Return what is logged of a report."""
    line = _first(report, "lineNumber", "line-number")
    return {
        "directive": _directive(
            _first(report, "effectiveDirective", "effective-directive", "violated-directive")
        ),
        "page": _page(_first(report, "documentURL", "document-uri")),
        "blocked": _blocked(_first(report, "blockedURL", "blocked-uri")),
        "source": _blocked(_first(report, "sourceFile", "source-file")),
        "line": line if isinstance(line, int) and 0 <= line < 1_000_000 else 0,
    }


def _first(report: dict[str, Any], *names: str) -> Any:
    return next((report[name] for name in names if name in report), "")


def _directive(told: Any) -> str:
    name = told.split(" ")[0] if isinstance(told, str) else ""
    return name if name in _DIRECTIVES else "other"


def _page(told: Any) -> str:
    """Return the name of the page's address; what stands in the address may be secret."""
    try:
        return resolve(urlsplit(told).path).view_name if isinstance(told, str) else "other"
    except (Resolver404, ValueError):
        return "other"


def _blocked(told: Any) -> str:
    """Return a keyword, or scheme and host of an address."""
    if not isinstance(told, str) or not told:
        return ""
    if told in _KEYWORDS:
        return told
    try:
        parts = urlsplit(told[:2_000])
        host = parts.hostname or ""
    except ValueError:
        return "other"
    known = parts.scheme in ("http", "https", "ws", "wss") and host.isascii() and host.isprintable()
    return (
        f"{parts.scheme}://{host[:100]}" if known else parts.scheme if parts.scheme in _SCHEMES else "other"
    )


#: Schemes that say enough by themselves.
_SCHEMES = frozenset({"data", "blob", "file", "chrome-extension", "moz-extension", "safari-web-extension"})
