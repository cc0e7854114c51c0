"""What becomes of reminders while dates, people, rules and updates change. One test for each rule."""

from __future__ import annotations

from datetime import date

from accounts.services.people import deactivate_person, move_person, reactivate_person
from cycles.services import close_cycle, reopen_cycle
from imports.services.reviews import return_opening
from recommendations.content import Content
from recommendations.models import Assignment, Update
from recommendations.services import (
    accept_update,
    answer_request,
    ask_later_date,
    end_assignment,
    enter_letter,
    finish_action,
    name_officers,
    plan_action,
    return_update,
    submit_update,
    withdraw_update,
)
from reminders.models import Preference, Reminder, ReminderRule
from tests.conftest import Clock
from tests.factories.recommendations import REPORTED, make_assignment, make_draft, make_item, make_submission
from tests.factories.reminders import make_rule
from tests.imports.openings import waiting
from tests.recommendations.conftest import Desk
from tests.reminders.steps import DAY, DUE, FRIDAY, MONDAY, at, due_on, planned, planned_on, rows, told


def test_due_date_that_moves_settles_what_was_said_of_the_old_one(named: Desk, clock: Clock) -> None:
    make_rule(named.cycle, "update_due", first_days=-3)
    planned_on(clock, FRIDAY)

    due_on(named.assignment, date(2023, 11, 1), named, at(FRIDAY))
    planned_on(clock, FRIDAY, hour=9)
    assert told(named.officer) == []

    planned_on(clock, date(2023, 10, 27))
    assert told(named.officer) == ["update_due -3"]
    assert Reminder.objects.open().get().due_on == date(2023, 11, 1)


def test_due_date_that_moves_back_lets_the_row_stand_again(named: Desk, clock: Clock) -> None:
    make_rule(named.cycle, "update_due", first_days=-3)
    planned_on(clock, FRIDAY)
    due_on(named.assignment, date(2023, 11, 1), named, at(FRIDAY))
    planned_on(clock, FRIDAY, hour=9)

    due_on(named.assignment, DUE, named, at(FRIDAY, 9))
    planned_on(clock, FRIDAY, hour=10)

    assert told(named.officer) == ["update_due -3"]
    assert Reminder.objects.count() == 1


def test_update_that_is_sent_settles_its_reminder_and_withdrawn_lets_it_stand_again(
    named: Desk, clock: Clock
) -> None:
    make_rule(named.cycle, "update_due")
    planned_on(clock, FRIDAY)
    submission = make_submission(named.assignment, actor=named.officer, now=at(FRIDAY))
    planned_on(clock, FRIDAY, hour=9)
    assert told(named.officer) == []

    withdraw_update(submission.update, actor=named.officer, now=at(FRIDAY, 9))
    planned_on(clock, FRIDAY, hour=10)

    assert told(named.officer) == ["update_due 0"]
    assert Reminder.objects.count() == 1


def test_draft_alone_settles_nothing(named: Desk, clock: Clock) -> None:
    make_rule(named.cycle, "update_due")
    make_draft(named.assignment, actor=named.officer, now=named.now)

    planned_on(clock, FRIDAY)

    assert told(named.officer) == ["update_due 0"]


def test_acceptance_begins_the_next_date(named: Desk, clock: Clock) -> None:
    make_rule(named.cycle, "update_due")
    planned_on(clock, FRIDAY)
    submission = make_submission(named.assignment, actor=named.officer, now=at(FRIDAY))
    accept_update(submission, status="progress", percent=40, actor=named.reviewer, now=at(FRIDAY))

    planned_on(clock, date(2023, 11, 10))

    assert told(named.officer) == ["update_due 0"]
    assert Reminder.objects.open().get().due_on == date(2023, 11, 12)


def test_assignment_that_ends_owes_nothing(named: Desk, clock: Clock) -> None:
    make_rule(named.cycle, "update_due")
    make_rule(named.cycle, "final_due", first_days=-90)
    planned_on(clock, date(2023, 11, 20))
    assert told(named.officer) == ["final_due -90", "update_due 0"]

    end_assignment(named.assignment, reason="Tamat.", actor=named.reviewer, now=at(date(2023, 11, 20)))
    planned_on(clock, date(2023, 11, 20), hour=9)

    assert told(named.officer) == []


def test_suggestion_owes_nothing(desk: Desk, clock: Clock) -> None:
    make_rule(desk.cycle, "update_due")
    Assignment.objects.create(
        item=make_item(desk.cycle, number=2), agency=desk.agency, role="lead", created_at=desk.now,
        next_due_on=FRIDAY,
    )  # fmt: skip
    due_on(desk.assignment, None, desk, desk.now)

    planned_on(clock, FRIDAY)

    assert Reminder.objects.count() == 0


def test_person_who_leaves_is_told_no_more_and_the_coordinator_is(named: Desk, clock: Clock) -> None:
    make_rule(named.cycle, "update_due")
    planned_on(clock, FRIDAY)
    about = {"actor": named.administrator, "reason": "Bersara."}

    deactivate_person(named.officer, now=at(FRIDAY), **about)
    planned_on(clock, FRIDAY, hour=9)
    assert (told(named.officer), told(named.coordinator)) == ([], ["update_due 0"])

    reactivate_person(named.officer, now=at(FRIDAY, 9), **about)
    planned_on(clock, FRIDAY, hour=10)
    assert (told(named.officer), told(named.coordinator)) == (["update_due 0"], [])


def test_person_who_moves_to_another_agency_leaves_its_matters_behind(named: Desk, clock: Clock) -> None:
    make_rule(named.cycle, "update_due")
    planned_on(clock, FRIDAY)

    move_person(named.officer, agency=named.other_agency, actor=named.administrator, now=at(FRIDAY))
    planned_on(clock, FRIDAY, hour=9)

    assert (told(named.officer), told(named.coordinator)) == ([], ["update_due 0"])


def test_officer_named_instead_is_told_instead(named: Desk, clock: Clock) -> None:
    make_rule(named.cycle, "update_due")
    planned_on(clock, FRIDAY)

    name_officers(named.assignment, officers=[named.colleague], actor=named.reviewer, now=at(FRIDAY))
    planned_on(clock, FRIDAY, hour=9)

    assert (told(named.officer), told(named.colleague)) == ([], ["update_due 0"])


def test_rule_that_is_switched_off_settles_what_it_said(named: Desk, clock: Clock) -> None:
    rule = make_rule(named.cycle, "update_due")
    make_rule(named.cycle, "final_due")
    planned_on(clock, FRIDAY)

    ReminderRule.objects.filter(pk=rule.pk).update(is_on=False)
    planned_on(clock, FRIDAY, hour=9)

    assert told(named.officer) == []


def test_closed_cycle_stops_and_a_reopened_one_goes_on(named: Desk, clock: Clock) -> None:
    make_rule(named.cycle, "update_due", every_days=1)
    planned_on(clock, FRIDAY)
    close_cycle(named.cycle, reason="Tamat.", actor=named.administrator, now=at(FRIDAY))

    planned_on(clock, MONDAY)
    assert told(named.officer) == []

    reopen_cycle(named.cycle, reason="Terlalu awal.", actor=named.administrator, now=at(MONDAY))
    planned_on(clock, MONDAY, hour=9)
    assert told(named.officer) == ["update_due 1"]


# What is owed while what is so


def test_returned_update_is_owed_twice_over_and_no_longer_as_due(named: Desk, clock: Clock) -> None:
    for what in ("update_due", "returned", "resubmit_due"):
        make_rule(named.cycle, what)
    submission = make_submission(named.assignment, actor=named.officer, now=named.now)
    now = clock.move_to(at(date(2023, 10, 2)))
    return_update(submission, reason="Kurang bukti.", resubmit_by=FRIDAY, actor=named.reviewer, now=now)
    planned(now)
    assert told(named.officer) == ["returned 0"]

    planned_on(clock, FRIDAY)
    assert told(named.officer) == ["resubmit_due 0", "returned 0"]

    update = Update.objects.get()
    submit_update(
        update, content=Content.of(update), revision=update.revision, actor=named.officer, now=at(FRIDAY)
    )
    planned_on(clock, FRIDAY, hour=9)
    assert told(named.officer) == []


def test_letter_that_mapo_entered_is_told_while_it_waits(named: Desk, clock: Clock) -> None:
    make_rule(named.cycle, "letter")
    submission = enter_letter(
        named.assignment, content=REPORTED, reference="KDN 1/2023", letter_on=date(2023, 9, 1),
        actor=named.reviewer, now=named.now,
    )  # fmt: skip
    planned(named.now)
    assert told(named.officer) == ["letter 0"]

    accept_update(submission, status="progress", percent=40, actor=named.second_reviewer, now=named.now)
    planned_on(clock, date(2023, 9, 15))
    assert told(named.officer) == []


def test_request_that_waits_is_told_to_mapo_until_it_is_answered(named: Desk, clock: Clock) -> None:
    make_rule(named.cycle, "request_waiting", audience="mapo", first_days=2, every_days=2)
    request = ask_later_date(
        named.assignment, reason="Banjir.", proposed_on=date(2023, 11, 1), actor=named.officer, now=named.now
    )
    planned_on(clock, date(2023, 9, 18))
    assert told(named.reviewer) == ["request_waiting 2"]
    assert told(named.officer) == []

    answer_request(request, grant=True, actor=named.reviewer, now=at(date(2023, 9, 18)))
    planned_on(clock, date(2023, 9, 18), hour=9)
    assert told(named.reviewer) == []


def test_completed_assignment_is_not_reminded_of_its_final_date(named: Desk, clock: Clock) -> None:
    make_rule(named.cycle, "final_due", first_days=-5)
    last = date(2024, 3, 29)
    planned_on(clock, last)
    assert told(named.officer) == ["final_due -5"]

    done = Content(
        status="done", percent=100, narrative="Selesai.", covers_from=date(2023, 7, 1), covers_to=last
    )
    submission = make_submission(named.assignment, actor=named.officer, now=at(last), content=done)
    planned_on(clock, last, hour=9)
    assert told(named.officer) == []
    accept_update(submission, status="done", percent=100, actor=named.reviewer, now=at(last, 9))
    planned_on(clock, last, hour=10)
    assert told(named.officer) == []


def test_step_is_owed_until_it_is_done(named: Desk, clock: Clock) -> None:
    make_rule(named.cycle, "action_due", first_days=-1)
    action = plan_action(
        named.assignment,
        text="Kursus.",
        owner=named.colleague,
        due_on=FRIDAY,
        actor=named.officer,
        now=named.now,
    )
    planned_on(clock, FRIDAY - DAY)
    assert (told(named.officer), told(named.colleague)) == ([], ["action_due -1"])

    finish_action(action, done_on=FRIDAY - DAY, actor=named.colleague, now=at(FRIDAY - DAY))
    planned_on(clock, FRIDAY - DAY, hour=9)
    assert told(named.colleague) == []


def test_dates_of_the_cycle_are_one_matter_an_agency_and_one_of_mapo(named: Desk, clock: Clock) -> None:
    for number in (2, 3):
        make_assignment(
            make_item(named.cycle, number=number), named.agency, actor=named.reviewer, now=named.now
        )
    make_rule(named.cycle, "interim", first_days=-2)
    make_rule(named.cycle, "interim", first_days=-2, audience="mapo")

    planned_on(clock, date(2023, 9, 27))

    year, agency = named.cycle.pk, named.agency.pk
    assert {(row.recipient, row.matter) for row in rows()} == {
        *((f"person:{each.pk}", f"interim:{year}.{agency}") for each in (named.officer, named.coordinator)),
        *(
            (f"person:{each.pk}", f"interim:{year}.0")
            for each in (named.reviewer, named.second_reviewer, named.administrator)
        ),
    }


def test_agency_that_completed_all_is_not_reminded_of_the_cycles_dates(named: Desk, clock: Clock) -> None:
    make_rule(named.cycle, "interim", first_days=-2)
    make_rule(named.cycle, "interim", first_days=-2, audience="mapo")
    content = Content(
        status="done", percent=100, narrative="Selesai.",
        covers_from=date(2023, 7, 1), covers_to=date(2023, 8, 1),
    )  # fmt: skip
    submission = make_submission(named.assignment, actor=named.officer, now=named.now, content=content)
    accept_update(submission, status="done", percent=100, actor=named.reviewer, now=named.now)

    planned_on(clock, date(2023, 9, 27))

    assert Reminder.objects.count() == 0


def test_date_of_the_cycle_that_is_over_is_said_no_more(named: Desk, clock: Clock) -> None:
    make_rule(named.cycle, "interim")
    planned_on(clock, date(2023, 9, 30))
    assert told(named.officer) == ["interim 0"]

    planned_on(clock, date(2023, 10, 1))

    assert told(named.officer) == []


def test_import_is_told_once_not_row_by_row(named: Desk, clock: Clock) -> None:
    for what, audience in (
        ("returned", "responsible"),
        ("resubmit_due", "responsible"),
        ("review_waiting", "mapo"),
    ):
        make_rule(named.cycle, what, audience=audience)
    opening = waiting(named)
    planned(named.now)
    assert told(named.reviewer) == ["review_waiting 0"]

    return_opening(opening, reason="Kurang.", resubmit_by=FRIDAY, actor=named.reviewer, now=named.now)
    planned_on(clock, FRIDAY)
    assert (told(named.officer), told(named.reviewer)) == (["resubmit_due 0", "returned 0"], [])


def test_returned_import_whose_first_assignment_ended_is_still_told(named: Desk, clock: Clock) -> None:
    second = make_assignment(
        make_item(named.cycle, number=2), named.agency, actor=named.administrator, now=named.now
    )
    name_officers(second, officers=[named.officer], actor=named.reviewer, now=named.now)
    make_rule(named.cycle, "returned")
    opening = waiting(named, {}, {"item": "Recommendation 2"})
    return_opening(opening, reason="Kurang.", resubmit_by=FRIDAY, actor=named.reviewer, now=named.now)

    first = Assignment.objects.get(pk=opening.updates.order_by("pk")[0].assignment_id)
    end_assignment(first, reason="Tamat.", actor=named.reviewer, now=named.now)
    planned(named.now)

    assert told(named.officer) == ["returned 0"]


def test_what_stands_again_is_muted_as_its_reader_has_it_by_then(named: Desk, clock: Clock) -> None:
    make_rule(named.cycle, "update_due")
    choice = Preference.objects.create(user=named.officer, muted=["update_due"])
    planned_on(clock, FRIDAY)
    submission = make_submission(named.assignment, actor=named.officer, now=at(FRIDAY))
    planned_on(clock, FRIDAY, hour=9)
    choice.muted = []
    choice.save()

    withdraw_update(submission.update, actor=named.officer, now=at(FRIDAY, 9))
    planned_on(clock, FRIDAY, hour=10)

    assert [(row.is_muted, row.settled_at) for row in Reminder.objects.all()] == [(False, None)]
