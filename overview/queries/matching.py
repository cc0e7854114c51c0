"""The assignments with one mark, as a list: what stands out, since when, and where MAPO deals with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy, pgettext

from audit.clock import local_date
from overview.queries.filters import OverviewFilters, found_pairs
from overview.queries.marks import Mark, MarkedState
from recommendations.queries.cycle_state import AgencyState, ItemRow
from recommendations.states import AssignmentRole, Status, StatusView
from ui import dates
from ui.numbers import percent as percent_text
from ui.query_state import QueryState


@dataclass(frozen=True, slots=True)
class MatchingAssignment:
    """One assignment: `words` say what stands out and since when; `act_url` is where MAPO deals with it, or empty."""

    item: ItemRow
    agency: AgencyState
    words: str
    act_url: str
    act_label: str

    @property
    def role_label(self) -> str:
        return str(AssignmentRole(self.agency.role).label)

    @property
    def verdict(self) -> StatusView:
        return StatusView(self.agency.status, self.agency.percent)


@dataclass(frozen=True, slots=True)
class MatchingAssignments:
    """Every assignment with the mark, the longest first, and links that narrow the list to one agency.

    `together_url` is where MAPO changes several of them at once; empty without such a page.
    """

    words: str
    rows: list[MatchingAssignment]
    agencies: list[dict[str, Any]]
    together_url: str
    together_label: str


def matching_assignments(
    filters: OverviewFilters, *, marked: MarkedState, place: QueryState, link: Callable[[str], str] | None
) -> MatchingAssignments | None:
    """Return the assignments with the mark that the address asks for; None if it asks for no mark.

    `link` returns a URL that keeps the cycle of the page; None if the reader can change nothing.
    """
    if not filters.show:
        return None
    mark = Mark(filters.show)
    pairs = sorted(found_pairs(filters, marked=marked), key=lambda pair: _since(mark, pair[1]) or date.max)
    together_url, together_label = _together(mark, filters) if pairs and link else ("", "")
    return MatchingAssignments(
        _COUNT_WORDS[mark] % {"count": len(pairs)},
        [
            MatchingAssignment(
                row, agency, _WORDS[mark](agency, marked.on), *(_act(mark, agency) if link else ("", ""))
            )
            for row, agency in pairs
        ],
        _agency_links(filters, marked=marked, place=place),
        link(together_url) if link and together_url else "",
        together_label,
    )


def _together(mark: Mark, filters: OverviewFilters) -> tuple[str, str]:
    """Return URL and label of the page that changes several at once, with the filters that it has too; or nothing."""
    pages = {
        Mark.LATE: ({"tab": "confirmed", "late": "1"}, _("Move several due dates")),
        Mark.SUGGESTED: ({}, _("Confirm several suggestions")),
    }
    if mark not in pages:
        return "", ""
    query, label = pages[mark]
    shared = {name: getattr(filters, name) for name in ("agency", "pillar", "text")}
    asked = urlencode({**query, **{name: value for name, value in shared.items() if value}})
    return f"{reverse('recommendations:assignments')}{'?' if asked else ''}{asked}", label


def _agency_links(
    filters: OverviewFilters, *, marked: MarkedState, place: QueryState
) -> list[dict[str, Any]]:
    """Return a link for each agency in the list, with its count, and one for all; none for fewer than two agencies."""
    found = found_pairs(replace(filters, agency=""), marked=marked)
    counts = Counter(agency.code for _row, agency in found)
    if len(counts) < 2:
        return []
    links = [
        ("", pgettext("agencies", "All"), counts.total()),
        *((code, code, counts[code]) for code in sorted(counts)),
    ]
    return [
        {
            "url": place.url("matrix", agency=code),
            "label": label,
            "count": count,
            "is_current": filters.agency == code,
        }
        for code, label, count in links
    ]


def _act(mark: Mark, agency: AgencyState) -> tuple[str, str]:
    """Return where MAPO deals with it: the review of what waits, else the page of the assignment."""
    if mark is Mark.WAITING and agency.waiting_update_id is not None:
        return reverse("recommendations:review", args=[agency.waiting_update_id]), _("Review")
    return reverse("recommendations:assignment", args=[agency.assignment_id]), _("Open assignment")


def _since(mark: Mark, agency: AgencyState) -> date | None:
    """Return the day since which it stands out, if there is one."""
    if mark is Mark.LATE:
        return agency.next_due_on
    if mark is Mark.STALE:
        return agency.silent_since
    instants = {
        Mark.WAITING: agency.waiting_since,
        Mark.RETURNED: agency.returned_since,
        Mark.DIFFERS: agency.decided_at,
    }
    instant = instants.get(mark)
    return local_date(instant) if instant else None


def _days_since(since: date | None, on: date) -> dict[str, str]:
    return {"day": dates.day(since), "days": dates.elapsed((on - since).days if since else 0)}


def _waiting(agency: AgencyState, on: date) -> str:
    return _("Waits for MAPO since %(day)s (%(days)s)") % _days_since(_since(Mark.WAITING, agency), on)


def _late(agency: AgencyState, on: date) -> str:
    return _("Was due on %(day)s, late by %(days)s") % _days_since(agency.next_due_on, on)


def _returned(agency: AgencyState, on: date) -> str:
    words = _("Returned on %(day)s (%(days)s ago)") % _days_since(_since(Mark.RETURNED, agency), on)
    if not agency.next_due_on:
        return words
    due = _("to be resubmitted by %(day)s") % {"day": dates.day(agency.next_due_on)}
    return f"{words}, {due}"


def _stale(agency: AgencyState, on: date) -> str:
    return _("Nothing accepted since %(day)s (%(days)s)") % _days_since(agency.silent_since, on)


def _differs(agency: AgencyState, _on: date) -> str:
    if not agency.claim:
        return ""
    status, percent = agency.claim
    words = {
        "claim": f"{Status(status).label} {percent_text(percent)}",
        "verdict": f"{Status(agency.status).label} {percent_text(agency.percent)}",
    }
    return _("Claimed: %(claim)s. MAPO's verdict: %(verdict)s") % words


def _suggested(agency: AgencyState, _on: date) -> str:
    return _("Suggested, never confirmed")


_WORDS: dict[Mark, Callable[[AgencyState, date], str]] = {
    Mark.WAITING: _waiting,
    Mark.LATE: _late,
    Mark.RETURNED: _returned,
    Mark.STALE: _stale,
    Mark.DIFFERS: _differs,
    Mark.SUGGESTED: _suggested,
}


_COUNT_WORDS: dict[Mark, Any] = {
    Mark.WAITING: ngettext_lazy(
        "%(count)s assignment waits for MAPO", "%(count)s assignments wait for MAPO", "count"
    ),
    Mark.LATE: ngettext_lazy("%(count)s assignment is late", "%(count)s assignments are late", "count"),
    Mark.RETURNED: ngettext_lazy(
        "%(count)s assignment was returned and not sent again",
        "%(count)s assignments were returned and not sent again",
        "count",
    ),
    Mark.STALE: ngettext_lazy("%(count)s assignment is stale", "%(count)s assignments are stale", "count"),
    Mark.DIFFERS: ngettext_lazy(
        "%(count)s verdict differs from the claim", "%(count)s verdicts differ from the claim", "count"
    ),
    Mark.SUGGESTED: ngettext_lazy(
        "%(count)s suggestion was never confirmed", "%(count)s suggestions were never confirmed", "count"
    ),
}
