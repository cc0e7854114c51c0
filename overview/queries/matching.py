"""The assignments that bear one mark, as a list: what of it, since when, and where it is put right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from audit.clock import local_date
from overview.queries.filters import OverviewFilters, found_pairs
from overview.queries.marks import Mark, MarkedState
from recommendations.queries.cycle_state import AgencyState, ItemRow
from recommendations.states import AssignmentRole, Status
from recommendations.status_icons import ICONS
from ui import dates
from ui.numbers import percent as percent_text
from ui.query_state import QueryState


@dataclass(frozen=True, slots=True)
class MatchingAssignment:
    """One assignment. `told` says what stands out and since when; `cure_url` is where MAPO changes it."""

    code: str
    name: str
    role_label: str
    label: str
    text: str
    url: str
    icon: str
    status_label: str
    percent: int
    told: str
    cure_url: str
    cure_label: str


@dataclass(frozen=True, slots=True)
class MatchingAssignments:
    """Every assignment with the mark, the longest first, and the agencies that one may narrow it to.

    `together_url` is where MAPO changes several of them at once.
    """

    words: str
    rows: list[MatchingAssignment]
    agencies: list[dict[str, Any]]
    together_url: str
    together_label: str


def matching_assignments(
    filters: OverviewFilters, *, marked: MarkedState, place: QueryState, cure: Callable[[str], str] | None
) -> MatchingAssignments | None:
    """The list of what the address asks to be shown; None where it asks for the whole table.

    `cure` makes an address go on speaking of the page's cycle; None where nothing can be put right.
    """
    if not filters.show:
        return None
    mark = Mark(filters.show)
    pairs = sorted(found_pairs(filters, marked=marked), key=lambda pair: _since(mark, pair[1]) or date.max)
    together = _together(mark, filters) if pairs and cure else ("", "")
    return MatchingAssignments(
        _count_words(mark, len(pairs)),
        [_row(mark, row, agency, on=marked.on, has_cure=cure is not None) for row, agency in pairs],
        _narrower(filters, marked=marked, place=place),
        cure(together[0]) if cure and together[0] else "",
        together[1],
    )


def _together(mark: Mark, filters: OverviewFilters) -> tuple[str, str]:
    """Where several are changed at once, under the filters that the page of assignments knows too."""
    ways = {
        Mark.LATE: ({"tab": "confirmed", "late": "1"}, _("Move several due dates")),
        Mark.SUGGESTED: ({}, _("Confirm several suggestions")),
    }
    if mark not in ways:
        return "", ""
    query, label = ways[mark]
    shared = {name: getattr(filters, name) for name in ("agency", "pillar", "text")}
    asked = urlencode({**query, **{name: value for name, value in shared.items() if value}})
    return f"{reverse('recommendations:assignments')}{'?' if asked else ''}{asked}", label


def _narrower(filters: OverviewFilters, *, marked: MarkedState, place: QueryState) -> list[dict[str, Any]]:
    """One way for each agency that has any, with its count, and one for all of them."""
    wide = OverviewFilters(**{**filters.__dict__, "agency": ""})
    counts = Counter(agency.code for _row, agency in found_pairs(wide, marked=marked))
    if len(counts) < 2:
        return []
    ways = [
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
        for code, label, count in ways
    ]


def _row(mark: Mark, row: ItemRow, agency: AgencyState, *, on: date, has_cure: bool) -> MatchingAssignment:
    cure_url, cure_label = _cure(mark, agency) if has_cure else ("", "")
    return MatchingAssignment(
        code=agency.code,
        name=agency.name,
        role_label=str(AssignmentRole(agency.role).label),
        label=row.label,
        text=row.text,
        url=reverse("recommendations:item", args=[row.item_id]),
        icon=ICONS[agency.status],
        status_label=str(Status(agency.status).label),
        percent=agency.percent,
        told=_TOLD[mark](agency, on),
        cure_url=cure_url,
        cure_label=cure_label,
    )


def _cure(mark: Mark, agency: AgencyState) -> tuple[str, str]:
    """Where MAPO puts it right: what waits is decided, everything else is changed on the assignment."""
    if mark is Mark.WAITING and agency.waiting_update_id is not None:
        return reverse("recommendations:review", args=[agency.waiting_update_id]), _("Review")
    return reverse("recommendations:assignment", args=[agency.assignment_id]), _("Open assignment")


def _since(mark: Mark, agency: AgencyState) -> date | None:
    """From which day it stands out; what has no day stands last."""
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
    return {"day": dates.day(since), "days": dates.days((on - since).days if since else 0)}


def _waiting(agency: AgencyState, on: date) -> str:
    return _("Waits for MAPO since %(day)s (%(days)s)") % _days_since(_since(Mark.WAITING, agency), on)


def _late(agency: AgencyState, on: date) -> str:
    return _("Was due on %(day)s, late by %(days)s") % _days_since(agency.next_due_on, on)


def _returned(agency: AgencyState, on: date) -> str:
    words = _("Returned on %(day)s (%(days)s ago)") % _days_since(_since(Mark.RETURNED, agency), on)
    if not agency.next_due_on:
        return words
    due = _("to be sent again by %(day)s") % {"day": dates.day(agency.next_due_on)}
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


_TOLD: dict[Mark, Callable[[AgencyState, date], str]] = {
    Mark.WAITING: _waiting,
    Mark.LATE: _late,
    Mark.RETURNED: _returned,
    Mark.STALE: _stale,
    Mark.DIFFERS: _differs,
    Mark.SUGGESTED: _suggested,
}


def _count_words(mark: Mark, count: int) -> str:
    words = {
        Mark.WAITING: ngettext(
            "%(count)s assignment waits for MAPO", "%(count)s assignments wait for MAPO", count
        ),
        Mark.LATE: ngettext("%(count)s assignment is late", "%(count)s assignments are late", count),
        Mark.RETURNED: ngettext(
            "%(count)s assignment was returned and not sent again",
            "%(count)s assignments were returned and not sent again",
            count,
        ),
        Mark.STALE: ngettext("%(count)s assignment is stale", "%(count)s assignments are stale", count),
        Mark.DIFFERS: ngettext(
            "%(count)s verdict differs from the claim", "%(count)s verdicts differ from the claim", count
        ),
        Mark.SUGGESTED: ngettext(
            "%(count)s suggestion was never confirmed", "%(count)s suggestions were never confirmed", count
        ),
    }
    return words[mark] % {"count": count}
