"""How many items stand in each state, and what has changed since an earlier day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from overview.queries.marks import Mark, MarkedState
from overview.queries.trend import PastOverview
from recommendations.states import STATUS_ICONS, STATUS_KINDS, ItemKind, Status
from ui import charts, dates
from ui.query_state import QueryState
from ui.typed_days import day_or_none

#: Changes are counted since this many days before the day shown, unless the address names a day.
USUAL_DAYS = 30


@dataclass(frozen=True, slots=True)
class CountedStatus:
    """A number with the URL of the list behind it."""

    count: int
    url: str


@dataclass(frozen=True, slots=True)
class KindCount:
    """One kind's items by state, as a bar and in words, each number with the URL of its list.

    `set_by_mapo` says how many of the statuses no verdict gave; empty where there is none.
    """

    total: int
    label: str
    url: str
    bar: SafeString
    words: str
    set_by_mapo: str
    change: str
    waiting: CountedStatus
    late: CountedStatus


def counts(
    marked: MarkedState, *, place: QueryState, past: PastOverview, since: date | None
) -> list[KindCount]:
    """Return the counts of recommendations and of weaknesses, with the changes `since` an earlier day, if any.

    `marked` and `past` are of the items that the filters of the page leave: each number is that of the list behind it.
    """
    kinds = (kind for kind in STATUS_KINDS if marked.state.of_kind(kind))
    return [_count(marked, kind, place=place, past=past, since=since) for kind in kinds]


def _count(
    marked: MarkedState, kind: ItemKind, *, place: QueryState, past: PastOverview, since: date | None
) -> KindCount:
    by_status, total = marked.state.count_states(kind), len(marked.state.of_kind(kind))
    parts = [
        charts.Part(
            STATUS_ICONS[status],
            by_status[status],
            f"{status.label}: {by_status[status]}",
            place.url("matrix", kind=kind.value, status=status.value, show=""),
        )
        for status in Status
    ]
    words = ", ".join(part.label for part in parts)
    marks = [mark for row in marked.state.of_kind(kind) for each in row.agencies for mark in marked.of(each)]
    return KindCount(
        total=total,
        label=count_words(kind, total),
        url=place.url("matrix", kind=kind.value, show=""),
        bar=charts.bar(parts, label=f"{total} {count_words(kind, total)}: {words}"),
        words=words,
        set_by_mapo=_set_by_mapo(sum(row.state.override is not None for row in marked.state.of_kind(kind))),
        change=_change_words(past, kind, by_status, since=since) if since else "",
        waiting=CountedStatus(
            marks.count(Mark.WAITING), place.url("matrix", kind=kind.value, show="waiting")
        ),
        late=CountedStatus(marks.count(Mark.LATE), place.url("matrix", kind=kind.value, show="late")),
    )


def count_words(kind: str, count: int) -> str:
    """Return the noun for a number of items of a kind, without the number."""
    if kind == ItemKind.RECOMMENDATION:
        return ngettext("recommendation", "recommendations", count)
    return ngettext("weakness", "weaknesses", count)


def _set_by_mapo(count: int) -> str:
    """Return "1 status was set by MAPO itself."; empty without any."""
    if not count:
        return ""
    words = ngettext(
        "%(count)s status was set by MAPO itself.", "%(count)s statuses were set by MAPO itself.", count
    )
    return words % {"count": count}


def _change_words(past: PastOverview, kind: ItemKind, now: Mapping[str, int], *, since: date) -> str:
    """Return by how much each count differs: +3 completed, −2 in progress since 1 August 2023."""
    then = past.at(since, kind)
    changes = {status: now[status] - then.of(status) for status in reversed(Status)}
    told = ", ".join(
        f"{change:+d} {str(status.label).lower()}".replace("-", "−", 1)
        for status, change in changes.items()
        if change
    )
    words = {"changes": told, "day": dates.day(since)}
    return (
        _("%(changes)s since %(day)s") % words
        if told
        else _("No change since %(day)s") % {"day": words["day"]}
    )


def asked_since(text: str, *, on: date, first: date | None) -> tuple[date | None, str, str]:
    """Return the earlier day to compare with, the text that the address keeps, and why another day is taken, or "".

    Without a day in the address it is `USUAL_DAYS` before the day shown, or the first recorded day if that is
    later; None if nothing was recorded before the day shown.
    """
    usual = max(on - timedelta(days=USUAL_DAYS), first) if first else None
    usual = usual if usual and usual < on else None
    if not text:
        return usual, "", ""
    since = day_or_none(text)
    if since is None:
        return usual, "", _("The comparison date is not valid.") + _instead(usual)
    if since >= on:
        refused = _("The comparison date must be before the date shown.")
    elif first is None or since < first:
        refused = _("Nothing was recorded in this cycle by %(day)s.") % {"day": dates.day(since)}
    else:
        return since, since.isoformat(), ""
    return usual, "", refused + _instead(usual)


def _instead(usual: date | None) -> str:
    return " " + _("Changes are counted since %(day)s.") % {"day": dates.day(usual)} if usual else ""
