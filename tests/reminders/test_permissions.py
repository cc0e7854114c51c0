"""Who edits rules, mutes which kinds, and sees which reminders."""

from __future__ import annotations

from datetime import date

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


def test_each_side_mutes_what_does_not_wait_for_it_alone() -> None:
    for role in ("officer", "coordinator"):
        assert list(mutable_kinds(person(role))) == [
            "update_due", "final_due", "action_due", "returned", "resubmit_due", "letter", "interim", "window_end",
            "submission",
        ], role  # fmt: skip
    for role in ("reviewer", "administrator"):
        assert list(mutable_kinds(person(role))) == [
            "review_waiting", "request_waiting", "interim", "window_end", "submission",
        ], role  # fmt: skip
    assert mutable_kinds(person("observer")) == ()


def test_reminders_are_seen_by_whom_they_were_sent_to_while_they_belong_to_it(desk: Desk) -> None:
    observer = UserFactory(role=Role.OBSERVER, agency=desk.agency)
    people = (desk.officer, desk.reviewer, desk.outsider, observer)
    for each in people:
        make_reminder(each, desk.assignment, due_on=date(2023, 9, 14), now=desk.now)
    seen = [set(Reminder.objects.visible_to(each).values_list("user_id", flat=True)) for each in people]
    assert seen == [{desk.officer.pk}, {desk.reviewer.pk}, set(), set()]
    assert not Reminder.objects.visible_to(desk.administrator).exists()
