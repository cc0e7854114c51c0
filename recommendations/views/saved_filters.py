"""What the pages share on which a person saves filters under a name, or deletes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.access import find_or_refuse, person_of
from accounts.acting import acting
from audit.errors import DomainError
from recommendations.saved_filters import Saved, SavedQuery

#: How much of a posted address is read.
_ADDRESS_LENGTH = 1000


def posted_address(request: HttpRequest) -> str:
    """Return the query string of the page on which the person saves or deletes a filter."""
    return request.POST.get("address", "").replace("\0", "")[:_ADDRESS_LENGTH]


def save_and_return(
    request: HttpRequest,
    save: Callable[..., SavedQuery],
    *,
    back_url: str,
    template: str,
    context: Mapping[str, Any],
) -> HttpResponse:
    """Save a filter under the posted name and go back; a refusal is shown with what was typed still there."""
    name = request.POST.get("name", "").replace("\0", "").strip()
    try:
        saved = save(name=name)
    except DomainError as error:
        shown = {"name": name, "refused": str(error), "back_url": back_url, **context}
        return render(request, template, shown, status=422)
    messages.success(request, _("“%(name)s” is kept.") % {"name": saved.name})
    return redirect(back_url)


def delete_and_return(
    request: HttpRequest,
    model: type[Saved],
    delete: Callable[..., None],
    *,
    pk: int,
    back_url: str,
) -> HttpResponse:
    """Delete one's own saved filter with an app's service and go back; another's is not found."""
    saved = own_query(request, model, pk=pk)
    delete(saved, **acting(request))
    messages.success(request, _("“%(name)s” is removed.") % {"name": saved.name})
    return redirect(back_url)


def own_query(request: HttpRequest, model: type[Saved], *, pk: int) -> Saved:
    """Return the person's own saved filter, or raise Http404, recorded where it exists."""
    return find_or_refuse(request, model._default_manager.filter(user=person_of(request)), pk=pk)
