"""The navigation entry of this app, and its links on pages of the apps below."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from recommendations.extensions import LinkingPage, NavEntry, PageLink, nav_entries, page_links
from ui.addresses import address_of

_LABELS = {
    LinkingPage.OVERVIEW: _("Summary"),
    LinkingPage.ITEM: _("Summary of this item"),
    LinkingPage.MY_WORK: _("Summary of your agency"),
    LinkingPage.TABLES: _("Word and Excel"),
}
#: Parameters that those pages and a selection share by name and meaning.
_SHARED_NAMES = ("cycle", "day", "kind", "pillar", "agency", "status", "item", "table")


def register() -> None:
    """Add the entry, which everybody has, and the links."""
    nav_entries["reports"] = NavEntry("reports:choose", _("Summaries"), "file-chart-column", ("reports:",))
    page_links["reports"] = _link_to_summary


def _link_to_summary(page: LinkingPage, query: Mapping[str, str]) -> PageLink:
    """Return the link to a summary of what the page shows, or to files of the tables that it shows."""
    shared = urlencode({name: query[name] for name in _SHARED_NAMES if query.get(name)})
    base = address_of("reports:tables" if page == LinkingPage.TABLES else "reports:choose")
    return PageLink(f"{base}?{shared}" if shared else base, str(_LABELS[page]), "file-chart-column")
