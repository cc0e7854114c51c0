"""A calendar over months: dates move, are settled and come back, and every program that subscribed can follow."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.models import StandIn, User
from accounts.services import (
    change_person,
    deactivate_person,
    move_person,
    name_acting,
    reactivate_person,
)
from recommendations.models import Assignment
from recommendations.services import (
    accept_update,
    answer_request,
    ask_later_date,
    assign_agency,
    cancel_action,
    change_assignment,
    close_cycle,
    end_assignment,
    finish_action,
    name_officers,
    plan_action,
    reopen_cycle,
    return_update,
    submit_update,
    withdraw_update,
)
from recommendations.services.cycles import CycleSettings, change_cycle
from recommendations.states import Status
from tests.conftest import Clock
from tests.factories.recommendations import REPORTED, make_item, make_submission
from tests.recommendations.conftest import Desk
from tests.reminders.feeds import Seen, Subscriber, fetch

KL = ZoneInfo("Asia/Kuala_Lumpur")


class Days:
    """The clock, a day at a time."""

    def __init__(self, clock: Clock, now: datetime) -> None:
        self._clock = clock
        self.now = now

    def go(self, days: int = 1) -> datetime:
        self.now = self._clock.move_to(self.now + timedelta(days=days))
        return self.now


@pytest.fixture
def days(clock: Clock, now: datetime) -> Days:
    return Days(clock, now)


@pytest.fixture
def named(desk: Desk, days: Days) -> Assignment:
    """The officer is named for the assignment of the desk."""
    return name_officers(desk.assignment, officers=[desk.officer], actor=desk.coordinator, now=days.go())


def keys(assignment: Assignment) -> tuple[str, str, str]:
    pk = assignment.pk
    return f"update_due-{pk}", f"resubmit_due-{pk}", f"final_due-{pk}"


def test_update_due_moves_through_a_year(desk: Desk, days: Days, named: Assignment) -> None:
    calendar = Subscriber(desk.officer)
    update, resubmit, final = keys(named)
    assert calendar.days() == {update: date(2023, 10, 14), final: date(2024, 3, 31)}
    request = ask_later_date(
        named, reason="Cuti", proposed_on=date(2023, 10, 20), actor=desk.officer, now=days.go()
    )
    assert calendar.days()[update] == date(2023, 10, 14)
    answer_request(request, grant=True, actor=desk.reviewer, now=days.go())
    assert calendar.days()[update] == date(2023, 10, 20)
    submission = make_submission(named, actor=desk.officer, now=days.go())
    assert not calendar.look()[update].stands
    assert calendar.days() == {final: date(2024, 3, 31)}
    return_update(
        submission, reason="Bukti", resubmit_by=date(2023, 10, 2), actor=desk.reviewer, now=days.go()
    )
    assert calendar.days() == {resubmit: date(2023, 10, 2), final: date(2024, 3, 31)}
    change_assignment(
        named,
        role=named.role,
        due_on=date(2024, 2, 1),
        cadence_days=None,
        next_due_on=date(2023, 10, 9),
        actor=desk.reviewer,
        now=days.go(),
    )
    assert calendar.days() == {resubmit: date(2023, 10, 9), final: date(2024, 2, 1)}
    again = submit_update(
        submission.update,
        content=REPORTED,
        revision=submission.update.revision,
        actor=desk.officer,
        now=days.go(),
    )
    assert calendar.days() == {final: date(2024, 2, 1)}
    review = accept_update(again, status=Status.PROGRESS, percent=40, actor=desk.reviewer, now=days.go())
    assert calendar.days() == {
        update: review.decided_at.astimezone(KL).date() + timedelta(days=30),
        final: date(2024, 2, 1),
    }
    assert not calendar.look()[resubmit].stands


def test_withdrawn_update_brings_its_date_back(desk: Desk, days: Days, named: Assignment) -> None:
    calendar, update = Subscriber(desk.officer), keys(named)[0]
    before = calendar.look()[update]
    submission = make_submission(named, actor=desk.officer, now=days.go())
    off = calendar.look()[update]
    assert (off.stands, off.day) == (False, before.day)
    withdraw_update(submission.update, actor=desk.officer, now=days.go())
    back = calendar.look()[update]
    assert (back.stands, back.day) == (True, before.day)
    assert before.sequence < off.sequence < back.sequence


def test_completed_assignment_has_no_final_date_until_it_is_taken_back(
    desk: Desk, days: Days, named: Assignment
) -> None:
    from recommendations.services import supersede_verdict

    calendar, final = Subscriber(desk.officer), keys(named)[2]
    calendar.look()
    submission = make_submission(named, actor=desk.officer, now=days.go())
    review = accept_update(
        submission, status=Status.DONE, percent=100, reason="Ya", actor=desk.reviewer, now=days.go()
    )
    assert not calendar.look()[final].stands
    supersede_verdict(
        review, status=Status.PROGRESS, percent=90, reason="Silap", actor=desk.reviewer, now=days.go()
    )
    assert calendar.look()[final].stands


def test_cancellations_fall_out_after_sixty_days(desk: Desk, days: Days, named: Assignment) -> None:
    calendar, update = Subscriber(desk.officer), keys(named)[0]
    calendar.look()
    make_submission(named, actor=desk.officer, now=days.go())
    days.go(59)
    assert not calendar.look()[update].stands
    response = fetch(desk.officer)
    days.go(2)
    assert update not in calendar.look()
    later = fetch(desk.officer)
    assert later["Last-Modified"] != response["Last-Modified"]
    assert later["ETag"] != response["ETag"]


def test_ended_assignment_takes_all_its_dates_along(desk: Desk, days: Days, named: Assignment) -> None:
    calendar = Subscriber(desk.officer)
    action = plan_action(
        named, text="Rahsia", owner=desk.officer, due_on=date(2023, 11, 1), actor=desk.officer, now=days.go()
    )
    assert calendar.days()[f"action_due-{action.pk}"] == date(2023, 11, 1)
    end_assignment(named, reason="Tamat", actor=desk.reviewer, now=days.go())
    assert calendar.days() == {}
    events = calendar.look()
    assert not any(events[key].stands for key in (keys(named)[0], keys(named)[2], f"action_due-{action.pk}"))


def test_steps_are_settled_when_done_or_given_up(desk: Desk, days: Days, named: Assignment) -> None:
    calendar = Subscriber(desk.officer)
    about = {"owner": desk.officer, "due_on": date(2023, 11, 1), "actor": desk.officer}
    done = plan_action(named, text="Satu", now=days.go(), **about)
    dropped = plan_action(named, text="Dua", now=days.go(), **about)
    assert {f"action_due-{done.pk}", f"action_due-{dropped.pk}"} <= calendar.days().keys()
    days.go(90)
    finish_action(done, done_on=date(2023, 9, 20), actor=desk.officer, now=days.now)
    cancel_action(dropped, reason="Tidak perlu", actor=desk.officer, now=days.now)
    events = calendar.look()
    assert not events[f"action_due-{done.pk}"].stands, "though it was done long before it was said"
    assert not events[f"action_due-{dropped.pk}"].stands


def test_who_is_named_no_longer_has_it_cancelled_and_the_next_one_has_it(
    desk: Desk, days: Days, named: Assignment
) -> None:
    first, second = Subscriber(desk.officer), Subscriber(desk.colleague)
    update = keys(named)[0]
    assert first.look()[update].stands and update not in second.look()
    name_officers(named, officers=[desk.colleague], actor=desk.coordinator, now=days.go())
    off = first.look()[update]
    assert not off.stands and off.summary == second.look()[update].summary
    assert second.look()[update].stands
    name_officers(named, officers=[desk.officer, desk.colleague], actor=desk.coordinator, now=days.go())
    assert first.look()[update].stands and second.look()[update].stands


def test_coordinator_and_acting_officer_have_all_of_the_agency(
    desk: Desk, days: Days, named: Assignment
) -> None:
    update = keys(named)[0]
    coordinator, colleague = Subscriber(desk.coordinator), Subscriber(desk.colleague)
    assert coordinator.look()[update].stands
    assert update not in colleague.look()
    name_acting(desk.colleague, is_acting=True, actor=desk.coordinator, now=days.go())
    assert colleague.look()[update].stands
    name_acting(desk.colleague, is_acting=False, actor=desk.coordinator, now=days.go())
    assert not colleague.look()[update].stands


def test_where_nobody_named_can_act_it_falls_to_coordinators_then_to_all(
    desk: Desk, days: Days, named: Assignment
) -> None:
    colleague, update = Subscriber(desk.colleague), keys(named)[0]
    deactivate_person(desk.officer, reason="Bersara", actor=desk.administrator, now=days.go())
    assert update not in colleague.look(), "a coordinator is there"
    deactivate_person(desk.coordinator, reason="Bersara", actor=desk.administrator, now=days.go())
    assert colleague.look()[update].stands
    reactivate_person(desk.officer, reason="Kembali", actor=desk.administrator, now=days.go())
    assert not colleague.look()[update].stands
    assert Subscriber(desk.officer).look()[update].stands


def test_moved_person_has_the_new_agency_alone(desk: Desk, days: Days, named: Assignment) -> None:
    other = assign_agency(
        make_item(desk.cycle, number=2),
        agency=desk.other_agency,
        role="lead",
        actor=desk.administrator,
        now=days.go(),
    )
    calendar, update = Subscriber(desk.officer), keys(named)[0]
    known = calendar.look()[update]
    move_person(desk.officer, agency=desk.other_agency, actor=desk.administrator, now=days.go())
    moved = calendar.look()[update]
    assert (moved.day, moved.status, moved.summary) == (known.day, "CANCELLED", "Bukan lagi tarikh anda")
    body = fetch(desk.officer).content.decode()
    assert "Syor 1" not in body and f"/assignments/{named.pk}/" not in body
    assert calendar.days().keys() == {f"update_due-{other.pk}", f"final_due-{other.pk}"}
    change_assignment(
        named,
        role=named.role,
        due_on=date(2024, 1, 5),
        cadence_days=None,
        next_due_on=date(2023, 12, 24),
        actor=desk.reviewer,
        now=days.go(),
    )
    make_submission(named, actor=desk.colleague, now=days.go())
    assert calendar.look()[update] == moved, "what happens there is none of their business any more"
    move_person(desk.officer, agency=desk.agency, actor=desk.administrator, now=days.go())
    assert calendar.look()[keys(named)[2]].day == date(2024, 1, 5)


def test_officer_who_becomes_a_reviewer_keeps_the_dates_of_the_cycle(
    desk: Desk, days: Days, named: Assignment
) -> None:
    calendar = Subscriber(desk.officer)
    calendar.look()
    change_person(
        desk.officer, name="X", role="reviewer", clearance=2, actor=desk.administrator, now=days.go()
    )
    assert calendar.days() == {}
    assert sum(event.stands for event in calendar.look().values()) == 3


def test_stand_in_has_it_while_standing_in(desk: Desk, days: Days, named: Assignment) -> None:
    calendar, update = Subscriber(desk.colleague), keys(named)[0]
    StandIn.objects.create(
        absent=desk.officer,
        colleague=desk.colleague,
        from_on=date(2023, 9, 18),
        until_on=date(2023, 9, 20),
        named_by=desk.coordinator,
        named_at=days.go(),
    )
    assert update not in calendar.look(), "it has not begun"
    days.go(2)
    assert calendar.look()[update].stands
    days.go(3)
    assert not calendar.look()[update].stands


def test_stand_in_who_was_relieved_has_it_no_longer(desk: Desk, days: Days, named: Assignment) -> None:
    calendar, update = Subscriber(desk.colleague), keys(named)[0]
    row = StandIn.objects.create(
        absent=desk.officer,
        colleague=desk.colleague,
        from_on=date(2023, 9, 1),
        until_on=date(2023, 12, 1),
        named_by=desk.coordinator,
        named_at=days.go(),
    )
    assert calendar.look()[update].stands
    row.ended_at, row.ended_by = days.go(), desk.coordinator
    row.save()
    assert not calendar.look()[update].stands


def of_cycle(events: dict[str, Seen]) -> dict[str, tuple[date, bool]]:
    names = ("interim", "window_end", "submission")
    return {
        name.partition("-")[0]: (event.day, event.stands)
        for name, event in events.items()
        if name.startswith(names)
    }


def test_dates_of_the_cycle_move_close_and_open(desk: Desk, days: Days) -> None:
    calendars = [Subscriber(person) for person in (desk.observer, desk.reviewer, desk.officer)]
    expected = {
        "interim": (date(2023, 9, 30), True),
        "window_end": (date(2024, 3, 31), True),
        "submission": (date(2024, 2, 1), True),
    }
    assert all(of_cycle(calendar.look()) == expected for calendar in calendars)
    wanted = CycleSettings(**(CycleSettings.of(desk.cycle).values | {"interim_on": date(2023, 10, 31)}))
    change_cycle(
        desk.cycle,
        seen=CycleSettings.of(desk.cycle).mark,
        wanted=wanted,
        reason="Ditunda",
        actor=desk.administrator,
        now=days.go(),
    )
    expected["interim"] = (date(2023, 10, 31), True)
    assert all(of_cycle(calendar.look()) == expected for calendar in calendars)
    close_cycle(desk.cycle, actor=desk.administrator, now=days.go())
    assert all(not event.stands for calendar in calendars for event in calendar.look().values())
    reopen_cycle(desk.cycle, reason="Silap", actor=desk.administrator, now=days.go())
    assert all(of_cycle(calendar.look()) == expected for calendar in calendars)
    assert calendars[2].days() == {}, "the officer is not named, and the agency has a coordinator"
    close_cycle(desk.cycle, actor=desk.administrator, now=days.go())
    days.go(61)
    assert all(calendar.look() == {} for calendar in calendars)


def test_suggestion_is_nobodys_date(desk: Desk, days: Days) -> None:
    from recommendations.services import confirm_assignment, suggest_assignment

    calendar = Subscriber(desk.coordinator)
    suggested = suggest_assignment(
        make_item(desk.cycle, number=7), agency=desk.agency, role="lead", actor=None, now=days.go()
    )
    assert not [name for name in calendar.look() if name.endswith(f"_due-{suggested.pk}")]
    confirm_assignment(suggested, actor=desk.reviewer, now=days.go())
    assert calendar.look()[keys(suggested)[0]].stands


def test_people_who_have_not_joined_do_not_count(desk: Desk, days: Days, named: Assignment) -> None:
    colleague = Subscriber(desk.colleague)
    User.objects.filter(pk__in=[desk.officer.pk, desk.coordinator.pk]).update(joined_at=None)
    assert colleague.look()[keys(named)[0]].stands
    User.objects.filter(pk=desk.coordinator.pk).update(joined_at=days.go())
    assert not colleague.look()[keys(named)[0]].stands
