"""Which methods an address answers."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_http_methods


def post_required(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let a view act on POST alone; a GET, as from the browser's history, goes to the start page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return redirect(settings.LOGIN_REDIRECT_URL)
        return view(request, *args, **kwargs)

    only = require_http_methods(["GET", "HEAD", "POST"])(guarded)
    vars(only)["is_post_only"] = True
    return only


def is_page(path: str) -> bool:
    """Whether a path, without its query string, leads to a page that signed-in people open by GET."""
    try:
        view = resolve(path).func
    except Resolver404:
        return False
    return getattr(view, "login_required", True) and not getattr(view, "is_post_only", False)
