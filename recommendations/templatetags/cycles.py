"""Links and names that keep to the cycle of the page: `{% load cycles %}`."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import HttpRequest
from django.template import Context

from recommendations.context import in_cycle, page_context
from ui.addresses import address_of

register = template.Library()


@register.simple_tag(takes_context=True)
def cycle_url(context: Context, view_name: str, **query: Any) -> str:
    """Return the address of a page, with this query string, for the cycle of the present page."""
    return in_cycle(_request(context), f"{address_of(view_name)}{'?' if query else ''}{urlencode(query)}")


@register.simple_tag(takes_context=True)
def with_year(context: Context, label: object, year: int) -> str:
    """Return for example Recommendation 4 · 2023 where there are several cycles; else the label alone."""
    return f"{label} · {year}" if len(page_context(_request(context)).cycles) > 1 else str(label)


def _request(context: Context) -> HttpRequest:
    request: HttpRequest = context["request"]
    return request
