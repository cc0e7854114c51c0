"""MAPO's steering, and what agencies ask."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from audit.errors import DomainError, NotAllowed, NotNow
from audit.models import Event
from recommendations.models import Assignment, Review, Update
from recommendations.services import (
    answer_request,
    assign_agency,
    change_assignment,
    confirm_assignment,
    confirm_suggestions,
    decline_assignment,
    end_assignment,
    finish_action,
    name_officers,
    plan_action,
    save_update,
    submit_update,
    suggest_assignment,
)
from recommendations.states import AssignmentRole, ItemKind, Stage
from tests.conftest import NOW, Clock, WorkerDatabase
from tests.factories.accounts import UserFactory, make_agency
from tests.factories.recommendations import REPORTED, make_item
from tests.recommendations.conftest import Desk, make_desk


def suggested(desk: Desk, *, role: str = AssignmentRole.SUPPORT) -> Assignment:
    """MPOB as a suggestion on the desk's item."""
    return suggest_assignment(desk.item, agency=desk.other_agency, role=role, actor=None, now=desk.now)


class TestSuggestion:
    def test_suggestion_takes_no_update_and_gives_no_sight(self, desk: Desk, now: datetime) -> None:
        desk.accepted()
        assignment = suggested(desk)
        with pytest.raises(NotAllowed):
            save_update(
                Update(assignment=assignment), content=REPORTED, revision=0, actor=desk.outsider, now=now
            )
        assert not Assignment.objects.visible_to(desk.outsider).filter(pk=assignment.pk).exists()
        assert Assignment.objects.visible_to(desk.reviewer).filter(pk=assignment.pk).exists()
        assert not Review.objects.with_narrative_for(desk.outsider).exists()

    def test_suggestion_is_no_business_of_its_agency_in_the_log(self, desk: Desk, now: datetime) -> None:
        assignment = suggested(desk)
        end_assignment(assignment, actor=desk.reviewer, now=now)
        events = Event.objects.filter(object_id=str(assignment.pk), object_type="recommendations.Assignment")
        assert [event.agency_id for event in events] == [None, None]
        assert not Assignment.objects.visible_to(desk.outsider).filter(pk=assignment.pk).exists()

    def test_confirm_assignment_puts_it_in_force_with_dates(self, desk: Desk, now: datetime) -> None:
        assignment = confirm_assignment(suggested(desk), actor=desk.reviewer, now=now)
        assert assignment.is_confirmed
        assert (assignment.due_on, assignment.next_due_on) == (date(2024, 3, 31), date(2023, 10, 14))
        assert confirm_assignment(assignment, actor=desk.reviewer, now=now) == assignment
        assert Event.objects.filter(action="assignment.confirmed").count() == 1

    def test_confirm_assignment_refused_to_agencies(self, desk: Desk, now: datetime) -> None:
        assignment = suggested(desk)
        for person in (desk.officer, desk.coordinator, desk.outsider, desk.observer):
            with pytest.raises(NotAllowed):
                confirm_assignment(assignment, actor=person, now=now)

    def test_confirm_suggestions_is_all_or_nothing(self, desk: Desk, now: datetime) -> None:
        suggested(desk, role=AssignmentRole.LEAD)
        second = make_item(desk.cycle, number=2)
        suggest_assignment(second, agency=desk.agency, role=AssignmentRole.LEAD, actor=None, now=now)
        with pytest.raises(NotNow), transaction.atomic():
            confirm_suggestions([second, desk.item], actor=desk.reviewer, now=now)
        assert not Assignment.objects.in_force().filter(item=second).exists()


class TestChange:
    def test_change_assignment_leaves_the_role_in_force_to_its_own_act(
        self, desk: Desk, now: datetime
    ) -> None:
        with pytest.raises(NotNow, match="dengan sebab"):
            change_assignment(
                desk.assignment,
                role=AssignmentRole.SUPPORT,
                due_on=None,
                cadence_days=14,
                next_due_on=None,
                actor=desk.reviewer,
                now=now,
            )
        desk.assignment.refresh_from_db()
        assert (desk.assignment.role, desk.assignment.cadence_days) == ("lead", None)

    def test_change_assignment_lets_another_agency_be_suggested_as_lead(
        self, desk: Desk, now: datetime
    ) -> None:
        first = suggested(desk, role=AssignmentRole.LEAD)
        about: dict[str, Any] = {"actor": desk.reviewer, "now": now}
        second = suggest_assignment(
            desk.item, agency=make_agency("MOT"), role=AssignmentRole.SUPPORT, **about
        )
        terms = dict.fromkeys(("due_on", "cadence_days", "next_due_on"))
        change_assignment(second, role=AssignmentRole.LEAD, **terms, **about)
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.role, second.role) == ("support", "lead")

    def test_assign_agency_refuses_a_second_lead_and_a_second_time(self, desk: Desk, now: datetime) -> None:
        for agency in (desk.other_agency, desk.agency):
            with pytest.raises(NotNow):
                assign_agency(
                    desk.item, agency=agency, role=AssignmentRole.LEAD, actor=desk.reviewer, now=now
                )

    def test_assign_agency_refuses_achievements_and_inactive_agencies(
        self, desk: Desk, now: datetime
    ) -> None:
        achievement = make_item(desk.cycle, kind=ItemKind.ACHIEVEMENT)
        asleep = make_agency("LAMA", is_active=False)
        for item, agency in ((achievement, desk.other_agency), (make_item(desk.cycle, number=2), asleep)):
            with pytest.raises(NotNow):
                assign_agency(item, agency=agency, role=AssignmentRole.LEAD, actor=desk.reviewer, now=now)

    def test_name_officers_only_active_people_of_the_agency(self, desk: Desk, now: datetime) -> None:
        name_officers(desk.assignment, officers=[desk.officer], actor=desk.coordinator, now=now)
        assert list(desk.assignment.officers.all()) == [desk.officer]
        with pytest.raises(NotNow):
            name_officers(desk.assignment, officers=[desk.outsider], actor=desk.reviewer, now=now)
        with pytest.raises(NotAllowed):
            name_officers(desk.assignment, officers=[desk.officer], actor=desk.officer, now=now)
        name_officers(desk.assignment, officers=[], actor=desk.reviewer, now=now)
        assert not desk.assignment.officers.exists()


class TestEnd:
    def test_end_assignment_takes_reading_and_reporting_but_not_history(
        self, desk: Desk, now: datetime
    ) -> None:
        review = desk.accepted()
        other = assign_agency(
            desk.item, agency=desk.other_agency, role=AssignmentRole.SUPPORT, actor=desk.reviewer, now=now
        )
        assert Review.objects.with_narrative_for(desk.outsider).filter(pk=review.pk).exists()
        end_assignment(other, reason="Tidak terlibat.", actor=desk.reviewer, now=now)
        assert not Review.objects.with_narrative_for(desk.outsider).filter(pk=review.pk).exists()
        with pytest.raises(NotNow):
            save_update(Update(assignment=other), content=REPORTED, revision=0, actor=desk.outsider, now=now)
        end_assignment(desk.assignment, reason="Tamat.", actor=desk.reviewer, now=now)
        assert Review.objects.with_narrative_for(desk.officer).filter(pk=review.pk).exists()
        assert Update.objects.visible_to(desk.officer).exists()

    def test_end_assignment_needs_a_reason_and_no_waiting_update(self, desk: Desk, now: datetime) -> None:
        with pytest.raises(NotNow):
            end_assignment(desk.assignment, actor=desk.reviewer, now=now)
        desk.submission()
        with pytest.raises(NotNow):
            end_assignment(desk.assignment, reason="Tamat.", actor=desk.reviewer, now=now)

    def test_draft_cannot_be_sent_once_the_assignment_ended(self, desk: Desk, now: datetime) -> None:
        draft = desk.draft()
        end_assignment(desk.assignment, reason="Tamat.", actor=desk.reviewer, now=now)
        with pytest.raises(NotNow):
            submit_update(draft, content=REPORTED, revision=draft.revision, actor=desk.officer, now=now)


class TestRequests:
    def test_requests_refused_to_others(self, desk: Desk, now: datetime) -> None:
        for person in (desk.outsider, desk.reviewer, desk.observer):
            with pytest.raises(NotAllowed):
                decline_assignment(desk.assignment, reason="x", actor=person, now=now)
        request = decline_assignment(desk.assignment, reason="x", actor=desk.officer, now=now)
        for person in (desk.officer, desk.outsider, desk.observer):
            with pytest.raises(NotAllowed):
                answer_request(request, grant=True, actor=person, now=now)


class TestActions:
    def test_plan_action_refuses_strangers_and_future_done_days(self, desk: Desk, now: datetime) -> None:
        due = date(2023, 10, 1)
        with pytest.raises(NotNow):
            plan_action(
                desk.assignment, text="x", owner=desk.outsider, due_on=due, actor=desk.officer, now=now
            )
        for person in (desk.outsider, desk.reviewer, desk.observer):
            with pytest.raises(NotAllowed):
                plan_action(desk.assignment, text="x", owner=desk.officer, due_on=due, actor=person, now=now)
        action = plan_action(
            desk.assignment, text="x", owner=desk.officer, due_on=due, actor=desk.officer, now=now
        )
        with pytest.raises(NotNow):
            finish_action(action, done_on=now.date() + timedelta(days=1), actor=desk.officer, now=now)


class TestPast:
    def test_every_change_of_an_assignment_keeps_its_past(self, desk: Desk, clock: Clock) -> None:
        later = clock.move_to(NOW + timedelta(days=10))
        end_assignment(desk.assignment, reason="Tamat.", actor=desk.reviewer, now=later)
        between = NOW + timedelta(days=1)
        version = desk.assignment.versions.as_at(between).get()
        assert version.stage == Stage.CONFIRMED
        assert desk.assignment.versions.current().get().stage == Stage.ENDED

    def test_web_role_cannot_write_the_past(self, desk: Desk, now: datetime) -> None:
        for statement in (
            "UPDATE recommendations_assignmentversion SET stage = 'ended'",
            "DELETE FROM recommendations_assignmentversion",
            "TRUNCATE recommendations_assignmentversion",
        ):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)


def test_two_leads_at_once_one_wins(real_db: WorkerDatabase, clock: Clock) -> None:
    desk = make_desk(clock.move_to(NOW))
    item = make_item(desk.cycle, number=2)
    agencies = [make_agency(f"A{number}") for number in range(4)]
    actors = [UserFactory(role="reviewer", agency=desk.reviewer.agency) for _ in agencies]

    def assign(pair: tuple[object, object]) -> str:
        agency, actor = pair
        try:
            assign_agency(item, agency=agency, role=AssignmentRole.LEAD, actor=actor, now=desk.now)
        except DomainError:
            return "refused"
        finally:
            connection.close()
        return "assigned"

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(assign, zip(agencies, actors, strict=True)))
    assert outcomes == ["assigned", "refused", "refused", "refused"]
