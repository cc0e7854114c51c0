"""The ways that lead to a summary from the pages of the rooms below: with what those pages show as its selection."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from recommendations.onward import Page, Way, register_way

_LABELS = {
    Page.OVERVIEW: _("Summary"),
    Page.ITEM: _("Summary of this item"),
    Page.MY_WORK: _("Summary of your agency"),
}
#: What those pages ask for by the same names and in the same sense.
_SHARED_NAMES = ("cycle", "day", "kind", "pillar", "agency", "status", "item")


def register() -> None:
    """Adds the way."""
    register_way("summary", _lead)


def _lead(page: Page, asked: Mapping[str, str]) -> Way:
    query = urlencode({name: asked[name] for name in _SHARED_NAMES if asked.get(name)})
    base = reverse("reports:choose")
    return Way(f"{base}?{query}" if query else base, str(_LABELS[page]), "file-chart-column")
