"""Selections under a name: kept, shared and removed by the person whose they are."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.access import person_of, refuse
from accounts.acting import acting, post_required
from audit.errors import DomainError
from reports.models import SavedSelection
from reports.queries.kept_selections import kept_query
from reports.services.kept_selections import keep_selection, share_selection, throw_selection_away
from reports.summary.selection import asked_of

#: So long an address is read.
_ADDRESS_LENGTH = 1000


@post_required
def selection_keep(request: HttpRequest) -> HttpResponse:
    """Keep a selection under a name. Where that cannot be, say why, with what was typed still there."""
    name = request.POST.get("name", "").replace("\0", "").strip()
    asked = _asked(request)
    is_shared = request.POST.get("is_shared") == "1"
    try:
        kept = keep_selection(name=name, query=kept_query(asked), is_shared=is_shared, **acting(request))
    except DomainError as error:
        context = {
            "name": name,
            "address": urlencode(asked),
            "is_shared": is_shared,
            "refused": str(error),
            "back_url": _page(asked),
        }
        return render(request, "reports/choose/keep.html", context, status=422)
    messages.success(request, _("“%(name)s” is kept.") % {"name": kept.name})
    return redirect(_page(asked))


@post_required
def selection_share(request: HttpRequest, selection_id: int) -> HttpResponse:
    """Share one's own with colleagues, or no longer; another's does not exist."""
    kept = _own(request, selection_id)
    is_shared = request.POST.get("is_shared") == "1"
    share_selection(kept, is_shared=is_shared, **acting(request))
    told = (
        _("Your colleagues of %(agency)s can open “%(name)s” now.")
        if is_shared
        else _("“%(name)s” is yours alone again.")
    )
    messages.success(request, told % {"name": kept.name, "agency": person_of(request).agency.code})
    return redirect(_page(_asked(request)))


@post_required
def selection_throw_away(request: HttpRequest, selection_id: int) -> HttpResponse:
    """Remove one's own; another's does not exist."""
    kept = _own(request, selection_id)
    throw_selection_away(kept, **acting(request))
    messages.success(request, _("“%(name)s” is removed.") % {"name": kept.name})
    return redirect(_page(_asked(request)))


def _own(request: HttpRequest, selection_id: int) -> SavedSelection:
    kept = get_object_or_404(SavedSelection, pk=selection_id)
    if kept.user_id != person_of(request).pk:
        refuse(request, kept)
    return kept


def _asked(request: HttpRequest) -> dict[str, str]:
    """What the page asked for, of which only a selection is read: the address can lead nowhere else."""
    address = QueryDict(request.POST.get("address", "").replace("\0", "")[:_ADDRESS_LENGTH])
    return {name: value for name, value in asked_of(address).items() if value}


def _page(asked: dict[str, str]) -> str:
    return f"{reverse('reports:choose')}?{urlencode(asked)}"
