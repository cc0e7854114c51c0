"""What needs MAPO in a cycle, each with the place of its cure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Agency, User
from audit.clock import local_date
from evidence.models import Document
from recommendations.readings.overview import AgencyState, CycleState, ItemRow
from recommendations.readings.prepared import Prepared
from ui import dates

#: How many names a line tells before it says "and more".
NAMES_TOLD = 4


@dataclass(frozen=True, slots=True)
class Need:
    """One line: how many of what, an example in words, and where it is put right."""

    count: int
    words: str
    note: str
    url: str


def needs_of(state: CycleState, *, user: User, today: date) -> list[Need]:
    """What needs MAPO now, the most pressing first; lines with nothing to do are left out. Two queries."""
    held_count = Document.objects.visible_to(user).held().count()
    deserted = _agencies_without_officers(state, user=user)
    lines = [
        _waiting(state, today=today),
        _late(state, today=today),
        _suggested(state),
        _requests(state),
        _held(held_count),
        _deserted(deserted),
    ]
    return [line for line in lines if line.count]


@Prepared
def _empty_agencies(user: User) -> QuerySet[Any, Any]:
    """Agencies in which nobody can act."""
    actors = User.objects.active().agency_actors().filter(agency=OuterRef("pk"))
    return Agency.objects.filter(~Exists(actors)).order_by().values_list("pk")


def _agencies_without_officers(state: CycleState, *, user: User) -> list[str]:
    """Codes of agencies that answer for something and have nobody who can act."""
    empty = {row.pk for row in _empty_agencies.rows(user)}
    return _codes(
        agency for _row, agency in state.pairs() if agency.is_confirmed and agency.agency_id in empty
    )


def _waiting(state: CycleState, *, today: date) -> Need:
    waiting = [(agency.waiting_since, row, agency) for row, agency in state.pairs() if agency.waiting_since]
    count = len(waiting)
    words = ngettext("update waits for review", "updates wait for review", count)
    oldest = min(waiting, key=lambda each: each[0], default=None)
    return Need(
        count, words, _longest_words(*oldest, today=today) if oldest else "", reverse("recommendations:queue")
    )


def _longest_words(since: datetime, row: ItemRow, agency: AgencyState, *, today: date) -> str:
    waited = dates.days((today - local_date(since)).days)
    return _("Longest %(days)s: %(agency)s, %(item)s") % {
        "days": waited,
        "agency": agency.code,
        "item": row.label,
    }


def _late(state: CycleState, *, today: date) -> Need:
    late = [agency for _row, agency in state.pairs() if agency.is_overdue(today)]
    words = ngettext("assignment is late", "assignments are late", len(late))
    return Need(
        len(late), words, _listed(_codes(late)), f"{reverse('recommendations:overview')}?show=late#matrix"
    )


def _suggested(state: CycleState) -> Need:
    rows = [row for row in state.items if row.suggested]
    words = ngettext("item has suggested agencies", "items have suggested agencies", len(rows))
    return Need(len(rows), words, _listed(row.label for row in rows), reverse("recommendations:assignments"))


def _requests(state: CycleState) -> Need:
    asking = [agency for _row, agency in state.pairs() if agency.has_request]
    words = ngettext("request of an agency is unanswered", "requests of agencies are unanswered", len(asking))
    url = f"{reverse('recommendations:assignments')}?tab=requests"
    return Need(len(asking), words, _listed(_codes(asking)), url)


def _held(count: int) -> Need:
    words = ngettext("file is held until it is scanned", "files are held until they are scanned", count)
    return Need(count, words, "", f"{reverse('evidence:list')}?scan=held")


def _deserted(codes: list[str]) -> Need:
    words = ngettext("agency has no active officer", "agencies have no active officer", len(codes))
    url = f"{reverse('recommendations:assignments')}?tab=confirmed#officers"
    return Need(len(codes), words, _listed(codes), url)


def _codes(agencies: Iterable[AgencyState]) -> list[str]:
    return list(dict.fromkeys(agency.code for agency in agencies))


def _listed(names: Iterable[str]) -> str:
    """The first few names, and how many more."""
    known = list(names)
    told, more = ", ".join(known[:NAMES_TOLD]), len(known) - NAMES_TOLD
    if more <= 0:
        return told
    return _("%(names)s and %(count)s more") % {"names": told, "count": more}
