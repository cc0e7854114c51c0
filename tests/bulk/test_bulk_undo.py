"""Undo of a bulk act: a compensating act, whole or not at all, refused once later changes depend on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from audit.errors import NotAllowed, NotNow
from audit.models import Event
from bulk.models import BulkAct
from bulk.services.orders import Assign, Confirm, TurnDown
from bulk.services.undo import BuiltUpon, undo_bulk
from recommendations import services
from recommendations.models import Assignment, Cycle
from recommendations.states import AssignmentRole, Stage
from tests.bulk.test_bulk_acts import LATER, apply, dates_of, in_force, move, suggest
from tests.conftest import NOW, Clock
from tests.factories.accounts import make_agency
from tests.factories.recommendations import REPORTED, make_draft, make_item
from tests.recommendations.conftest import Desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def undo(desk: Desk, act: BulkAct) -> BulkAct:
    return undo_bulk(act, actor=desk.second_reviewer, now=desk.now)


class TestUndo:
    def test_undo_of_moved_dates_gives_each_its_own_date_back(self, desk: Desk) -> None:
        rows = in_force(desk, 5)
        Assignment.objects.filter(pk=rows[0].pk).update(next_due_on=date(2023, 9, 10))
        act = undo(desk, apply(desk, move(rows)))
        assert dates_of(rows) == [date(2023, 9, 10), *[date(2023, 10, 14)] * 4]
        assert Event.objects.filter(action="assignment.move_undone").count() == 5
        assert (act.undone_by, act.undone_at) == (desk.second_reviewer, desk.now)

    def test_undo_gives_a_date_back_that_is_over_by_then(self, desk: Desk, clock: Clock) -> None:
        act = apply(desk, move([desk.assignment]))
        later = clock.move_to(NOW + timedelta(days=40))
        undo_bulk(act, actor=desk.reviewer, now=later)
        assert dates_of([desk.assignment]) == [date(2023, 10, 14)]

    def test_undo_of_turning_down_lets_the_suggestion_stand_again(self, desk: Desk) -> None:
        suggestion = suggest(desk, number=2, role=AssignmentRole.LEAD)
        undo(desk, apply(desk, TurnDown(chosen=(suggestion.pk,))))
        suggestion.refresh_from_db()
        assert (suggestion.stage, suggestion.ended_reason) == (Stage.SUGGESTED, "")
        event = Event.objects.get(action="assignment.turning_down_undone")
        assert event.agency_id is None

    def test_undo_of_confirming_ends_it_and_suggests_anew(self, desk: Desk, clock: Clock) -> None:
        suggestion = suggest(desk, number=2)
        Assignment.objects.filter(pk=suggestion.pk).update(cadence_days=14, due_on=LATER)
        act = apply(desk, Confirm(chosen=(suggestion.pk,)))
        later = clock.move_to(NOW + timedelta(days=3))
        undo_bulk(act, actor=desk.reviewer, now=later)
        suggestion.refresh_from_db()
        assert suggestion.stage == Stage.ENDED and suggestion.ended_reason
        anew = Assignment.objects.get(item=suggestion.item, stage=Stage.SUGGESTED)
        assert (anew.agency, anew.role, anew.cadence_days, anew.due_on) == (
            suggestion.agency,
            suggestion.role,
            14,
            LATER,
        )
        assert suggestion.versions.as_at(NOW + timedelta(days=1)).get().stage == Stage.CONFIRMED
        assert not Assignment.objects.visible_to(desk.outsider).filter(pk=anew.pk).exists()
        assert Event.objects.filter(action="assignment.confirmation_undone").count() == 1

    def test_undo_of_assigning_ends_what_was_made(self, desk: Desk) -> None:
        item = make_item(desk.cycle, number=2)
        order = Assign(places=((item.pk, desk.other_agency.pk),), role=AssignmentRole.LEAD)
        undo(desk, apply(desk, order))
        made = Assignment.objects.get(item=item)
        assert (made.stage, made.next_due_on) == (Stage.ENDED, None)
        assert Event.objects.filter(action="assignment.assigning_undone").count() == 1
        apply(desk, order)

    def test_undo_twice_undoes_once(self, desk: Desk) -> None:
        act = undo(desk, apply(desk, move([desk.assignment])))
        assert undo_bulk(act, actor=desk.reviewer, now=desk.now).undone_by == desk.second_reviewer
        assert Event.objects.filter(action="assignment.move_undone").count() == 1

    def test_an_act_after_an_undone_one_can_be_undone_too(self, desk: Desk) -> None:
        undo(desk, apply(desk, move([desk.assignment])))
        undo(desk, apply(desk, move([desk.assignment])))
        assert dates_of([desk.assignment]) == [date(2023, 10, 14)]


def _changed_again(desk: Desk) -> None:
    apply(desk, move([desk.assignment], to_day=LATER + timedelta(days=1)))


def _changed_and_changed_back(desk: Desk) -> None:
    undo(desk, apply(desk, move([desk.assignment], to_day=LATER + timedelta(days=1))))


def _asked(desk: Desk) -> None:
    services.decline_assignment(desk.assignment, reason="Bukan kami", actor=desk.officer, now=desk.now)


def _ended(desk: Desk) -> None:
    services.end_assignment(desk.assignment, reason="Pindah", actor=desk.reviewer, now=desk.now)


def _reported(desk: Desk) -> None:
    desk.submission()


def _drafted(desk: Desk) -> None:
    desk.draft()


class TestRefusal:
    @pytest.mark.parametrize(
        ("build", "told"),
        [
            (_changed_again, "it was changed again"),
            (_changed_and_changed_back, "it was changed again"),
            (_ended, "it was changed again"),
            (_drafted, "an update was started"),
            (_reported, "an update was started, an update was sent"),
            (_asked, "the agency asked MAPO"),
        ],
    )
    def test_undo_of_moved_dates_is_refused_once_something_was_built_on_one(
        self, desk: Desk, build: Callable[[Desk], None], told: str
    ) -> None:
        rows = in_force(desk, 2)
        act = apply(desk, move([*rows, desk.assignment]))
        build(desk)
        with pytest.raises(BuiltUpon) as refused:
            undo(desk, act)
        assert f"PDRM, Recommendation 1: {told}" in str(refused.value)
        assert "Recommendation 2" not in str(refused.value)
        assert dates_of(rows) == [LATER, LATER]
        act.refresh_from_db()
        assert act.undone_at is None

    def test_undo_is_refused_when_a_draft_of_before_was_sent_since(self, desk: Desk) -> None:
        draft = desk.draft()
        act = apply(desk, move([desk.assignment]))
        undo(desk, act)
        again = apply(desk, move([desk.assignment]))
        services.submit_update(
            draft,
            content=REPORTED,
            revision=draft.revision,
            actor=desk.officer,
            now=desk.now,
        )
        with pytest.raises(BuiltUpon, match="an update was sent"):
            undo(desk, again)

    def test_undo_of_moved_dates_is_refused_once_mapo_decided(self, desk: Desk) -> None:
        submission = desk.submission()
        act = apply(desk, move([desk.assignment]))
        services.accept_update(
            submission,
            status=submission.status,
            percent=submission.percent,
            actor=desk.reviewer,
            now=desk.now,
        )
        with pytest.raises(BuiltUpon, match="MAPO decided"):
            undo(desk, act)

    def test_undo_of_confirming_is_refused_once_officers_were_named(self, desk: Desk) -> None:
        suggestion = suggest(desk, number=2)
        act = apply(desk, Confirm(chosen=(suggestion.pk,)))
        services.name_officers(suggestion, officers=[desk.outsider], actor=desk.reviewer, now=desk.now)
        with pytest.raises(BuiltUpon, match="officers were named"):
            undo(desk, act)

    def test_undo_of_confirming_is_refused_once_a_draft_or_a_step_stands(self, desk: Desk) -> None:
        first, second = suggest(desk, number=2), suggest(desk, number=3)
        act = apply(desk, Confirm(chosen=(first.pk, second.pk)))
        make_draft(first, actor=desk.outsider, now=desk.now)
        services.plan_action(
            second, text="Kursus", owner=desk.outsider, due_on=LATER, actor=desk.outsider, now=desk.now
        )
        with pytest.raises(BuiltUpon) as refused:
            undo(desk, act)
        told = str(refused.value)
        assert "MPOB, Recommendation 2: an update was started" in told
        assert "MPOB, Recommendation 3: a step was planned" in told

    def test_undo_of_turning_down_is_refused_when_another_lead_is_suggested(self, desk: Desk) -> None:
        suggestion = suggest(desk, number=2, role=AssignmentRole.LEAD)
        act = apply(desk, TurnDown(chosen=(suggestion.pk,)))
        services.suggest_assignment(
            suggestion.item,
            agency=make_agency("JIM"),
            role=AssignmentRole.LEAD,
            actor=desk.reviewer,
            now=desk.now,
        )
        with pytest.raises(NotNow, match="already has a lead agency"):
            undo(desk, act)
        act.refresh_from_db()
        assert act.undone_at is None

    def test_undo_is_refused_in_a_closed_cycle(self, desk: Desk) -> None:
        act = apply(desk, move([desk.assignment]))
        Cycle.objects.update(closed_at=desk.now)
        with pytest.raises(NotNow, match="closed"):
            undo(desk, act)

    def test_only_mapo_undoes(self, desk: Desk) -> None:
        act = apply(desk, move([desk.assignment]))
        for person in (desk.officer, desk.coordinator, desk.outsider, desk.observer):
            with pytest.raises(NotAllowed):
                undo_bulk(act, actor=person, now=desk.now)
