"""A calendar over months: dates move, are settled and come back, and subscribed programs can follow."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from cycles.services import CycleSettings, change_cycle, close_cycle, reopen_cycle
from imports.services.reviews import return_opening
from imports.services.sending import reopen_opening
from recommendations.models import Assignment
from recommendations.services import (
    accept_update,
    answer_request,
    ask_later_date,
    assign_agency,
    cancel_action,
    change_assignment,
    end_assignment,
    finish_action,
    plan_action,
    return_update,
    submit_update,
    supersede_verdict,
    withdraw_update,
)
from recommendations.states import Status
from reminders.models import Reminder
from reminders.services.planning import plan
from tests.factories.accounts import set_clearance
from tests.factories.recommendations import REPORTED, make_item, make_submission
from tests.factories.reminders import make_rule
from tests.imports.openings import sent
from tests.recommendations.conftest import Desk
from tests.reminders.feeds import Days, Seen, Subscriber, days, fetch, keys, named

__all__ = ["days", "named"]

KL = ZoneInfo("Asia/Kuala_Lumpur")


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
    assert fetch(desk.officer)["ETag"] != response["ETag"]


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
    coordinator = Subscriber(desk.coordinator)
    before = coordinator.days()
    close_cycle(desk.cycle, reason="Tamat.", actor=desk.administrator, now=days.go())
    assert before and coordinator.days() == {}
    assert all(not event.stands for calendar in calendars for event in calendar.look().values())
    reopen_cycle(desk.cycle, reason="Silap", actor=desk.administrator, now=days.go())
    assert all(of_cycle(calendar.look()) == expected for calendar in calendars)
    assert calendars[2].days() == {}, "the officer is not named, and the agency has a coordinator"
    assert coordinator.days() == before
    close_cycle(desk.cycle, reason="Tamat.", actor=desk.administrator, now=days.go())
    days.go(61)
    assert all(calendar.look() == {} for calendar in calendars)


def test_returned_import_has_one_date_at_the_first_of_its_items(desk: Desk, days: Days) -> None:
    second = assign_agency(
        make_item(desk.cycle, number=2),
        agency=desk.agency,
        role="lead",
        actor=desk.administrator,
        now=days.go(),
    )
    calendar = Subscriber(desk.coordinator)
    opening = sent(
        desk.cycle,
        desk.agency,
        {"item": "Recommendation 2"},
        {"item": "Recommendation 1", "reported_on": "2023-07-04"},
        {"item": "Recommendation 2", "reported_on": "2023-06-05"},
        actor=desk.officer,
        now=days.go(),
    )
    assert calendar.days().keys() == {keys(desk.assignment)[2], keys(second)[2]}
    return_opening(opening, reason="Bukti", resubmit_by=date(2023, 10, 2), actor=desk.reviewer, now=days.go())
    resubmit = keys(desk.assignment)[1]
    assert calendar.days() == {
        keys(desk.assignment)[2]: date(2024, 3, 31),
        keys(second)[2]: date(2024, 3, 31),
        resubmit: date(2023, 10, 2),
    }
    reopen_opening(opening, actor=desk.officer, now=days.go())
    assert not calendar.look()[resubmit].stands
    assert calendar.days()[keys(desk.assignment)[0]] == date(2023, 10, 2)


def test_date_of_a_returned_import_moves_on_when_the_first_of_its_assignments_ends(
    desk: Desk, days: Days
) -> None:
    about = {"role": "lead", "actor": desk.administrator}
    second, third = (
        assign_agency(make_item(desk.cycle, number=number), agency=desk.agency, now=days.go(), **about)
        for number in (2, 3)
    )
    changes = [{"item": f"Recommendation {number}"} for number in (1, 2, 3)]
    opening = sent(desk.cycle, desk.agency, *changes, actor=desk.officer, now=days.go())
    return_opening(opening, reason="Bukti", resubmit_by=date(2023, 10, 2), actor=desk.reviewer, now=days.go())
    calendar, rule = Subscriber(desk.coordinator), make_rule(desk.cycle, "resubmit_due", first_days=-20)

    def speakers() -> list[str]:
        """The dates to resubmit by in the calendar, which are those that planning reminds of."""
        found = [name for name in calendar.days() if name.startswith(rule.what)]
        plan(now=days.now)
        told = Reminder.objects.open().order_by("assignment").values_list("assignment", flat=True).distinct()
        assert found == [f"{rule.what}-{pk}" for pk in told]
        return found

    assert speakers() == [keys(desk.assignment)[1]]
    for ended, speaker in ((second, desk.assignment), (desk.assignment, third)):
        end_assignment(ended, reason="Tamat.", actor=desk.reviewer, now=days.go())
        assert speakers() == [keys(speaker)[1]]
    end_assignment(third, reason="Tamat.", actor=desk.reviewer, now=days.go())
    assert speakers() == []


def test_acts_of_one_instant_are_taken_in_the_order_of_the_house(
    desk: Desk, days: Days, named: Assignment
) -> None:
    calendar, now = Subscriber(desk.officer), days.go()
    submission = make_submission(named, actor=desk.officer, now=now)
    first = calendar.look()[keys(named)[2]].sequence
    about = {"reason": "Bukti", "resubmit_by": date(2023, 10, 2)}
    return_update(submission, actor=desk.reviewer, now=now, **about)
    assert keys(named)[1] in calendar.days()
    update = submission.update
    submit_update(update, content=REPORTED, revision=update.revision, actor=desk.officer, now=now)
    assert calendar.days().keys() == {keys(named)[2]}
    assert calendar.look()[keys(named)[2]].sequence >= first + 3


def test_what_concerns_no_date_changes_nothing(desk: Desk, days: Days, named: Assignment) -> None:
    before = [fetch(person).content for person in (desk.officer, desk.coordinator)]
    set_clearance(desk.colleague, clearance=2, actor=desk.administrator, now=days.go())
    set_clearance(desk.officer, clearance=2, actor=desk.administrator, now=days.go())
    wanted = CycleSettings(**(CycleSettings.of(desk.cycle).values | {"due_soon_days": 9}))
    change_cycle(
        desk.cycle,
        seen=CycleSettings.of(desk.cycle).mark,
        wanted=wanted,
        reason="Awal",
        actor=desk.administrator,
        now=days.go(),
    )
    assert [fetch(person).content for person in (desk.officer, desk.coordinator)] == before
