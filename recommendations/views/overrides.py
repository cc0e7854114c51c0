"""MAPO sets the state of an item itself, replaces what it set, or lets the agencies' verdicts count again."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import mapo_only, person_of
from accounts.acting import act_by_form, posted, request_time, undo_by
from audit.clock import local_date
from recommendations.context import set_page_cycle
from recommendations.forms.review import EndOverrideForm, OverrideForm
from recommendations.models import Item, ItemOverride
from recommendations.queries.item_page import read_item_page
from recommendations.queries.item_page_parts import ItemPage
from recommendations.services import end_override, override_item
from recommendations.states import Status
from recommendations.views.loading import closed_page
from ui.numbers import percent


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def item_override(request: HttpRequest, item_id: int) -> HttpResponseBase:
    """Set the item's state beside its agencies' verdicts, or replace what was set."""
    page = _page(request, item_id)
    if request.method != "POST" and page.item.cycle.is_closed:
        return closed_page(request)
    standing = {"status": page.state.status, "percent": page.state.percent} if page.state else {}
    is_set = page.state is not None and page.state.override is not None
    title = _("Replace MAPO's status") if is_set else _("Set the status of the item")
    return act_by_form(
        request,
        OverrideForm(posted(request), item=page.item, initial=standing),
        act=partial(override_item, page.item),
        done=_done_text,
        back_url=_item_url(page),
        template="recommendations/overrides/override.html",
        context=_page_context(request, page, title=title),
        error_status=422,
        # Ending is how setting is undone: it asks for its own reason.
        undo=lambda override: undo_by("recommendations:override_end", override.pk),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def override_end(request: HttpRequest, override_id: int) -> HttpResponseBase:
    """Let the agencies' verdicts count again. Posted without any reason, as from a toast, it asks for one."""
    override = ItemOverride.objects.select_related("item__cycle").filter(pk=override_id).first()
    if override is None:
        raise Http404
    page = _page(request, override.item_id)
    if override.ended_at is not None:
        return redirect(_item_url(page))
    if page.item.cycle.is_closed:
        return closed_page(request)
    data = request.POST if "reason" in request.POST else None
    return act_by_form(
        request,
        EndOverrideForm(data, item=page.item, cancel_url=_item_url(page)),
        act=partial(end_override, override),
        done=_("The agencies' verdicts apply again."),
        back_url=_item_url(page),
        template="recommendations/overrides/end.html",
        context=_page_context(request, page, title=_("End MAPO's status")),
        error_status=422,
    )


def _page(request: HttpRequest, item_id: int) -> ItemPage:
    """Return the item as MAPO sees it; 404 for achievements, which carry no state."""
    item = get_object_or_404(Item.objects.actionable().select_related("cycle"), pk=item_id)
    set_page_cycle(request, item.cycle)
    return read_item_page(item, user=person_of(request), today=local_date(request_time(request)))


def _page_context(request: HttpRequest, page: ItemPage, *, title: str) -> dict[str, Any]:
    """Return what both pages show beside the form."""
    return {
        "page": page,
        "item": page.item,
        "self_title": title,
        "override": page.state.override if page.state else None,
        "item_url": _item_url(page),
        "today": local_date(request_time(request)),
    }


def _done_text(override: ItemOverride) -> str:
    return _("MAPO's status for %(item)s: %(status)s, %(percent)s.") % {
        "item": override.item,
        "status": Status(override.status).label,
        "percent": percent(override.percent),
    }


def _item_url(page: ItemPage) -> str:
    return f"{reverse('recommendations:item', args=[page.item.pk])}#state"
