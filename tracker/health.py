"""How Jejak is, for those who watch it: answered to any host name, before sessions and whatever else reads."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tracker import readiness
from tracker.lanes import LIVE_PATH, READY_PATH
from tracker.logs import keep_out_of_error_log

_installation = readiness.of_installation()


@never_cache
@require_safe
@login_not_required
def live(_request: HttpRequest) -> HttpResponse:
    """Answer 200 when this process answers; says nothing of the database, and never asks it."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
@login_not_required
def database(_request: HttpRequest) -> HttpResponse:
    """Answer 200 when this process serves and its database answers (for load balancers and containers)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
@login_not_required
def ready(_request: HttpRequest) -> JsonResponse:
    """Say of each part in one word how it is, within two seconds; 503 where one is not well."""
    parts = _installation.states()
    is_ready = readiness.WELL.issuperset(parts.values())
    response = JsonResponse({"ready": is_ready, "parts": parts}, status=200 if is_ready else 503)
    return keep_out_of_error_log(response)


class HealthMiddleware:
    """Answers whether the process lives, and how its parts are. Stands before what looks at host names."""

    answers: dict[str, Callable[[HttpRequest], HttpResponseBase]] = {LIVE_PATH: live, READY_PATH: ready}

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.answers.get(request.path_info, self.get_response)
        return answer(request)
