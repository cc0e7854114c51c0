"""The state of a cycle as at a day that is over is the state that was shown on that day, whatever happens later."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Agency, User
from accounts.services.agencies import change_agency, deactivate_agency
from audit import clock as audit_clock
from audit.errors import DomainError
from overview.queries.trend import trend_of_cycle
from recommendations import services
from recommendations.content import Content
from recommendations.models import (
    Assignment,
    AssignmentRequest,
    Cycle,
    Item,
    ItemLink,
    Review,
    Submission,
    Update,
)
from recommendations.queries.cycle_state import CycleState, state_of_cycle
from recommendations.states import AssignmentRole, ItemKind, Stage, Status
from submissions.states import SubmissionState
from tests.conftest import NOW, Clock
from tests.factories.accounts import make_agency
from tests.factories.recommendations import REPORTED, make_item, make_role, make_submission
from tests.recommendations.conftest import Desk
from tests.recommendations.outcomes import pointers_by_hand

pytestmark = pytest.mark.django_db


def seen(desk: Desk, *, before: datetime | None = None, user: User | None = None) -> CycleState:
    return state_of_cycle(desk.cycle, user=user or desk.reviewer, before=before)


def plain(state: CycleState) -> Any:
    """Everything that a state tells."""
    return state.dates, state.items


def test_answer_for_a_day_survives_renaming_ending_superseding_and_relinking(
    desk: Desk, clock: Clock
) -> None:
    weakness = make_item(desk.cycle, kind=ItemKind.WEAKNESS)
    link = ItemLink.objects.create(weakness=weakness, answer=desk.item)
    verdict = desk.accepted()
    day = audit_clock.local_date(NOW)
    then = plain(seen(desk))
    later = clock.move_to(NOW + timedelta(days=3))
    services.supersede_verdict(
        verdict, status=Status.DONE, percent=100, reason="Silap", actor=desk.reviewer, now=later
    )
    change_agency(
        desk.agency, code="POLIS", name_ms="Polis", name_en="Police", actor=desk.administrator, now=later
    )
    link.delete()
    Item.objects.filter(pk=desk.item.pk).update(
        text_ms="Teks lain", title_ms="Tajuk lain", title_en="Another title"
    )
    services.end_assignment(desk.assignment, reason="Pindah", actor=desk.administrator, now=later)
    assert plain(seen(desk, before=audit_clock.end_of_day(day))) == then
    assert plain(seen(desk)) != then


def assert_outcomes_hold(desk: Desk) -> None:
    """What the database derives is what the rows say, and the state of the cycle tells the same."""
    rows = Assignment.objects.exclude(stage=Stage.ENDED).select_related("outcome")
    outcomes = {row.pk: row.outcome for row in rows}
    for row in rows:
        found = row.outcome
        assert (found.verdict_id, found.waiting_id, found.returned_id) == pointers_by_hand(row)
    told = {
        agency.assignment_id: (agency.status, agency.percent, agency.decided_at, agency.is_awaiting)
        for _row, agency in seen(desk).pairs()
    }
    assert told == {
        pk: (each.status, each.percent, each.decided_at, each.is_waiting) for pk, each in outcomes.items()
    }


def assert_trend_agrees(desk: Desk, day: date, *, before: datetime | None = None) -> None:
    """The turns, played up to a day, count what the state of the cycle as at that day counts."""
    state, trend = seen(desk, before=before), trend_of_cycle(desk.cycle)
    for kind in (ItemKind.RECOMMENDATION, ItemKind.WEAKNESS):
        counts, told = state.count_states(kind), trend.at(day, kind=kind)
        assert {status: told.of(status) for status in Status} == {
            status: counts.get(status, 0) for status in Status
        }


@dataclass
class History:
    """A cycle with three agencies on two items, to which random things happen, a day after another."""

    desk: Desk
    agencies: list[Agency] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)

    def act(self, name: str, index: int, status: str, now: datetime) -> None:
        with suppress(DomainError), transaction.atomic():
            ACTS[name](self, index, status, now)

    def assignment(self, index: int) -> Assignment:
        rows = list(Assignment.objects.select_related("item__cycle", "agency").order_by("pk"))
        return rows[index % len(rows)]

    def officer(self, assignment: Assignment) -> User:
        return User.objects.filter(agency=assignment.agency, role="officer").first() or self.desk.officer


PERCENTS = {Status.NONE.value: 0, Status.PROGRESS.value: 50, Status.DONE.value: 100}


def _submit(history: History, index: int, status: str, now: datetime) -> None:
    assignment = history.assignment(index)
    content = Content(**{**REPORTED.__dict__, "status": status, "percent": PERCENTS[status]})
    make_submission(assignment, actor=history.officer(assignment), now=now, content=content)


def _accept(history: History, index: int, status: str, now: datetime) -> None:
    for submission in _waiting(index):
        services.accept_update(
            submission,
            status=status,
            percent=PERCENTS[status],
            reason="Perkara yang perlu dibetulkan",
            actor=history.desk.reviewer,
            now=now,
        )


def _return(history: History, index: int, status: str, now: datetime) -> None:
    for submission in _waiting(index):
        by = audit_clock.local_date(now) + timedelta(days=7)
        services.return_update(
            submission, reason="Betulkan", resubmit_by=by, actor=history.desk.reviewer, now=now
        )


def _waiting(index: int) -> list[Submission]:
    updates = list(Update.objects.filter(state=SubmissionState.SUBMITTED).order_by("pk"))
    found = updates[index % len(updates)].newest_submission if updates else None
    return [found] if found else []


def _withdraw(history: History, index: int, status: str, now: datetime) -> None:
    for submission in _waiting(index):
        actor = history.officer(submission.update.assignment)
        services.withdraw_update(submission.update, actor=actor, now=now)


def _undo(history: History, index: int, status: str, now: datetime) -> None:
    for submission in _waiting(index):
        actor = history.officer(submission.update.assignment)
        services.undo_submission(submission.update, actor=actor, now=now)


def _ask(history: History, index: int, status: str, now: datetime) -> None:
    assignment = history.assignment(index)
    services.decline_assignment(assignment, reason="Bukan kami", actor=history.officer(assignment), now=now)


def _withdraw_request(history: History, index: int, status: str, now: datetime) -> None:
    for asked in AssignmentRequest.objects.unanswered()[:1]:
        services.withdraw_request(asked, actor=history.officer(asked.assignment), now=now)


def _supersede(history: History, index: int, status: str, now: datetime) -> None:
    newest = history.assignment(index).reviews.accepted().newest_first().first()
    if isinstance(newest, Review):
        services.supersede_verdict(
            newest,
            status=status,
            percent=PERCENTS[status],
            reason="Silap",
            actor=history.desk.reviewer,
            now=now,
        )


def _assign(history: History, index: int, status: str, now: datetime) -> None:
    agency, item = history.agencies[index % 3], history.items[index % 2]
    role = AssignmentRole.LEAD if status == Status.DONE else AssignmentRole.SUPPORT
    services.assign_agency(item, agency=agency, role=role, actor=history.desk.administrator, now=now)


def _suggest(history: History, index: int, status: str, now: datetime) -> None:
    agency, item = history.agencies[index % 3], history.items[index % 2]
    services.suggest_assignment(
        item, agency=agency, role=AssignmentRole.SUPPORT, actor=history.desk.administrator, now=now
    )


def _confirm(history: History, index: int, status: str, now: datetime) -> None:
    services.confirm_assignment(history.assignment(index), actor=history.desk.administrator, now=now)


def _change(history: History, index: int, status: str, now: datetime) -> None:
    assignment, actor = history.assignment(index), history.desk.administrator
    role = AssignmentRole.LEAD if status == Status.DONE else AssignmentRole.SUPPORT
    if assignment.is_confirmed:
        assignment = make_role(assignment, role, actor=actor, now=now)
    services.change_assignment(
        assignment,
        role=role,
        due_on=date(2024, 1, 31),
        cadence_days=index + 1,
        next_due_on=audit_clock.local_date(now) + timedelta(days=index),
        actor=actor,
        now=now,
    )


def _end(history: History, index: int, status: str, now: datetime) -> None:
    services.end_assignment(
        history.assignment(index), reason="Pindah", actor=history.desk.administrator, now=now
    )


def _rename(history: History, index: int, status: str, now: datetime) -> None:
    agency = history.agencies[index % 3]
    agency.refresh_from_db()
    code = f"{agency.code[:4]}{index}{status[:1]}"
    change_agency(
        agency, code=code, name_ms=f"Nama {code}", name_en=code, actor=history.desk.administrator, now=now
    )


def _deactivate(history: History, index: int, status: str, now: datetime) -> None:
    deactivate_agency(history.agencies[index % 3], reason="Tutup", actor=history.desk.administrator, now=now)


def _relink(history: History, index: int, status: str, now: datetime) -> None:
    weakness, answer = history.items[1], history.items[0]
    link, is_new = ItemLink.objects.get_or_create(weakness=weakness, answer=answer)
    if not is_new:
        link.delete()


def _override(history: History, index: int, status: str, now: datetime) -> None:
    services.override_item(
        history.items[index % 2],
        status=status,
        percent=PERCENTS[status],
        reason=f"Keputusan mesyuarat {index}",
        actor=history.desk.administrator,
        now=now,
    )


def _end_override(history: History, index: int, status: str, now: datetime) -> None:
    for override in history.items[index % 2].overrides.standing():
        services.end_override(override, reason="Selesai", actor=history.desk.administrator, now=now)


def _move_window(history: History, index: int, status: str, now: datetime) -> None:
    Cycle.objects.filter(pk=history.desk.cycle.pk).update(
        interim_on=date(2023, 9, 1 + index), stale_after_days=40 + index
    )


ACTS: dict[str, Callable[[History, int, str, datetime], None]] = {
    "submit": _submit,
    "accept": _accept,
    "return": _return,
    "withdraw": _withdraw,
    "undo": _undo,
    "ask": _ask,
    "withdraw_request": _withdraw_request,
    "supersede": _supersede,
    "assign": _assign,
    "suggest": _suggest,
    "confirm": _confirm,
    "change": _change,
    "end": _end,
    "rename": _rename,
    "deactivate": _deactivate,
    "relink": _relink,
    "override": _override,
    "end_override": _end_override,
    "move_window": _move_window,
}
DAYS = st.lists(
    st.lists(
        st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 5), st.sampled_from(sorted(PERCENTS))),
        max_size=4,
    ),
    min_size=2,
    max_size=6,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=DAYS)
def test_every_day_that_is_over_keeps_the_answer_that_it_gave(
    desk: Desk, clock: Clock, days: list[list[tuple[str, int, str]]]
) -> None:
    with transaction.atomic():
        history = History(desk, [desk.agency, desk.other_agency, make_agency("JKM")])
        history.items = [desk.item, make_item(desk.cycle, kind=ItemKind.WEAKNESS)]
        told: dict[date, list[Any]] = {}
        readers = (desk.reviewer, desk.officer, desk.observer)
        for number, acts in enumerate(days, 1):
            now = clock.move_to(NOW + timedelta(days=number))
            for name, index, status in acts:
                history.act(name, index, status, now)
            told[audit_clock.local_date(now)] = [plain(seen(desk, user=reader)) for reader in readers]
            assert_outcomes_hold(desk)
            assert_trend_agrees(desk, audit_clock.local_date(now))
        clock.move_to(NOW + timedelta(days=len(days) + 1))
        for day, answers in told.items():
            before = audit_clock.end_of_day(day)
            assert [plain(seen(desk, before=before, user=reader)) for reader in readers] == answers
            assert_trend_agrees(desk, day, before=before)
        transaction.set_rollback(True)
