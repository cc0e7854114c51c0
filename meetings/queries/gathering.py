"""The rows of each kind of point, from the facts as at a day; what contradicts in the figures has a module of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Any

from audit.clock import local_date
from audit.past import held_before
from meetings.queries.outcomes import EarlierDecision
from meetings.queries.rows import AgendaRow
from meetings.states import PointKind
from recommendations.models import AssignmentRequest, Cycle
from recommendations.models.cycle import title_of
from recommendations.outcomes import DecisionOutcome, outcome_of
from recommendations.queries.cycle_state import AgencyState, CycleState, ItemRow
from recommendations.queries.decisions import RecordedDecision
from recommendations.states import Status


def _row(item: ItemRow, key: object, **values: object) -> AgendaRow:
    """Return a row about an item, with its state unless the values hold another one."""
    about = {
        "key": str(key),
        "item_id": item.item_id,
        "item_kind": item.kind,
        "number": item.number,
        "title_ms": title_of(item, "ms"),
        "title_en": title_of(item, "en"),
        "status": item.state.status,
        "percent": item.state.percent,
        "is_set_by_mapo": item.state.override is not None,
    }
    return AgendaRow(**(about | values))  # type: ignore[arg-type]  # fields of the row, by name


def _part(item: ItemRow, agency: AgencyState, *, key: str = "", **values: object) -> AgendaRow:
    """Return a row about an agency's part in an item, with the state of that part; its own key, or that of the part."""
    state = {"status": agency.status, "percent": agency.percent, "is_set_by_mapo": False}
    return _row(item, key or agency.assignment_id, agency=agency.code, **(state | values))


def earlier_rows(
    decisions: Iterable[EarlierDecision], items: dict[int, ItemRow], *, as_at: date
) -> Iterator[AgendaRow]:
    """Yield what earlier meetings decided: `on` is the day that it is due, or ended; `by` is the meeting."""
    for decision in decisions:
        outcome = outcome_of(
            is_done=decision.done_on is not None,
            is_cancelled=decision.cancelled_at is not None,
            due_on=decision.due_on,
            today=as_at,
        )
        cancelled_on = local_date(decision.cancelled_at) if decision.cancelled_at else None
        on = decision.done_on or cancelled_on or decision.due_on
        if decision.item_id not in items:
            continue
        yield _row(
            items[decision.item_id],
            decision.decision_id,
            agency=decision.code,
            what=outcome.value,
            on=on,
            days=(as_at - on).days if outcome == DecisionOutcome.LATE else 0,
            by=decision.meeting_number,
            text=decision.text,
            cancelled_reason=decision.cancelled_reason,
        )


def changed_rows(decisions: Iterable[RecordedDecision], items: dict[int, ItemRow]) -> Iterator[AgendaRow]:
    """Yield MAPO's decisions item by item, oldest first; the key tells decisions of one instant apart."""
    by_item: dict[int, list[RecordedDecision]] = defaultdict(list)
    for decision in decisions:
        by_item[decision.item_id].append(decision)
    for item in items.values():
        for place, decision in enumerate(by_item[item.item_id]):
            yield _row(
                item,
                f"{item.item_id}-{place}-{decision.at.timestamp():.0f}",
                agency=decision.code,
                what=decision.kind.value,
                **_before_and_after(decision),
                on=local_date(decision.at),
                by=decision.by,
                text=decision.reason,
            )


def _before_and_after(decision: RecordedDecision) -> dict[str, Any]:
    """Return the states of a row about a decision: of the part where it has an agency, else of the item."""
    before = decision.verdict_before or decision.before
    after = decision.verdict_after or decision.after
    told = {
        "status": after.status,
        "percent": after.percent,
        "is_set_by_mapo": after.is_set_by_mapo,
        "status_before": before.status,
        "percent_before": before.percent,
        "was_set_by_mapo": before.is_set_by_mapo,
    }
    if decision.changes_item and (decision.before, decision.after) != (before, after):
        told |= {
            "item_status": decision.after.status,
            "item_percent": decision.after.percent,
            "item_status_before": decision.before.status,
            "item_percent_before": decision.before.percent,
        }
    return told


def _late(state: CycleState, as_at: date) -> Iterator[AgendaRow]:
    """Yield late parts, grouped by agency: the agency that is late for longest first. One key stands for an agency."""
    late = [(row, agency) for row, agency in state.pairs() if agency.is_overdue(as_at)]
    longest: dict[str, date] = {}
    for _item, agency in late:
        assert agency.next_due_on is not None
        longest[agency.code] = min(agency.next_due_on, longest.get(agency.code, agency.next_due_on))
    late.sort(key=lambda pair: (longest[pair[1].code], pair[1].code, pair[1].next_due_on))
    for item, agency in late:
        assert agency.next_due_on is not None
        days = (as_at - agency.next_due_on).days
        yield _part(item, agency, key=f"agency-{agency.agency_id}", on=agency.next_due_on, days=days)


def _since(moment: datetime, as_at: date) -> dict[str, Any]:
    day = local_date(moment)
    return {"on": day, "days": (as_at - day).days}


def _waiting(state: CycleState, as_at: date) -> Iterator[AgendaRow]:
    """Yield what waits for MAPO, longest first."""
    waiting = [
        (agency.waiting_since, item, agency)
        for item, agency in state.pairs()
        if agency.waiting_since is not None
    ]
    for since, item, agency in sorted(waiting, key=lambda each: each[0]):
        yield _part(item, agency, **_since(since, as_at))


def _returned(state: CycleState, as_at: date) -> Iterator[AgendaRow]:
    """Yield updates that were returned and not sent again, longest first."""
    returned = [
        (agency.returned_since, item, agency)
        for item, agency in state.pairs()
        if agency.returned_since is not None and agency.is_confirmed
    ]
    for since, item, agency in sorted(returned, key=lambda each: each[0]):
        yield _part(item, agency, **_since(since, as_at))


def _without_lead(state: CycleState, as_at: date) -> Iterator[AgendaRow]:
    for item in state.items:
        if item.lead is None:
            leads = tuple(agency.code for agency in item.suggested if agency.is_lead)
            support = tuple(agency.code for agency in item.suggested if not agency.is_lead)
            yield _row(item, item.item_id, codes=leads, support_codes=support)


def _without_action(state: CycleState, as_at: date) -> Iterator[AgendaRow]:
    for item in state.items:
        if item.lead is not None and item.state.status == Status.NONE:
            yield _row(item, item.item_id, agency=item.lead.code)


def _differing(state: CycleState, as_at: date) -> Iterator[AgendaRow]:
    """Yield parts on which MAPO's verdict is another than what the agency claimed: the claim stands before it."""
    for item, agency in state.pairs():
        if agency.claim is not None and agency.claim_differs and agency.is_confirmed:
            status, percent = agency.claim
            claim: dict[str, Any] = {"status_before": status, "percent_before": percent}
            on = local_date(agency.decided_at) if agency.decided_at else None
            yield _part(item, agency, on=on, **claim)


def _held_back(state: CycleState, as_at: date) -> Iterator[AgendaRow]:
    for item in state.items:
        if item.state.held_by and item.state.override is None:
            yield _row(item, item.item_id, agency=item.state.lead, codes=item.state.held_by)


def _overridden(state: CycleState, as_at: date) -> Iterator[AgendaRow]:
    for item in state.items:
        override, beneath = item.state.override, item.state.beneath
        if override is not None and beneath is not None:
            yield _row(
                item,
                item.item_id,
                status_before=beneath.status,
                percent_before=beneath.percent,
                text=override.reason,
                **_since(override.set_at, as_at),
            )


#: The kinds that follow from the state of the cycle alone.
_FINDERS: dict[str, Callable[[CycleState, date], Iterator[AgendaRow]]] = {
    PointKind.LATE: _late,
    PointKind.WAITING: _waiting,
    PointKind.NO_LEAD: _without_lead,
    PointKind.NO_ACTION: _without_action,
    PointKind.RETURNED: _returned,
    PointKind.HELD_BACK: _held_back,
    PointKind.DIFFERING: _differing,
    PointKind.OVERRIDDEN: _overridden,
}


def state_rows(state: CycleState, *, as_at: date) -> dict[str, tuple[AgendaRow, ...]]:
    """Return the rows of each kind of point that follows from the state of a cycle, as of a day (no query)."""
    return {kind: tuple(find(state, as_at)) for kind, find in _FINDERS.items()}


def request_rows(
    cycle: Cycle, items: dict[int, ItemRow], *, before: datetime, as_at: date
) -> Iterator[AgendaRow]:
    """Yield what agencies asked for and MAPO had not answered by the day, oldest first (one query)."""
    unanswered = AssignmentRequest.objects.filter(
        held_before(before, began="asked_at", ended="answered_at"), assignment__item__cycle=cycle
    )
    for request in unanswered.select_related("assignment__agency").order_by("asked_at", "pk"):
        item = items.get(request.assignment.item_id)
        if item is not None:
            about = {"what": request.kind, "text": request.reason, **_since(request.asked_at, as_at)}
            yield _row(item, request.pk, agency=request.assignment.agency.code, **about)
