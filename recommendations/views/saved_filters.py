"""What the pages share on which a person saves filters under a name, or deletes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.access import find_or_refuse, person_of
from accounts.acting import act_by_button, attempt, say_and_go
from recommendations.saved_filters import Saved, SavedQuery
from ui.query_state import read_text

#: How much of a posted address is read.
_ADDRESS_LENGTH = 1000


def posted_address(request: HttpRequest) -> str:
    """Return the query string of the page on which the person saves or deletes a filter."""
    return read_text(request.POST, "address", longest=_ADDRESS_LENGTH)


def save_and_return(
    request: HttpRequest,
    save: Callable[..., SavedQuery],
    *,
    back_url: str,
    template: str,
    context: Mapping[str, Any],
) -> HttpResponseBase:
    """Save a filter under the posted name and go back; a refusal is shown with what was typed still there."""
    name = read_text(request.POST, "name")
    outcome = attempt(request, partial(save, name=name))
    if outcome.refusal is not None:
        shown = {"name": name, "refused": str(outcome.refusal), "back_url": back_url, **context}
        return render(request, template, shown, status=422)
    done = _("“%(name)s” was saved.") % {"name": outcome.result.name}
    return say_and_go(request, outcome.result, done=done, back_url=back_url)


def delete_and_return(
    request: HttpRequest,
    model: type[Saved],
    delete: Callable[..., None],
    *,
    pk: int,
    back_url: str,
) -> HttpResponseBase:
    """Delete one's own saved filter with an app's service and go back; another's is not found."""
    saved = own_query(request, model, pk=pk)
    done = _("“%(name)s” was removed.") % {"name": saved.name}
    return act_by_button(request, partial(delete, saved), done=done, back_url=back_url)


def own_query(request: HttpRequest, model: type[Saved], *, pk: int) -> Saved:
    """Return the person's own saved filter, or raise Http404, recorded where it exists."""
    return find_or_refuse(request, model._default_manager.filter(user=person_of(request)), pk=pk)
