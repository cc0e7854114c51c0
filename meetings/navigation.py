"""The navigation entry of this app, and its link on an agency's work."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.extensions import LinkingPage, NavEntry, PageLink, nav_entries, page_links
from ui.addresses import address_of


def register() -> None:
    """Add the entry, which MAPO's people have, and the link, which agencies have."""
    nav_entries["meetings"] = NavEntry(
        "meetings:meetings",
        gettext_lazy("Meetings"),
        "gavel",
        ("meetings:",),
        is_open_to=lambda user: user.is_mapo,
    )
    page_links["meetings"] = _link_to_decisions


def _link_to_decisions(page: LinkingPage, query: Mapping[str, str]) -> PageLink | None:
    """Return the link from My work, which agencies alone have, to the decisions that name the agency."""
    if page != LinkingPage.MY_WORK:
        return None
    return PageLink(address_of("meetings:our_decisions"), _("Decisions of the council"), "gavel")
