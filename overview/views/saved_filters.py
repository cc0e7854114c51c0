"""Filters of the overview under a name: kept and removed by the person whose they are."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import person_of, refuse
from accounts.acting import acting, post_required
from audit.errors import DomainError
from overview.models import SavedFilter
from overview.queries.saved_filters import clean_filters_query
from overview.services import delete_overview_filter, save_overview_filter
from overview.views.overview import PAGE

#: So long an address is read.
_ADDRESS_LENGTH = 1000


@post_required
def kept_view_keep(request: HttpRequest) -> HttpResponse:
    """Keep the filters under a name. Where that cannot be, say why, with what was typed still there."""
    name = request.POST.get("name", "").replace("\0", "").strip()
    address = request.POST.get("address", "").replace("\0", "")[:_ADDRESS_LENGTH]
    try:
        view = save_overview_filter(
            name=name, page=PAGE, query=clean_filters_query(address), **acting(request)
        )
    except DomainError as error:
        context = {"name": name, "address": address, "refused": str(error), "back_url": _page(address)}
        return render(request, "overview/keep.html", context, status=422)
    messages.success(request, _("“%(name)s” is kept.") % {"name": view.name})
    return redirect(_page(address))


@post_required
def kept_view_throw_away(request: HttpRequest, view_id: int) -> HttpResponse:
    """Remove one's own kept view; another's does not exist."""
    view = get_object_or_404(SavedFilter, pk=view_id)
    if view.user_id != person_of(request).pk:
        refuse(request, view)
    delete_overview_filter(view, **acting(request))
    messages.success(request, _("“%(name)s” is removed.") % {"name": view.name})
    return redirect(_page(request.POST.get("address", "").replace("\0", "")[:_ADDRESS_LENGTH]))


def _page(address: str) -> str:
    """The overview as it was asked for; the address can lead nowhere else."""
    return f"{reverse('overview:overview')}?{QueryDict(address).urlencode()}#matrix"
