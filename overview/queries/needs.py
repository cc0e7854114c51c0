"""What needs the reader's attention in a cycle, each with the page where it is dealt with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from accounts.models import User
from audit.clock import local_date
from evidence.models import Document
from overview.queries.marks import Mark, MarkedState
from recommendations.deadlines import is_due_soon
from recommendations.models import Assignment, Cycle, OpeningImport, Update
from recommendations.models.opening import OpeningState
from recommendations.models.update import DECISION_UNIT
from recommendations.queries.cycle_state import AgencyState, ItemRow
from recommendations.queries.sql import CANDIDATE, fetch_rows, sql_of
from recommendations.states import UpdateState
from ui import dates
from ui.query_state import QueryState

#: How many names a line lists before "and more".
NAMES_SHOWN = 4

#: Returns a URL that keeps the cycle of the page.
Link = Callable[[str], str]
Pair = tuple[ItemRow, AgencyState]


@dataclass(frozen=True, slots=True)
class Need:
    """One line: how many of what, a note with examples, and the page where it is dealt with."""

    count: int
    words: str
    note: str
    url: str


@dataclass(frozen=True, slots=True)
class CycleWorkload:
    """What `CycleState` does not hold: held files, agencies in which nobody can act, decisions that wait.

    `decisions_count` counts an opening import once, as the queue does; `batches_count` is the number of those.
    `queue_count` is the queue over all cycles; `is_mentioned` says whether to look for mentions.
    """

    held_count: int
    decisions_count: int
    batches_count: int
    deserted: list[str]
    is_mentioned: bool
    queue_count: int


_WORKLOAD = f"""
SELECT (SELECT count(*) FROM ({{held}}) held),
       (SELECT count(DISTINCT {DECISION_UNIT}) FROM recommendations_update WHERE id IN ({{waiting}})),
       (SELECT count(*) FROM ({{batches}}) batches),
       ARRAY(SELECT candidate.code FROM accounts_agency candidate
             WHERE EXISTS ({{in_force}}) AND NOT EXISTS ({{actors}}) ORDER BY candidate.code),
       EXISTS (SELECT FROM recommendations_commentmention WHERE user_id = %s AND seen_at IS NULL)
"""  # noqa: S608 - our own words


def read_workload(cycle: Cycle, *, user: User, queue_count: int) -> CycleWorkload:
    """Return the workload of a cycle, for MAPO. One query."""
    waiting = Update.objects.visible_to(user).with_whole_import_for(user)
    batches = OpeningImport.objects.visible_to(user)
    rows = {
        "held": Document.objects.visible_to(user).held(),
        "waiting": waiting.filter(state=UpdateState.SUBMITTED, assignment__item__cycle=cycle.pk),
        "batches": batches.filter(cycle=cycle.pk, state=OpeningState.SUBMITTED),
        "in_force": Assignment.objects.in_force().filter(agency=CANDIDATE, item__cycle=cycle.pk),
        "actors": User.objects.able_to_act().filter(agency=CANDIDATE),
    }
    parts = {name: sql_of(each) for name, each in rows.items()}
    statement = _WORKLOAD.format(**{name: sql for name, (sql, _params) in parts.items()})
    values = [value for _sql, params in parts.values() for value in params]
    [(held, decisions, batches_count, deserted, is_mentioned)] = fetch_rows(statement, [*values, user.pk])
    return CycleWorkload(held, decisions, batches_count, deserted, is_mentioned, queue_count)


def needs_of_mapo(
    marked: MarkedState,
    workload: CycleWorkload,
    *,
    mentions_count: int,
    place: QueryState,
    link: Link,
    is_closed: bool = False,
) -> list[Need]:
    """Return what needs MAPO on the day, the most pressing first, without lines that count nothing.

    In a closed cycle only what was sent before can still be decided.
    """
    waiting, held = _waiting(marked, workload, place=place, link=link), _held(workload.held_count)
    if is_closed:
        return [line for line in (waiting, held) if line.count]
    lines = [
        waiting,
        *(_mark_line(mark, marked, place=place) for mark in _MARK_WORDS),
        _suggested(marked, link=link),
        _requests(marked, link=link),
        _deserted(workload.deserted, link=link),
        held,
        _mentions(mentions_count),
    ]
    return [line for line in lines if line.count]


def needs_of_agency(marked: MarkedState, *, user: User, mentions_count: int) -> list[Need]:
    """Return what the reader's agency owes in the cycle, with links to My work."""
    own = [(row, agency) for row, agency in marked.state.pairs() if agency.agency_id == user.agency_id]
    work = reverse("recommendations:my_work")

    def marked_line(mark: Mark, url: str) -> Need:
        pairs = [(row, agency) for row, agency in own if mark in marked.of(agency)]
        return _own_line(pairs, _MARK_WORDS[mark], url)

    lines = [
        marked_line(Mark.RETURNED, work),
        marked_line(Mark.LATE, f"{work}#overdue"),
        _own_line(
            _due_soon(own, marked),
            ngettext_lazy("update is due soon", "updates are due soon"),
            f"{work}#to-send",
        ),
        marked_line(Mark.STALE, work),
        _mentions(mentions_count, url=f"{work}#mentions"),
    ]
    return [line for line in lines if line.count]


def _due_soon(pairs: Iterable[Pair], marked: MarkedState) -> list[Pair]:
    within = marked.state.dates.due_soon_days if marked.state.dates else 0
    return [
        (row, agency)
        for row, agency in pairs
        if is_due_soon(
            agency.next_due_on, today=marked.on, within_days=within, is_awaiting=not agency.owes_update
        )
    ]


def _own_line(pairs: list[Pair], words: Any, url: str) -> Need:
    return Need(len(pairs), words % len(pairs), listed_names(row.label for row, _agency in pairs), url)


def _waiting(marked: MarkedState, workload: CycleWorkload, *, place: QueryState, link: Link) -> Need:
    """Link to the queue if it holds only this cycle's decisions, else to the cycle's assignments that wait."""
    waiting = [
        (agency.waiting_since, row, agency)
        for row, agency in marked.pairs(Mark.WAITING)
        if agency.waiting_since is not None
    ]
    oldest = min(waiting, key=lambda each: each[0], default=None)
    note = _longest_words(*oldest, today=marked.on) if oldest else ""
    if workload.batches_count:
        batches = ngettext(
            "%(count)s opening import among them",
            "%(count)s opening imports among them",
            workload.batches_count,
        )
        note = f"{note}; {batches % {'count': workload.batches_count}}"
    if workload.queue_count == workload.decisions_count:
        count, url = workload.decisions_count, link(reverse("recommendations:queue"))
    else:
        count, url = len(waiting), place.url("matrix", show=Mark.WAITING.value)
    return Need(count, ngettext("update waits for review", "updates wait for review", count), note, url)


def _longest_words(since: datetime, row: ItemRow, agency: AgencyState, *, today: date) -> str:
    words = {
        "day": dates.day_month(since),
        "days": dates.elapsed((today - local_date(since)).days),
        "agency": agency.code,
        "item": row.label,
    }
    return _("Longest since %(day)s (%(days)s): %(agency)s, %(item)s") % words


#: The marks that have a line of their own, in order, with its words.
_MARK_WORDS: dict[Mark, Any] = {
    Mark.LATE: ngettext_lazy("assignment is late", "assignments are late"),
    Mark.RETURNED: ngettext_lazy(
        "update was returned and not sent again", "updates were returned and not sent again"
    ),
    Mark.STALE: ngettext_lazy("assignment is stale", "assignments are stale"),
    Mark.DIFFERS: ngettext_lazy("verdict differs from the claim", "verdicts differ from the claim"),
}


def _mark_line(mark: Mark, marked: MarkedState, *, place: QueryState) -> Need:
    """Return a line that leads to the list of the assignments with the mark."""
    agencies = [agency for _row, agency in marked.pairs(mark)]
    words = _MARK_WORDS[mark] % len(agencies)
    return Need(len(agencies), words, listed_names(_codes(agencies)), place.url("matrix", show=mark.value))


def _suggested(marked: MarkedState, *, link: Link) -> Need:
    rows = [row for row in marked.state.items if row.suggested]
    words = ngettext("item has suggested agencies", "items have suggested agencies", len(rows))
    url = link(reverse("recommendations:assignments"))
    return Need(len(rows), words, listed_names(row.label for row in rows), url)


def _requests(marked: MarkedState, *, link: Link) -> Need:
    asking = [agency for _row, agency in marked.state.pairs() if agency.has_request]
    words = ngettext("request of an agency is unanswered", "requests of agencies are unanswered", len(asking))
    url = link(f"{reverse('recommendations:assignments')}?tab=requests")
    return Need(len(asking), words, listed_names(_codes(asking)), url)


def _held(count: int) -> Need:
    words = ngettext("file is held until it is scanned", "files are held until they are scanned", count)
    return Need(count, words, "", f"{reverse('evidence:list')}?scan=held")


def _deserted(codes: list[str], *, link: Link) -> Need:
    words = ngettext("agency has no active officer", "agencies have no active officer", len(codes))
    url = f"{link(reverse('recommendations:assignments') + '?tab=confirmed')}#officers"
    return Need(len(codes), words, listed_names(codes), url)


def _mentions(count: int, *, url: str = "#mentions") -> Need:
    return Need(count, ngettext("comment mentions you", "comments mention you", count), "", url)


def _codes(agencies: Iterable[AgencyState]) -> list[str]:
    return list(dict.fromkeys(agency.code for agency in agencies))


def listed_names(names: Iterable[str]) -> str:
    """Return the first few names, and how many more there are: "A, B, C, D and 3 more"."""
    known = list(names)
    shown, more = ", ".join(known[:NAMES_SHOWN]), len(known) - NAMES_SHOWN
    if more <= 0:
        return shown
    return _("%(names)s and %(count)s more") % {"names": shown, "count": more}
