"""What MAPO decided between two days: each decision once, with the states around it, and only what its reader may know."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings

from accounts.clearance import Clearance
from accounts.models import User
from accounts.services.agencies import change_agency
from audit.clock import local_date
from recommendations import services
from recommendations.models import Assignment, ItemOverride, Review
from recommendations.queries.cycle_state import state_of_cycle
from recommendations.queries.decisions import DecidedStatus, DecisionKind, RecordedDecision, decisions_between
from recommendations.states import AssignmentRole, Decision, ItemKind, Status, item_label
from tests.conftest import NOW, Clock
from tests.factories.accounts import make_agency
from tests.factories.recommendations import REPORTED, make_assignment, make_cycle, make_item, make_submission
from tests.recommendations.conftest import Desk
from tests.recommendations.test_overview_as_at import DAYS, History

pytestmark = pytest.mark.django_db

SINCE, UNTIL = local_date(NOW), local_date(NOW) + timedelta(days=30)
NOTHING, HALF = DecidedStatus(Status.NONE, 0), DecidedStatus(Status.PROGRESS, 40)


def decided(desk: Desk, user: User | None = None, **days: date) -> list[RecordedDecision]:
    asked = {"since": SINCE, "until": UNTIL} | days
    return decisions_between(desk.cycle, user=user or desk.reviewer, **asked)


def next_day(desk: Desk, clock: Clock) -> datetime:
    desk.now = clock.move_to(desk.now + timedelta(days=1))
    return desk.now


def returned(desk: Desk, **content: Any) -> Review:
    submission = desk.submission(replace(REPORTED, **content))
    by = local_date(desk.now) + timedelta(days=7)
    return services.return_update(
        submission, reason="Bukti tiada.", resubmit_by=by, actor=desk.reviewer, now=desk.now
    )


def told(decisions: list[RecordedDecision]) -> list[tuple[str, str, str, int, int, str, str]]:
    return [
        (
            each.kind.value,
            each.item_label,
            each.code,
            each.before.percent,
            each.after.percent,
            each.by,
            each.reason,
        )
        for each in decisions
    ]


def test_every_kind_of_decision_is_told_with_the_states_around_it(desk: Desk, clock: Clock) -> None:
    next_day(desk, clock)
    returned(desk)
    next_day(desk, clock)
    update = desk.assignment.open_update
    assert update is not None
    again = services.submit_update(
        update, content=REPORTED, revision=update.revision, actor=desk.officer, now=desk.now
    )
    verdict = services.accept_update(
        again, status="progress", percent=30, reason="Separuh.", actor=desk.reviewer, now=desk.now
    )
    now = next_day(desk, clock)
    services.supersede_verdict(
        verdict, status="done", percent=100, reason="Silap.", actor=desk.second_reviewer, now=now
    )
    setting: dict[str, Any] = {"actor": desk.administrator, "now": next_day(desk, clock)}
    services.override_item(desk.item, status="progress", percent=80, reason="Menunggu.", **setting)
    setting["now"] = next_day(desk, clock)
    second = services.override_item(desk.item, status="progress", percent=90, reason="Hampir.", **setting)
    services.end_override(second, reason="Keluar.", actor=desk.reviewer, now=next_day(desk, clock))

    reviewer, second_reviewer, administrator = (
        each.name for each in (desk.reviewer, desk.second_reviewer, desk.administrator)
    )
    item = item_label(desk.item.kind, desk.item.number)
    assert told(decided(desk)) == [
        ("returned", item, "PDRM", 0, 0, reviewer, "Bukti tiada."),
        ("accepted", item, "PDRM", 0, 30, reviewer, "Separuh."),
        ("corrected", item, "PDRM", 30, 100, second_reviewer, "Silap."),
        ("set", item, "", 100, 80, administrator, "Menunggu."),
        ("set", item, "", 80, 90, administrator, "Hampir."),
        ("ended", item, "", 90, 100, reviewer, "Keluar."),
    ]
    assert [each.after.is_set_by_mapo for each in decided(desk)] == [False, False, False, True, True, False]


def test_verdict_of_a_supporting_agency_is_its_own_and_the_item_stands_as_it_stood(
    desk: Desk, clock: Clock
) -> None:
    joined = make_assignment(
        desk.item, desk.other_agency, role=AssignmentRole.SUPPORT, actor=desk.administrator, now=desk.now
    )
    desk.accepted()
    now = next_day(desk, clock)
    submission = make_submission(joined, actor=desk.outsider, now=now)
    services.accept_update(submission, status="progress", percent=40, actor=desk.reviewer, now=now)
    services.end_assignment(joined, reason="Pindah", actor=desk.administrator, now=next_day(desk, clock))

    (decision,) = decided(desk)
    assert (decision.code, decision.verdict_before, decision.verdict_after) == ("MPOB", NOTHING, HALF)
    assert (decision.before, decision.after, decision.changes_item) == (HALF, HALF, False)


def test_days_are_counted_from_their_ends(desk: Desk, clock: Clock) -> None:
    first = local_date(next_day(desk, clock))
    desk.accepted()
    days = ((first - timedelta(days=1), first, 1), (first, first + timedelta(days=1), 0))
    for since, until, count in days:
        assert len(decided(desk, since=since, until=until)) == count


def test_agency_is_named_as_on_the_last_day(desk: Desk, clock: Clock) -> None:
    first = local_date(next_day(desk, clock))
    desk.accepted()
    change_agency(
        desk.agency,
        code="POLIS",
        name_ms="Polis",
        name_en="Police",
        actor=desk.administrator,
        now=next_day(desk, clock),
    )
    assert [each.code for each in decided(desk, until=first)] == ["PDRM"]
    assert [each.code for each in decided(desk)] == ["POLIS"]


def test_another_cycle_has_its_own(desk: Desk, clock: Clock) -> None:
    other = make_item(make_cycle(2022))
    next_day(desk, clock)
    desk.accepted()
    services.override_item(
        other, status="done", percent=100, reason="Siap.", actor=desk.reviewer, now=desk.now
    )
    assert [each.kind for each in decided(desk)] == [DecisionKind.ACCEPTED]
    desk.cycle = other.cycle
    assert [each.kind for each in decided(desk)] == [DecisionKind.SET]


def test_readers_learn_what_the_rules_let_them(desk: Desk, clock: Clock) -> None:
    next_day(desk, clock)
    returned(desk)
    update = desk.assignment.open_update
    assert update is not None
    content = {"content": REPORTED, "revision": update.revision}
    again = services.submit_update(update, **content, actor=desk.officer, now=next_day(desk, clock))
    about: dict[str, Any] = {"actor": desk.reviewer, "now": desk.now}
    services.accept_update(again, status="progress", percent=30, reason="Separuh.", **about)
    for who, expected in (
        (
            "reviewer",
            [("returned", "Bukti tiada.", True), ("accepted", "Separuh.", True), ("set", "Tetap.", True)],
        ),
        (
            "officer",
            [("returned", "Bukti tiada.", True), ("accepted", "Separuh.", True), ("set", "Tetap.", False)],
        ),
        ("outsider", [("accepted", "", False), ("set", "Tetap.", False)]),
        ("observer", [("accepted", "", False), ("set", "Tetap.", False)]),
    ):
        services.override_item(desk.item, status="done", percent=100, reason="Tetap.", **about)

        found = decided(desk, getattr(desk, who))
        assert [(each.kind.value, each.reason, bool(each.by)) for each in found] == expected, (who, expected)


def test_above_the_clearance_only_the_verdict_is_told(desk: Desk, clock: Clock) -> None:
    next_day(desk, clock)
    secret = replace(REPORTED, classification=Clearance.CONFIDENTIAL)
    submission = desk.submission(secret)
    about: dict[str, Any] = {"actor": desk.reviewer, "now": desk.now}
    services.accept_update(submission, status="done", percent=100, reason="Sulit.", **about)
    next_day(desk, clock)
    returned(desk, classification=Clearance.CONFIDENTIAL)
    assert [(each.kind, each.reason) for each in decided(desk)] == [
        (DecisionKind.ACCEPTED, "Sulit."),
        (DecisionKind.RETURNED, "Bukti tiada."),
    ]
    desk.reviewer.clearance = Clearance.RESTRICTED
    assert [(each.kind, each.reason, each.by) for each in decided(desk)] == [(DecisionKind.ACCEPTED, "", "")]


def test_takes_three_queries_whatever_was_decided(desk: Desk, clock: Clock) -> None:
    for _count in range(2):
        next_day(desk, clock)
        desk.accepted()
        with CaptureQueriesContext(connection) as queries:
            assert decided(desk)
        assert len(queries) == 3


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=DAYS)
def test_decisions_of_any_history_are_those_that_were_made(
    desk: Desk, clock: Clock, days: list[list[tuple[str, int, str]]]
) -> None:
    """Each act is watched: what it decided, and the present state of its item before and after it."""
    with transaction.atomic():
        history = History(desk, [desk.agency, desk.other_agency, make_agency("JKM")])
        history.items = [desk.item, make_item(desk.cycle, kind=ItemKind.WEAKNESS)]
        watched: list[tuple[date, Any]] = []
        for number, acts in enumerate(days, 1):
            for minute, (name, index, status) in enumerate(acts):
                # Each act has its own moment, as in life: one instant for all would leave their order open.
                now = clock.move_to(NOW + timedelta(days=number, minutes=minute))
                seen = Watch(desk)
                history.act(name, index, status, now)
                watched += [(local_date(now), each) for each in seen.decisions()]
        clock.move_to(NOW + timedelta(days=len(days) + 1))
        whole = local_date(NOW)
        for since, until in ((whole, UNTIL), (whole + timedelta(days=2), whole + timedelta(days=4))):
            found = decided(desk, since=since, until=until)
            assert [seen_as(each) for each in found] == [
                each for day, each in watched if since < day <= until
            ]
        transaction.set_rollback(True)


def seen_as(decision: RecordedDecision) -> Any:
    verdicts = decision.verdict_before, decision.verdict_after
    return decision.kind, decision.item_id, decision.agency_id, decision.before, decision.after, *verdicts


class Watch:
    """What stood before an act, and what the act decided."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.before, self.verdicts = self._states(), self._verdicts()
        self.reviews = set(Review.objects.values_list("pk", flat=True))
        self.standing = {each.pk: each for each in ItemOverride.objects.standing()}

    def _states(self) -> dict[int, DecidedStatus]:
        items = state_of_cycle(self.desk.cycle, user=self.desk.reviewer).items
        return {
            row.item_id: DecidedStatus(row.state.status, row.state.percent, row.state.override is not None)
            for row in items
        }

    def _verdicts(self) -> dict[int, DecidedStatus]:
        rows = Assignment.objects.select_related("outcome")
        return {
            row.pk: DecidedStatus(row.outcome.status, row.outcome.percent)
            if row.outcome.verdict_id
            else NOTHING
            for row in rows
        }

    def decisions(self) -> list[Any]:
        after, verdicts = self._states(), self._verdicts()
        made: list[Any] = []
        for review in Review.objects.exclude(pk__in=self.reviews).order_by("pk"):
            accepted = DecisionKind.CORRECTED if review.supersedes_id else DecisionKind.ACCEPTED
            kind = accepted if review.decision == Decision.ACCEPT else DecisionKind.RETURNED
            around = self.before[review.item_id], after[review.item_id]
            own = self.verdicts[review.assignment_id], verdicts[review.assignment_id]
            made.append((kind, review.item_id, review.assignment.agency_id, *around, *own))
        standing = {each.pk: each for each in ItemOverride.objects.standing()}
        begun = [each for pk, each in standing.items() if pk not in self.standing]
        replaced = {each.replaces_id for each in begun}
        ended = [each for pk, each in self.standing.items() if pk not in standing and pk not in replaced]
        for kind, changed in ((DecisionKind.SET, begun), (DecisionKind.ENDED, ended)):
            for each in changed:
                made.append(
                    (kind, each.item_id, None, self.before[each.item_id], after[each.item_id], None, None)
                )
        return made
