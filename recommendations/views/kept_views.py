"""Filters of the overview under a name: kept and removed by the person whose they are."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import person_of, refuse
from audit.errors import DomainError
from recommendations.context import instant_of
from recommendations.models import KeptView
from recommendations.readings.kept_views import kept_query
from recommendations.services import keep_view, throw_view_away
from recommendations.views.acting import by_post
from recommendations.views.overview import PAGE

#: So long a name fits a button.
NAME_LENGTH = 60
#: So long an address is read.
_QUERY_LENGTH = 1000


@by_post
def kept_view_keep(request: HttpRequest) -> HttpResponse:
    """Keep the filters under a name. Where that cannot be, say why, with what was typed still there."""
    name = request.POST.get("name", "").replace("\0", "").strip()
    address = request.POST.get("address", "").replace("\0", "")[:_QUERY_LENGTH]
    refused = _("The name is too long: at most 60 characters.") if len(name) > NAME_LENGTH else ""
    if not refused:
        try:
            view = keep_view(
                name=name,
                page=PAGE,
                query=kept_query(address),
                actor=person_of(request),
                now=instant_of(request),
            )
        except DomainError as error:
            refused = str(error)
        else:
            messages.success(request, _("“%(name)s” is kept.") % {"name": view.name})
            return redirect(_page(address))
    context = {"name": name, "address": address, "refused": refused, "back_url": _page(address)}
    return render(request, "recommendations/overview/keep.html", context, status=422)


@by_post
def kept_view_throw_away(request: HttpRequest, view_id: int) -> HttpResponse:
    """Remove one's own kept view; another's does not exist."""
    view = get_object_or_404(KeptView, pk=view_id)
    person = person_of(request)
    if view.user_id != person.pk:
        refuse(request, view)
    throw_view_away(view, actor=person, now=instant_of(request))
    messages.success(request, _("“%(name)s” is removed.") % {"name": view.name})
    return redirect(_page(request.POST.get("address", "").replace("\0", "")[:_QUERY_LENGTH]))


def _page(address: str) -> str:
    """The overview as it was asked for; the address can lead nowhere else."""
    return f"{reverse('recommendations:overview')}?{QueryDict(address).urlencode()}#matrix"
