"""Refusals of views: recorded, and answered as if the object did not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn

from django.db import models, transaction
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from audit import clock
from audit.services import record
from ui.secret_links import hide_secret_links

View = Callable[..., HttpResponseBase]


def only_for(may_open: Callable[[Any], bool]) -> Callable[[View], View]:
    """Return a decorator: signed-in people who may not open a view get 404, and the refusal is recorded."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not may_open(request.user):
                refuse(request)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def refuse(request: HttpRequest, obj: models.Model | None = None, **about: Any) -> NoReturn:
    """Record that a right on an existing object was missing, then answer 404 as if it did not exist.

    `about` goes to `audit.services.record` (agency_id, item_id, label). Always raises Http404.
    """
    if request.user.is_authenticated:
        record_refusal(request, obj, **about)
    raise Http404


def record_refusal(request: HttpRequest, obj: models.Model | None = None, **about: Any) -> None:
    """Record that the person lacked a right on an object, or on the page without one."""
    if obj is None:
        path = hide_secret_links(request.path)[:200].replace("\0", "")
        about = {"object_type": "page", "object_id": path, "label": path, **about}
    with transaction.atomic():
        record(action="permission.refused", actor=request.user, obj=obj, now=clock.now(), **about)
