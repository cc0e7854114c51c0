"""MAPO sets the state of an item itself, sets it anew, or lets the agencies' verdicts speak again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import mapo_only, person_of
from accounts.acting import acting, posted, request_time, undo_by
from audit.clock import local_date
from audit.errors import DomainError
from recommendations.context import page_context, set_page_cycle
from recommendations.forms.override import EndOverrideForm, OverrideForm
from recommendations.models import ItemOverride
from recommendations.queries.item_page import ItemPage, read_item_page
from recommendations.services import end_override, override_item
from recommendations.states import Status
from recommendations.views.refusals import closed_page
from ui.numbers import percent


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def item_override(request: HttpRequest, item_id: int) -> HttpResponse:
    """Set the item's state beside its agencies' verdicts, or replace what was set."""
    page = _page(request, item_id)
    if request.method != "POST" and page.item.cycle.is_closed:
        return closed_page(request)
    form = OverrideForm(posted(request), item=page.item, initial=_standing_facts(page))
    if form.is_valid():
        try:
            override = override_item(page.item, **form.cleaned_data, **acting(request))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _told(override), extra_tags=undo_by(END, override.pk))
            return redirect(_item_url(page))
    title = _("Replace MAPO's state") if page.neighbours.standing else _("Set the state of the item")
    return _show(request, page, form, "recommendations/overrides/override.html", title=title)


#: Ending is how setting is undone: it asks for its own reason.
END = "recommendations:override_end"


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def override_end(request: HttpRequest, override_id: int) -> HttpResponse:
    """Let the agencies' verdicts speak again. Posted without any reason, as from a toast, it asks for one."""
    override = ItemOverride.objects.select_related("item__cycle").filter(pk=override_id).first()
    if override is None:
        raise Http404
    page = _page(request, override.item_id)
    if override.ended_at is not None:
        return redirect(_item_url(page))
    if page.item.cycle.is_closed:
        return closed_page(request)
    form = EndOverrideForm(
        request.POST if "reason" in request.POST else None, item=page.item, cancel_url=_item_url(page)
    )
    if form.is_valid():
        try:
            end_override(override, **form.cleaned_data, **acting(request))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The agencies' verdicts speak again."))
            return redirect(_item_url(page))
    title = _("End MAPO's state")
    return _show(request, page, form, "recommendations/overrides/end.html", title=title)


def _page(request: HttpRequest, item_id: int) -> ItemPage:
    """The item as MAPO sees it; achievements carry no state, so there is nothing to set."""
    today = local_date(request_time(request))
    cycles = page_context(request).cycles
    page = read_item_page(item_id, user=person_of(request), today=today, cycles=cycles)
    if page is None or page.state is None:
        raise Http404
    set_page_cycle(request, page.item.cycle)
    return page


def _standing_facts(page: ItemPage) -> dict[str, Any]:
    """What the form begins with: what stands. The reason is written anew."""
    return {"status": page.state.status, "percent": page.state.percent} if page.state else {}


def _told(override: ItemOverride) -> str:
    return _("MAPO's state of %(item)s: %(status)s, %(percent)s.") % {
        "item": override.item,
        "status": Status(override.status).label,
        "percent": percent(override.percent),
    }


def _item_url(page: ItemPage) -> str:
    return f"{reverse('recommendations:item', args=[page.item.pk])}#state"


def _show(
    request: HttpRequest, page: ItemPage, form: forms.Form, template: str, *, title: str
) -> HttpResponse:
    context = {
        "page": page,
        "item": page.item,
        "form": form,
        "self_title": title,
        "override": page.state.override if page.state else None,
        "item_url": _item_url(page),
    }
    return render(request, template, context, status=422 if form.errors else 200)
