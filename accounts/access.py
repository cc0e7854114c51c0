"""Who may open a view. What a person may not see is answered like something that does not exist."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.db import models
from django.http import Http404, HttpRequest

from accounts.models import User
from accounts.roles import AGENCY_ROLES, MAPO_ROLES, Role
from audit.refusals import View, only_for, refuse

Row = TypeVar("Row", bound=models.Model)


def person_of(request: HttpRequest) -> User:
    """Return the signed-in person; views behind LoginRequiredMiddleware always have one."""
    return cast("User", request.user)


def for_roles(*roles: str) -> Callable[[View], View]:
    """Return a decorator: other signed-in people get 404 from the view, and the refusal is recorded."""
    return only_for(lambda person: person.role in roles)


administrators_only = for_roles(Role.ADMINISTRATOR)
coordinators_only = for_roles(Role.COORDINATOR)
mapo_only = for_roles(*MAPO_ROLES)
agency_only = for_roles(*AGENCY_ROLES)


def find_or_refuse(
    request: HttpRequest, allowed: models.QuerySet[Row, Any], *, pk: int, agency_field: str = ""
) -> Row:
    """Return the row with this key among those allowed; otherwise answer 404, and record it if the row exists.

    `agency_field` is the row's field with the id of the agency concerned, for the record.
    """
    found = allowed.filter(pk=pk).first()
    if found is not None:
        return found
    existing = allowed.model._default_manager.filter(pk=pk).first()
    if existing is None:
        raise Http404
    refuse(request, existing, **({"agency_id": getattr(existing, agency_field)} if agency_field else {}))
