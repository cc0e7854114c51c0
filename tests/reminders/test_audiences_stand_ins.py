"""Who else is told: stand-ins, shared mailboxes, who may decide; each by the days of their own place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from accounts.clearance import Clearance
from accounts.models import Agency, StandIn, User
from accounts.roles import Role
from accounts.services.people import move_person
from recommendations.services import name_officers, return_update
from reminders.models import Reminder
from tests.conftest import Clock
from tests.factories.accounts import UserFactory
from tests.factories.evidence import make_document
from tests.factories.recommendations import REPORTED
from tests.factories.reminders import make_rule, make_stand_in
from tests.recommendations.conftest import Desk
from tests.reminders.steps import DAY, FRIDAY, leave, mapo, names, planned, planned_on, recipients, rows, told
from tests.shared import shared

# Stand-ins


def test_stand_in_gets_it_too(due: Desk, clock: Clock) -> None:
    stand_in(due, from_on=FRIDAY - 2 * DAY, until_on=FRIDAY)

    planned_on(clock, FRIDAY)

    assert recipients() == names(due.coordinator, due.colleague)
    assert {row.recipient: row.in_place_of for row in rows()} == {
        f"person:{due.coordinator.pk}": None,
        f"person:{due.colleague.pk}": due.coordinator.pk,
    }


@pytest.mark.parametrize(("from_on", "until_on"), [(-9, -1), (1, 9)])
def test_stand_in_gets_nothing_outside_their_days(
    due: Desk, clock: Clock, from_on: int, until_on: int
) -> None:
    stand_in(due, from_on=FRIDAY + from_on * DAY, until_on=FRIDAY + until_on * DAY)

    planned_on(clock, FRIDAY)

    assert recipients() == names(due.coordinator)


def test_what_a_stand_in_was_told_is_settled_when_their_days_are_over(due: Desk, clock: Clock) -> None:
    stand_in(due, from_on=FRIDAY, until_on=FRIDAY)
    planned_on(clock, FRIDAY)
    assert told(due.colleague) == ["update_due 0"]

    planned_on(clock, FRIDAY + DAY)

    assert told(due.colleague) == []


def test_stand_in_who_is_told_anyway_is_told_in_their_own_name(due: Desk, clock: Clock) -> None:
    name_officers(due.assignment, officers=[due.officer, due.colleague], actor=due.reviewer, now=due.now)
    make_stand_in(due.officer, due.colleague, from_on=FRIDAY, until_on=FRIDAY, now=due.now)

    planned_on(clock, FRIDAY)

    assert [row.in_place_of for row in rows()] == [None, None]


def test_stand_in_who_has_left_gets_nothing(due: Desk, clock: Clock) -> None:
    stand_in(due, from_on=FRIDAY, until_on=FRIDAY)
    leave(due.colleague, due)

    planned_on(clock, FRIDAY)

    assert recipients() == names(due.coordinator)


def test_stand_in_who_has_moved_to_another_agency_gets_nothing(due: Desk, clock: Clock) -> None:
    stand_in(due, from_on=FRIDAY, until_on=FRIDAY)
    User.objects.filter(pk=due.colleague.pk).update(agency=due.other_agency)

    planned_on(clock, FRIDAY)

    assert recipients() == names(due.coordinator)


def test_stand_in_of_somebody_who_has_left_gets_nothing(due: Desk, clock: Clock) -> None:
    stand_in(due, from_on=FRIDAY, until_on=FRIDAY)
    leave(due.coordinator, due)
    name_officers(due.assignment, officers=[due.officer], actor=due.reviewer, now=due.now)

    planned_on(clock, FRIDAY)

    assert recipients() == names(due.officer)


def stand_in(desk: Desk, *, from_on: date, until_on: date) -> StandIn:
    """The colleague stands in for the coordinator."""
    return make_stand_in(desk.coordinator, desk.colleague, from_on=from_on, until_on=until_on, now=desk.now)


# Shared mailboxes


def test_shared_mailbox_gets_a_copy_of_what_goes_to_the_agency(desk: Desk, clock: Clock) -> None:
    give_mailbox(desk)
    name_officers(desk.assignment, officers=[desk.officer], actor=desk.reviewer, now=desk.now)
    make_rule(desk.cycle, "update_due", first_days=1, coordinator_days=2)

    planned_on(clock, date(2023, 10, 17))

    mailbox = f"mailbox:{desk.agency.pk}"
    assert recipients() == names(desk.officer, desk.coordinator) | {mailbox}
    assert [(row.level, row.is_muted) for row in rows() if row.recipient == mailbox] == [(2, False)]


def test_shared_mailbox_gets_no_copy_of_what_goes_to_mapo(desk: Desk, clock: Clock) -> None:
    give_mailbox(desk)
    make_rule(desk.cycle, "request_waiting", audience="mapo")
    make_rule(desk.cycle, "update_due", audience="mapo")

    planned_on(clock, FRIDAY)

    assert recipients() == mapo(desk)


def give_mailbox(desk: Desk) -> None:
    Agency.objects.filter(pk=desk.agency.pk).update(shared_mailbox="urusetia@agensi.example")


# What waits for a decision


@shared
def decides(desk: Desk) -> Desk:
    """The desk with one rule: MAPO is told at once of what waits."""
    make_rule(desk.cycle, "review_waiting", audience="mapo")
    return desk


def test_waiting_update_goes_to_those_of_mapo_who_may_decide(decides: Desk) -> None:
    above = UserFactory(agency=decides.reviewer.agency, role=Role.REVIEWER, clearance=Clearance.OPEN)
    of_the_agency = UserFactory(agency=decides.agency, role=Role.REVIEWER)
    decides.submission()

    planned(decides.now)

    assert recipients() == mapo(decides)
    assert (told(above), told(of_the_agency)) == ([], [])


def test_waiting_update_does_not_go_to_somebody_who_wrote_it(decides: Desk) -> None:
    submission = decides.submission()
    submission.update.writers.create(user=decides.reviewer)

    planned(decides.now)

    assert recipients() == names(decides.second_reviewer, decides.administrator)


def test_waiting_update_does_not_go_to_somebody_who_was_of_the_agency_then(
    decides: Desk, clock: Clock
) -> None:
    """They wrote nothing, and may not decide all the same."""
    decides.now = clock.move_to(decides.now + timedelta(hours=1))
    decides.submission()
    decides.now = clock.move_to(decides.now + timedelta(hours=1))
    colleague = decides.colleague
    move_person(colleague, agency=decides.reviewer.agency, actor=decides.administrator, now=decides.now)
    User.objects.filter(pk=colleague.pk).update(role=Role.REVIEWER)

    planned(decides.now)

    assert told(colleague) == []
    assert recipients() == mapo(decides)


def test_class_of_a_cited_document_counts(decides: Desk) -> None:
    cleared = UserFactory(agency=decides.reviewer.agency, role=Role.REVIEWER, clearance=Clearance.SECRET)
    document = make_document(decides.agency, actor=decides.officer, now=decides.now)
    document.classification = Clearance.SECRET
    document.save()
    decides.submission(replace(REPORTED, document_ids=frozenset({document.pk})))

    planned(decides.now)

    assert recipients() == names(cleared)


@pytest.mark.parametrize(("what", "first_days"), [("returned", 0), ("resubmit_due", -20)])
def test_mapo_is_told_of_no_returned_update_above_its_clearance(
    desk: Desk, what: str, first_days: int
) -> None:
    """That one is there, and came back, is bounded by the clearance too; its agency knows it anyway."""
    above = UserFactory(agency=desk.reviewer.agency, role=Role.REVIEWER, clearance=Clearance.OPEN)
    make_rule(desk.cycle, what, first_days=first_days, mapo_days=first_days)
    return_update(
        desk.submission(), reason="Kurang bukti.", resubmit_by=FRIDAY, actor=desk.reviewer, now=desk.now
    )

    planned(desk.now + DAY)

    assert told(above) == []
    assert recipients() == mapo(desk) | names(desk.coordinator)


def test_stand_in_who_may_not_decide_is_not_told_of_what_waits(decides: Desk) -> None:
    make_stand_in(
        decides.reviewer, decides.observer, from_on=date(2023, 9, 14), until_on=FRIDAY, now=decides.now
    )
    decides.submission()

    planned(decides.now)

    assert told(decides.observer) == []


# Places


def test_each_recipient_is_told_by_the_working_days_of_their_own_place(desk: Desk, clock: Clock) -> None:
    """One Sunday is a working day in Kelantan, where Friday is none."""
    in_kelantan = UserFactory(agency=desk.agency, place="KTN")
    name_officers(desk.assignment, officers=[desk.officer, in_kelantan], actor=desk.reviewer, now=desk.now)
    make_rule(desk.cycle, "update_due", first_days=1)

    planned_on(clock, date(2023, 10, 15), hour=9)

    assert (told(desk.officer), told(in_kelantan)) == ([], ["update_due 1"])
    assert Reminder.objects.get().send_on == date(2023, 10, 15)


def test_place_of_the_agency_counts_where_the_person_has_none(desk: Desk, clock: Clock) -> None:
    Agency.objects.filter(pk=desk.agency.pk).update(place="KTN")
    make_rule(desk.cycle, "update_due")

    planned_on(clock, date(2023, 10, 12))

    # The 14th is a Saturday, the 13th a Friday: both are free in Kelantan.
    assert told(desk.coordinator) == ["update_due 0"]
