"""Who edits rules, mutes which kinds, and sees which reminders."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.models import User
from accounts.roles import Role
from reminders.models import Reminder
from reminders.permissions import may_edit_rules, mutable_kinds
from tests.factories.accounts import UserFactory
from tests.factories.deliveries import make_reminder
from tests.recommendations.conftest import Desk


def person(role: str, *, is_active: bool = True) -> User:
    """Somebody who was never saved."""
    return User(pk=7, role=role, agency_id=1, clearance=1, is_active=is_active)


def test_active_administrators_edit_rules() -> None:
    assert {role for role in Role.values if may_edit_rules(person(role))} == {"administrator"}
    assert not may_edit_rules(person("administrator", is_active=False))


@pytest.mark.parametrize("role", ["officer", "coordinator"])
def test_agencies_mute_all_but_what_waits_for_mapo(role: str) -> None:
    assert list(mutable_kinds(person(role))) == [
        "update_due", "final_due", "action_due", "returned", "resubmit_due", "letter", "interim", "window_end",
        "submission",
    ]  # fmt: skip


@pytest.mark.parametrize("role", ["reviewer", "administrator"])
def test_mapo_mutes_what_waits_for_it_and_the_dates_of_a_cycle(role: str) -> None:
    assert list(mutable_kinds(person(role))) == [
        "review_waiting", "request_waiting", "interim", "window_end", "submission",
    ]  # fmt: skip


def test_observers_get_nothing_that_they_could_mute() -> None:
    assert mutable_kinds(person("observer")) == ()


def test_reminders_are_seen_by_whom_they_were_sent_to_while_they_belong_to_it(desk: Desk) -> None:
    observer = UserFactory(role=Role.OBSERVER, agency=desk.agency)
    people = (desk.officer, desk.reviewer, desk.outsider, observer)
    for each in people:
        make_reminder(each, desk.assignment, due_on=date(2023, 9, 14), now=desk.now)
    seen = [set(Reminder.objects.visible_to(each).values_list("user_id", flat=True)) for each in people]
    assert seen == [{desk.officer.pk}, {desk.reviewer.pk}, set(), set()]
    assert not Reminder.objects.visible_to(desk.administrator).exists()
