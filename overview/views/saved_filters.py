"""Saved filters of the overview: their owner saves and deletes them."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.urls import reverse

from overview.models import SavedFilter
from overview.queries.saved_filters import filters_in
from overview.services import delete_overview_filter, save_overview_filter
from recommendations.views.saved_filters import delete_and_return, posted_address, save_and_return
from ui.methods import post_required


@post_required
def filter_save(request: HttpRequest) -> HttpResponseBase:
    """Save the filters of the posted address under a name."""
    address = posted_address(request)
    return save_and_return(
        request,
        partial(save_overview_filter, query=filters_in(address)),
        back_url=_page(address),
        template="overview/keep.html",
        context={"address": address},
    )


@post_required
def filter_delete(request: HttpRequest, view_id: int) -> HttpResponseBase:
    """Delete one's own saved filters; another's are not found."""
    back_url = _page(posted_address(request))
    return delete_and_return(request, SavedFilter, delete_overview_filter, pk=view_id, back_url=back_url)


def _page(address: str) -> str:
    """Return the URL of the overview with a posted query string; it cannot lead anywhere else."""
    return f"{reverse('overview:overview')}?{QueryDict(address).urlencode()}#matrix"
