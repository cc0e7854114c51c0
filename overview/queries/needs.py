"""What needs the reader's attention in a cycle, each with the page where it is dealt with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from accounts.models import User
from audit.clock import local_date
from evidence.models import Document
from overview.queries.marks import Mark, MarkedState
from recommendations.deadlines import is_due_soon
from recommendations.models import Assignment, Cycle, OpeningImport
from recommendations.queries.cycle_state import AgencyState, ItemRow
from recommendations.queries.sql import CANDIDATE, fetch_rows, sql_of
from submissions.states import SubmissionState
from ui import dates
from ui.addresses import address_of
from ui.query_state import QueryState

#: How many names a line lists before "and more".
NAMES_SHOWN = 4

#: Returns a URL that keeps the cycle of the page.
Link = Callable[[str], str]
Pair = tuple[ItemRow, AgencyState]


@dataclass(frozen=True, slots=True)
class Need:
    """One line: how many of what, a note with examples, and the page where it is dealt with.

    `is_whole`: the filters of the overview are set and leave this line aside, which it says.
    """

    count: int
    words: str
    note: str
    url: str
    is_whole: bool = False


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


_WORKLOAD = """
SELECT (SELECT count(*) FROM ({held}) held),
       (SELECT count(*) FROM ({batches}) batches),
       ARRAY(SELECT candidate.code FROM accounts_agency candidate
             WHERE EXISTS ({in_force}) AND NOT EXISTS ({actors}) ORDER BY candidate.code),
       EXISTS (SELECT FROM recommendations_commentmention WHERE user_id = %s AND seen_at IS NULL)
"""


def read_workload(cycle: Cycle, *, user: User, waiting_by_cycle: Mapping[int, int]) -> CycleWorkload:
    """Return the workload of a cycle, for MAPO; what waits has been counted for the page. One query."""
    batches = OpeningImport.objects.visible_to(user)
    rows = {
        "held": Document.objects.visible_to(user).held(),
        "batches": batches.filter(cycle=cycle.pk, state=SubmissionState.SUBMITTED),
        "in_force": Assignment.objects.in_force().filter(agency=CANDIDATE, item__cycle=cycle.pk),
        "actors": User.objects.able_to_act().filter(agency=CANDIDATE),
    }
    parts = {name: sql_of(each) for name, each in rows.items()}
    statement = _WORKLOAD.format(**{name: sql for name, (sql, _params) in parts.items()})
    values = [value for _sql, params in parts.values() for value in params]
    [(held, batches_count, deserted, is_mentioned)] = fetch_rows(statement, [*values, user.pk])
    return CycleWorkload(
        held_count=held,
        decisions_count=waiting_by_cycle.get(cycle.pk, 0),
        batches_count=batches_count,
        deserted=deserted,
        is_mentioned=is_mentioned,
        queue_count=sum(waiting_by_cycle.values()),
    )


def needs_of_mapo(
    marked: MarkedState,
    workload: CycleWorkload,
    *,
    whole: MarkedState,
    mentions_count: int,
    place: QueryState,
    link: Link,
    is_closed: bool = False,
) -> list[Need]:
    """Return what needs MAPO on the day, the most pressing first, without lines that count nothing.

    `marked` is of what the filters of the page leave, `whole` of the cycle: the same without filters. In a closed cycle
    only what was sent before can still be decided.
    """
    is_filtered = marked is not whole
    waiting = (
        _mark_line(Mark.WAITING, marked, place=place, note=_longest_note(marked))
        if is_filtered
        else _waiting(marked, workload, place=place, link=link)
    )
    held = _held(workload.held_count)
    if is_closed:
        return _counted([waiting], [held], is_filtered=is_filtered)
    lines = [waiting, *(_mark_line(mark, marked, place=place) for mark in _MARKS_OF_MAPO)]
    if is_filtered:
        lines.append(_suggested(marked, url=place.url("matrix", show=Mark.SUGGESTED.value)))
    else:
        lines.append(_suggested(marked, url=link(address_of("recommendations:assignments"))))
    others = [
        _requests(whole, link=link),
        _deserted(workload.deserted, link=link),
        held,
        _mentions(mentions_count),
    ]
    return _counted(lines, others, is_filtered=is_filtered)


def _counted(lines: list[Need], others: list[Need], *, is_filtered: bool) -> list[Need]:
    """Return the lines that count something; the `others` lead to pages without these filters, and say so if any is set."""
    if is_filtered:
        others = [replace(line, is_whole=True) for line in others]
    return [line for line in (*lines, *others) if line.count]


def needs_of_agency(
    marked: MarkedState, *, whole: MarkedState, user: User, mentions_count: int, place: QueryState
) -> list[Need]:
    """Return what the reader's agency owes in the cycle, with links to My work.

    `marked` is of what the filters of the page leave, `whole` of the cycle. My work knows no filters: if any is set, what
    is marked leads to the list of the page instead.
    """
    is_filtered = marked is not whole
    own, all_own = (_own_pairs(state, user=user) for state in (marked, whole))
    work = address_of("recommendations:my_work")

    def marked_line(mark: Mark, url: str) -> Need:
        pairs = [(row, agency) for row, agency in own if mark in marked.of(agency)]
        if pairs and is_filtered:
            url = place.url("matrix", show=mark.value, agency=pairs[0][1].code)
        return _own_line(pairs, _MARK_WORDS[mark], url)

    lines = [
        marked_line(Mark.RETURNED, work),
        marked_line(Mark.LATE, f"{work}#overdue"),
        marked_line(Mark.STALE, work),
    ]
    due_soon = _own_line(
        _due_soon(all_own, whole),
        ngettext_lazy("update is due soon", "updates are due soon"),
        f"{work}#to-send",
    )
    mentions = _mentions(mentions_count, url=f"{work}#mentions")
    if is_filtered:
        return _counted(lines, [due_soon, mentions], is_filtered=True)
    return _counted([*lines[:2], due_soon, lines[2], mentions], [], is_filtered=False)


def _own_pairs(marked: MarkedState, *, user: User) -> list[Pair]:
    return [(row, agency) for row, agency in marked.state.pairs() if agency.agency_id == user.agency_id]


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
    note = _longest_note(marked)
    if workload.batches_count:
        batches = ngettext(
            "%(count)s opening import among them",
            "%(count)s opening imports among them",
            workload.batches_count,
        )
        note = f"{note}; {batches % {'count': workload.batches_count}}"
    line = _mark_line(Mark.WAITING, marked, place=place, note=note)
    if workload.queue_count != workload.decisions_count:
        return line
    count, url = workload.decisions_count, link(address_of("recommendations:queue"))
    return Need(count, _MARK_WORDS[Mark.WAITING] % count, note, url)


def _longest_note(marked: MarkedState) -> str:
    """Return what has waited for MAPO longest; empty where nothing waits."""
    waiting = [
        (agency.waiting_since, row, agency)
        for row, agency in marked.pairs(Mark.WAITING)
        if agency.waiting_since is not None
    ]
    oldest = min(waiting, key=lambda each: each[0], default=None)
    return _longest_words(*oldest, today=marked.on) if oldest else ""


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
    Mark.WAITING: ngettext_lazy("update waits for review", "updates wait for review"),
    Mark.LATE: ngettext_lazy("assignment is late", "assignments are late"),
    Mark.RETURNED: ngettext_lazy(
        "update was returned and not sent again", "updates were returned and not sent again"
    ),
    Mark.STALE: ngettext_lazy("assignment is stale", "assignments are stale"),
    Mark.DIFFERS: ngettext_lazy("verdict differs from the claim", "verdicts differ from the claim"),
}
#: Those that follow what waits.
_MARKS_OF_MAPO = (Mark.LATE, Mark.RETURNED, Mark.STALE, Mark.DIFFERS)


def _mark_line(mark: Mark, marked: MarkedState, *, place: QueryState, note: str = "") -> Need:
    """Return a line that leads to the list of the assignments with the mark, with the codes of their agencies unless noted."""
    agencies = [agency for _row, agency in marked.pairs(mark)]
    words, url = _MARK_WORDS[mark] % len(agencies), place.url("matrix", show=mark.value)
    if mark is Mark.LATE:
        note = _late_note(agencies, today=marked.on)
    return Need(len(agencies), words, note or listed_names(_codes(agencies)), url)


def _late_note(agencies: list[AgencyState], *, today: date) -> str:
    """Return whose is late, the longest first, each with its days: KDN 14 days, ILKAP 9 days."""
    since: dict[str, date] = {}
    for agency in agencies:
        if agency.next_due_on:
            since[agency.code] = min(agency.next_due_on, since.get(agency.code, agency.next_due_on))
    return listed_names(
        f"{code} {dates.days((today - due_on).days)}"
        for code, due_on in sorted(since.items(), key=lambda each: each[1])
    )


def _suggested(marked: MarkedState, *, url: str) -> Need:
    rows = [row for row in marked.state.items if row.suggested]
    words = ngettext("item has suggested agencies", "items have suggested agencies", len(rows))
    return Need(len(rows), words, listed_names(row.label for row in rows), url)


def _requests(marked: MarkedState, *, link: Link) -> Need:
    asking = [agency for _row, agency in marked.state.pairs() if agency.has_request]
    words = ngettext("request of an agency is unanswered", "requests of agencies are unanswered", len(asking))
    url = link(f"{address_of('recommendations:assignments')}?tab=requests")
    return Need(len(asking), words, listed_names(_codes(asking)), url)


def _held(count: int) -> Need:
    words = ngettext("file is held until it is scanned", "files are held until they are scanned", count)
    return Need(count, words, "", f"{address_of('evidence:list')}?scan=held")


def _deserted(codes: list[str], *, link: Link) -> Need:
    words = ngettext("agency has no active officer", "agencies have no active officer", len(codes))
    url = f"{link(address_of('recommendations:assignments') + '?tab=confirmed')}#officers"
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
