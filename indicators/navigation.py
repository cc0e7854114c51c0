"""The navigation entry of this app, and its link on an agency's work."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from recommendations.extensions import LinkingPage, NavEntry, PageLink, nav_entries, page_links
from ui.addresses import address_of


def register() -> None:
    """Add the entry, which everybody signed in has, and the link, which agencies have."""
    nav_entries["indicators"] = NavEntry("indicators:figures", _("Figures"), "chart-column", ("indicators:",))
    page_links["indicators"] = _link_to_months


def _link_to_months(page: LinkingPage, query: Mapping[str, str]) -> PageLink | None:
    """Return the link from My work, which agencies alone have, to the months that the agency reports."""
    if page != LinkingPage.MY_WORK:
        return None
    return PageLink(address_of("indicators:months"), gettext("Report figures"), "table")
