"""Saved selections: their owner saves, shares and deletes them."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.access import person_of
from accounts.acting import act_by_button
from recommendations.views.saved_filters import (
    delete_and_return,
    own_query,
    posted_address,
    save_and_return,
)
from reports.models.saved_selection import SavedSelection
from reports.queries.selection_page import saved_query
from reports.services.saved_selections import delete_selection, save_selection, share_selection
from reports.summary.selection import asked_of
from ui.methods import post_required


@post_required
def selection_save(request: HttpRequest) -> HttpResponseBase:
    """Save a selection under a name."""
    asked, is_shared = _asked(request), _is_shared(request)
    return save_and_return(
        request,
        partial(save_selection, query=saved_query(asked), is_shared=is_shared),
        back_url=_page(asked),
        template="reports/choose/keep.html",
        context={"address": urlencode(asked), "is_shared": is_shared},
    )


@post_required
def selection_share(request: HttpRequest, selection_id: int) -> HttpResponseBase:
    """Share one's own selection with colleagues, or no longer; another's is not found."""
    saved, is_shared = own_query(request, SavedSelection, pk=selection_id), _is_shared(request)
    message = (
        _("Your colleagues of %(agency)s can open “%(name)s” now.")
        if is_shared
        else _("“%(name)s” is no longer shared.")
    )
    return act_by_button(
        request,
        partial(share_selection, saved, is_shared=is_shared),
        done=message % {"name": saved.name, "agency": person_of(request).agency.code},
        back_url=_page(_asked(request)),
    )


@post_required
def selection_delete(request: HttpRequest, selection_id: int) -> HttpResponseBase:
    """Delete one's own selection; another's is not found."""
    back_url = _page(_asked(request))
    return delete_and_return(request, SavedSelection, delete_selection, pk=selection_id, back_url=back_url)


def _is_shared(request: HttpRequest) -> bool:
    return request.POST.get("is_shared") == "1"


def _asked(request: HttpRequest) -> dict[str, str]:
    """Return the selection in the posted address; nothing else of it is read, so it can lead nowhere else."""
    return {name: value for name, value in asked_of(QueryDict(posted_address(request))).items() if value}


def _page(asked: dict[str, str]) -> str:
    """Return the URL of the chooser with a selection."""
    return f"{reverse('reports:choose')}?{urlencode(asked)}"
