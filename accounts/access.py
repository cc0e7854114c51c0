"""Who may open a view. What a person may not see answers like a thing that does not exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn, TypeVar, cast

from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponseBase

from accounts.models import User
from accounts.roles import AGENCY_ROLES, MAPO_ROLES, Role
from audit import clock
from audit.services import record

Row = TypeVar("Row", bound=models.Model)


def person_of(request: HttpRequest) -> User:
    """The signed-in person; views behind LoginRequiredMiddleware always have one."""
    return cast(User, request.user)


def refuse(request: HttpRequest, obj: models.Model | None = None, **about: Any) -> NoReturn:
    """Records that a right was missing on an existing thing, then answers as if it did not exist.

    `about` goes to audit.services.record (agency_id, item_id, label). Raises Http404 always.
    """
    if person_of(request).is_authenticated:
        record_refusal(request, obj, **about)
    raise Http404


def record_refusal(request: HttpRequest, obj: models.Model | None = None, **about: Any) -> None:
    """Records that the person lacked a right on a thing, or on the page; see `refuse`."""
    if obj is None:
        path = request.path[:200]
        about = {"object_type": "page", "object_id": path, "label": path, **about}
    with transaction.atomic():
        record(action="permission.refused", actor=person_of(request), obj=obj, now=clock.now(), **about)


def for_roles(*roles: str) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """A view for these roles; for everybody else who is signed in it does not exist (404, recorded)."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if person_of(request).role not in roles:
                refuse(request)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


administrators_only = for_roles(Role.ADMINISTRATOR)
coordinators_only = for_roles(Role.COORDINATOR)
mapo_only = for_roles(*MAPO_ROLES)
agency_only = for_roles(*AGENCY_ROLES)


def find_or_refuse(request: HttpRequest, allowed: models.QuerySet[Row, Any], *, pk: int) -> Row:
    """Return the row among those allowed; otherwise answer 404, and record it where the thing exists."""
    found = allowed.filter(pk=pk).first()
    if found is not None:
        return found
    existing = allowed.model._default_manager.filter(pk=pk).first()
    if existing is None:
        raise Http404
    refuse(request, existing)
