"""What MAPO decided on a cycle between two days, each decision with the item's state before and after it.

One statement reads where every assignment and setting stood at the first day and what was recorded since; played in
their order by `state_replay`, they give the states. Its cost grows with the decisions in between, not with those before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from accounts.models import AgencyVersion
from audit.clock import end_of_day
from recommendations.models import Review
from recommendations.queries.sql import fetch_rows, read_statement
from recommendations.queries.state_replay import (
    OVERRIDE,
    OVERRIDE_END,
    VERDICT,
    RecordedChange,
    ReplayedItem,
)
from recommendations.states import ShowsStatus, item_key, item_label

if TYPE_CHECKING:
    from accounts.models import User
    from recommendations.models import Cycle

#: A return changes no state, so that the replay does not know it.
_RETURN = 5

_RECORDED = read_statement(__file__, "recorded_changes")


class DecisionKind(TextChoices):
    """What MAPO can decide on an item or on an agency's part in it."""

    ACCEPTED = "accepted", pgettext_lazy("decision", "Accepted")
    RETURNED = "returned", pgettext_lazy("decision", "Returned")
    CORRECTED = "corrected", pgettext_lazy("decision", "Verdict replaced")
    SET = "set", pgettext_lazy("decision", "Status set by MAPO")
    ENDED = "ended", pgettext_lazy("decision", "MAPO’s status ended")


#: What a change of an item's setting is as a decision.
_OVERRIDE_KINDS = {OVERRIDE: DecisionKind.SET, OVERRIDE_END: DecisionKind.ENDED}


@dataclass(frozen=True, slots=True)
class DecidedStatus(ShowsStatus):
    """Status and percentage at the instant of a decision; `is_set_by_mapo`: not what the agencies' verdicts give."""

    status: str
    percent: int
    is_set_by_mapo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedDecision:
    """One decision of MAPO.

    `before` and `after` are the item's state; `verdict_before` and `verdict_after` MAPO's verdict on the agency's part
    alone. A return changes neither. A setting by MAPO has no agency: `review_id`, `agency_id` and both verdicts are
    None, `code` is empty. `by` is the person's name, empty where the reader may know only that it was MAPO; `reason` is empty where
    none was given or the reader may not know it.
    """

    at: datetime
    kind: DecisionKind
    review_id: int | None
    item_id: int
    item_kind: str
    number: int
    agency_id: int | None
    code: str
    by: str
    before: DecidedStatus
    after: DecidedStatus
    verdict_before: DecidedStatus | None
    verdict_after: DecidedStatus | None
    reason: str

    @property
    def item_key(self) -> str:
        return item_key(self.item_kind, self.number)

    @property
    def item_label(self) -> str:
        return item_label(self.item_kind, self.number)

    @property
    def changes_item(self) -> bool:
        """Whether the item's status, percentage or mark is another one since."""
        return self.before != self.after


class _RecordedRow(NamedTuple):
    """A row of the statement: a change for the replay, and what it is about."""

    change: RecordedChange
    number: int
    agency_id: int
    name: str
    is_correction: bool


def decisions_between(cycle: Cycle, *, user: User, since: date, until: date) -> list[RecordedDecision]:
    """Return MAPO's decisions after the end of `since` and by the end of `until` (Kuala Lumpur), oldest first.

    The facts are those of the days: once `until` is over, the answer changes with the reader's rights alone. Everybody
    reads every verdict and setting. Returns, reasons of verdicts and names of reviewers are for MAPO and the own agency,
    within their clearance; names of who set a state are for MAPO (docs/rules.md, Who sees what).
    Takes three queries.
    """
    begin, end = end_of_day(since), end_of_day(until)
    rows = _rows(cycle, begin=begin, end=end)
    told = [row for row in rows if row.change.at >= begin]
    readable = _readable(
        [row.change.turn_id for row in told if row.change.what in (VERDICT, _RETURN)], user=user
    )
    codes = dict(AgencyVersion.objects.as_at(end).values_list("agency_id", "code"))
    return _play(rows, begin=begin, readable=readable, codes=codes, is_mapo=user.is_mapo)


def _rows(cycle: Cycle, *, begin: datetime, end: datetime) -> list[_RecordedRow]:
    values = {
        "cycle": cycle.pk,
        "begin": begin,
        "end": end,
    }
    width = len(RecordedChange._fields)
    return [_RecordedRow(RecordedChange(*row[:width]), *row[width:]) for row in fetch_rows(_RECORDED, values)]


def _readable(review_ids: list[int], *, user: User) -> dict[int, tuple[str, str]]:
    """Return reason and reviewer's name of those of these reviews that the reader may read (one query)."""
    readable = Review.objects.visible_to(user).filter(pk__in=review_ids)
    found = readable.values_list("pk", "reason", "reviewer__name")
    return {review_id: (reason, name) for review_id, reason, name in found}


def _play(
    rows: Iterable[_RecordedRow],
    *,
    begin: datetime,
    readable: dict[int, tuple[str, str]],
    codes: dict[int, str],
    is_mapo: bool,
) -> list[RecordedDecision]:
    """Return the decisions among the rows, with the states that the rows before each of them give."""
    items: dict[int, ReplayedItem] = {}
    states: dict[int, DecidedStatus] = {}
    decisions = []
    for row in rows:
        change = row.change
        item = items.setdefault(change.item_id, ReplayedItem(change.kind))
        if change.at < begin:
            item.take(change)
            continue
        # One decision's state after it is the next one's before it: a busy month has thousands.
        after = before = states.get(change.item_id) or _state(item)
        verdict_before = _verdict(item, change)
        if change.what != _RETURN:
            item.take(change)
            after = _state(item)
        states[change.item_id] = after
        kind = _kind(row)
        if kind is None or (kind == DecisionKind.RETURNED and change.turn_id not in readable):
            continue
        if change.assignment_id:
            reason, by = readable.get(change.turn_id, ("", ""))
        else:
            reason, by = change.second, row.name if is_mapo else ""
        decisions.append(
            RecordedDecision(
                at=change.at,
                kind=kind,
                review_id=change.turn_id if change.assignment_id else None,
                item_id=change.item_id,
                item_kind=change.kind,
                number=row.number,
                agency_id=row.agency_id or None,
                code=codes.get(row.agency_id, ""),
                by=by,
                before=before,
                after=after,
                verdict_before=verdict_before,
                verdict_after=_verdict(item, change),
                reason=reason,
            )
        )
    return decisions


def _kind(row: _RecordedRow) -> DecisionKind | None:
    """Return what was decided; None for a change of an assignment."""
    what = row.change.what
    if what == VERDICT:
        return DecisionKind.CORRECTED if row.is_correction else DecisionKind.ACCEPTED
    return DecisionKind.RETURNED if what == _RETURN else _OVERRIDE_KINDS.get(what)


def _state(item: ReplayedItem) -> DecidedStatus:
    state = item.state()
    return DecidedStatus(state.status, state.percent, state.override is not None)


def _verdict(item: ReplayedItem, change: RecordedChange) -> DecidedStatus | None:
    """Return MAPO's verdict on the part that a change is about, whether the agency still answers for the item or not."""
    if not change.assignment_id:
        return None
    verdict = item.parts[change.assignment_id].verdict
    return DecidedStatus(verdict.status, verdict.percent)
