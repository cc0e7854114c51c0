"""The page of one short form about an item, its agency's or MAPO's."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from accounts.acting import TextOf, act_by_form
from recommendations.models import Item
from recommendations.views.loading import closed_page


def item_url(item: Item) -> str:
    """Return the address of the item's page."""
    return reverse("recommendations:item", args=[item.pk])


def form_page(
    request: HttpRequest,
    form: forms.Form,
    *,
    act: Callable[..., object],
    done: TextOf,
    back_url: str,
    title: str,
    item: Item,
    who: str,
    note: str = "",
    error_field: str | None = None,
    undo: TextOf = "",
) -> HttpResponseBase:
    """Do what the form asks for, or show it beside its item; `who` is the agency's code or MAPO, `note` says what it is about.

    See `act_by_form`. A closed cycle offers no form.
    """
    if item.cycle.is_closed and not form.is_bound:
        return closed_page(request)
    return act_by_form(
        request,
        form,
        act=act,
        done=done,
        back_url=back_url,
        template="recommendations/simple_form.html",
        context={"title": title, "item": item, "who": who, "note": note},
        error_field=error_field,
        undo=undo,
    )
