"""Reminders, mails and calendars of steps of MAPO itself and of the council's decisions."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils.translation import override

from accounts.models import User
from accounts.services.people import deactivate_person
from audit.clock import now as clock_now
from recommendations.models import Action
from recommendations.services import (
    cancel_action,
    change_action,
    end_assignment,
    finish_action,
    name_officers,
    plan_action,
    plan_decision_step,
    plan_mapo_step,
)
from recommendations.services.step_changes import current_version
from reminders.messages.details import load_details
from reminders.messages.wording import describe
from reminders.models import Reminder
from tests.conftest import Clock
from tests.factories.reminders import make_rule
from tests.recommendations.conftest import Desk
from tests.reminders.feeds import events_of, fetch
from tests.reminders.steps import DAY, FRIDAY, mapo, names, planned_on, recipients

pytestmark = pytest.mark.django_db


def decide(desk: Desk, agency: Any, **values: Any) -> Action:
    about = {"text": "Melapor.", "due_on": FRIDAY, "actor": desk.reviewer, "now": desk.now}
    return plan_decision_step(desk.item, agency, **about | values)


def plan_own(desk: Desk, owner: User) -> Action:
    about = {"text": "Surat.", "due_on": FRIDAY, "actor": desk.reviewer, "now": desk.now}
    return plan_mapo_step(desk.item, owner=owner, **about)


def words(reminder: Reminder) -> tuple[str, str, str]:
    with override("en"):
        text = describe(load_details([reminder])[0], today=FRIDAY)
    return text.task, text.button, text.path


def test_decision_without_an_assignment_goes_to_its_owner(desk: Desk, clock: Clock) -> None:
    make_rule(desk.cycle, "action_due")
    decide(desk, desk.other_agency, owner=desk.outsider)
    planned_on(clock, FRIDAY)
    assert recipients() == names(desk.outsider)


def test_decision_without_an_owner_goes_to_the_coordinators_even_where_an_officer_is_named(
    desk: Desk, clock: Clock
) -> None:
    make_rule(desk.cycle, "action_due")
    name_officers(desk.assignment, officers=[desk.officer], actor=desk.reviewer, now=desk.now)
    decide(desk, desk.agency)
    planned_on(clock, FRIDAY)
    assert recipients() == names(desk.coordinator)


def test_decision_stands_after_its_assignment_ended(desk: Desk, clock: Clock) -> None:
    make_rule(desk.cycle, "action_due")
    decide(desk, desk.agency, owner=desk.officer)
    end_assignment(desk.assignment, reason="Salah agensi.", actor=desk.reviewer, now=desk.now)
    planned_on(clock, FRIDAY)
    assert recipients() == names(desk.officer)


def test_decision_for_an_agency_where_nobody_can_act_comes_to_mapo(desk: Desk, clock: Clock) -> None:
    make_rule(desk.cycle, "action_due")
    decide(desk, desk.other_agency)
    deactivate_person(desk.outsider, reason="Bersara.", actor=desk.administrator, now=desk.now)
    planned_on(clock, FRIDAY)
    assert recipients() == mapo(desk)


def test_step_of_mapo_goes_to_its_owner_and_in_the_end_to_all_of_mapo(desk: Desk, clock: Clock) -> None:
    make_rule(desk.cycle, "action_due", coordinator_days=3, mapo_days=5)
    plan_own(desk, desk.second_reviewer)
    planned_on(clock, FRIDAY)
    assert recipients() == names(desk.second_reviewer)
    item = f"/items/{desk.item.pk}/"
    task = "Finish a planned step of MAPO on Recommendation 1"
    assert words(Reminder.objects.get()) == (task, "Open the item", item)
    planned_on(clock, FRIDAY + 5 * DAY)
    assert recipients() == names(desk.second_reviewer)
    planned_on(clock, FRIDAY + 10 * DAY)
    assert recipients() == mapo(desk)


def test_step_of_mapo_without_an_owner_or_whose_owner_left_goes_to_all_of_mapo(
    desk: Desk, clock: Clock
) -> None:
    make_rule(desk.cycle, "action_due")
    decide(desk, None)
    planned_on(clock, FRIDAY - DAY)
    assert not recipients()
    planned_on(clock, FRIDAY)
    assert recipients() == mapo(desk)


def test_done_or_moved_the_reminder_is_settled(desk: Desk, clock: Clock) -> None:
    make_rule(desk.cycle, "action_due")
    step = plan_own(desk, desk.reviewer)
    planned_on(clock, FRIDAY)
    change_action(
        step,
        seen=current_version(step).pk,
        text=step.text,
        owner=step.owner,
        due_on=FRIDAY + 10 * DAY,
        actor=desk.reviewer,
        now=clock_now(),
    )
    planned_on(clock, FRIDAY, hour=9)
    assert not Reminder.objects.open().exists()
    planned_on(clock, FRIDAY + 10 * DAY)
    assert Reminder.objects.open().count() == 1
    finish_action(step, done_on=desk.now.date(), actor=desk.reviewer, now=clock_now())
    planned_on(clock, FRIDAY + 10 * DAY, hour=9)
    assert not Reminder.objects.open().exists()


def summaries(person: User) -> dict[str, tuple[date, str, int]]:
    """Day, status and sequence of each step in the person's calendar, by its number."""
    events = events_of(fetch(person).content)
    return {
        uid: (event["DTSTART"].dt, str(event.get("STATUS", "")), int(event["SEQUENCE"]))
        for uid, event in events.items()
        if uid.startswith("action_due")
    }


class TestCalendar:
    def test_step_of_mapo_is_in_its_owners_calendar_alone(self, desk: Desk) -> None:
        plan_own(desk, desk.reviewer)
        assert [day for day, _status, _number in summaries(desk.reviewer).values()] == [FRIDAY]
        for other in (desk.second_reviewer, desk.officer, desk.coordinator, desk.outsider, desk.observer):
            assert not summaries(other)

    def test_step_whose_owner_cannot_sign_in_is_in_the_calendars_of_all_of_mapo(self, desk: Desk) -> None:
        plan_own(desk, desk.second_reviewer)
        User.objects.filter(pk=desk.second_reviewer.pk).update(joined_at=None)
        for person in (desk.reviewer, desk.administrator):
            assert [day for day, _status, _number in summaries(person).values()] == [FRIDAY]

    def test_decision_is_in_the_calendar_of_who_would_be_reminded(self, desk: Desk) -> None:
        decide(desk, desk.agency)
        seen = {who for who in ("officer", "coordinator", "outsider") if summaries(getattr(desk, who))}
        assert seen == {"coordinator"}

    def test_cancelled_decision_is_cancelled_there(self, desk: Desk) -> None:
        step = decide(desk, desk.agency, owner=desk.officer)
        cancel_action(step, reason="Tidak perlu.", actor=desk.reviewer, now=desk.now)
        assert [status for _day, status, _number in summaries(desk.officer).values()] == ["CANCELLED"]

    def test_moved_step_of_an_agency_moves_with_a_higher_sequence(self, desk: Desk) -> None:
        step = plan_action(
            desk.assignment, text="x", owner=desk.officer, due_on=FRIDAY, actor=desk.officer, now=desk.now
        )
        (first,) = summaries(desk.officer).values()
        change_action(
            step, seen=current_version(step).pk, text="x", owner=desk.officer, due_on=FRIDAY + DAY,
            actor=desk.officer, now=desk.now,
        )  # fmt: skip
        (second,) = summaries(desk.officer).values()
        assert (first[0], second[0]) == (FRIDAY, FRIDAY + DAY)
        assert second[2] > first[2]
