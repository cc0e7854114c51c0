"""How Jejak is, for those who watch it: answered to any host name, before sessions and whatever else reads."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from installation.metrics import is_asked_with_token, metrics
from installation.paths import METRICS_PATH
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
def ready(request: HttpRequest) -> JsonResponse:
    """Say within two seconds whether every part is well, else with 503; which one is not, to who has the token alone."""
    parts = _installation.states()
    is_ready = readiness.WELL.issuperset(parts.values())
    told = {"version": settings.VERSION, "parts": parts} if is_asked_with_token(request) else {}
    response = JsonResponse({"ready": is_ready, **told}, status=200 if is_ready else 503)
    return keep_out_of_error_log(response)


class HealthMiddleware:
    """Answers whether the process lives, and how its parts are. Stands before what looks at host names.

    Who asks for numbers without a token is passed on: there is no such page.
    """

    answers: dict[str, Callable[[HttpRequest], HttpResponseBase]] = {LIVE_PATH: live, READY_PATH: ready}

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info == METRICS_PATH and is_asked_with_token(request):
            return never_cache(require_safe(metrics))(request)
        answer = self.answers.get(request.path_info, self.get_response)
        return answer(request)
