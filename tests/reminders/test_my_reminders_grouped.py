"""Grouped entries of the list: opening a group, who was told before, and whom to name."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from recommendations.services import name_officers
from reminders.kinds import ReminderKind
from reminders.models import Reminder
from reminders.queries.my_reminders import add_notes, open_reminders
from reminders.states import Audience
from tests.factories.accounts import UserFactory
from tests.factories.deliveries import make_delivery, make_reminder
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of, words_of
from tests.reminders.test_my_reminders import MINE, TODAY, more_assignments, page, read_url, remind

pytestmark = pytest.mark.django_db
LATE = date(2023, 9, 1)


def escalate(desk: Desk, person: User, many: int, **values: Any) -> list[Reminder]:
    """So many items of the agency that are late, escalated to MAPO."""
    told = {"step": Audience.MAPO, "is_escalation": True} | values
    return [
        make_reminder(person, other, due_on=LATE, now=desk.now, **told)
        for other in more_assignments(desk, many)
    ]


class TestGroups:
    def test_agency_is_one_entry_with_its_matters_beneath(self, desk: Desk) -> None:
        escalate(desk, desk.reviewer, 3)
        shown = browser_of(desk.reviewer, "en").get(MINE).content.decode()
        assert shown.count("reminder__open") == 1
        assert shown.count("PDRM has not reported on") == 3
        assert "PDRM: 3 matters late" in shown

    def test_one_press_marks_all_of_them_and_leads_to_the_agency(self, desk: Desk) -> None:
        first, *others = escalate(desk, desk.reviewer, 3)
        answer = browser_of(desk.reviewer).post(read_url(first), {"beside": [each.pk for each in others]})
        assert answer["Location"] == "/assignments/?tab=confirmed&late=1&agency=PDRM&cycle=2023"
        assert not Reminder.objects.unread().exists()

    def test_press_marks_no_more_than_was_shown(self, desk: Desk) -> None:
        first, other, unseen = escalate(desk, desk.reviewer, 3)
        browser_of(desk.reviewer).post(read_url(first), {"beside": [other.pk]})
        assert list(Reminder.objects.unread()) == [unseen]

    def test_press_reads_nothing_of_another(self, desk: Desk) -> None:
        (mine,) = escalate(desk, desk.reviewer, 1)
        (theirs,) = escalate(desk, desk.administrator, 1)
        beside = [theirs.pk, "x", "", "9" * 30, 2_000_000_000]
        answer = browser_of(desk.reviewer).post(read_url(mine), {"beside": beside})
        assert answer["Location"] == reverse("recommendations:assignment", args=[mine.assignment_id])
        assert list(Reminder.objects.unread()) == [theirs]

    def test_one_unread_matter_makes_the_group_unread(self, desk: Desk) -> None:
        escalate(desk, desk.reviewer, 2, read_at=desk.now)
        assert [told.group for told in open_reminders(desk.reviewer, today=TODAY)] == ["read"]
        escalate(desk, desk.reviewer, 1)
        assert [told.group for told in open_reminders(desk.reviewer, today=TODAY)] == ["unread"]

    def test_muted_stands_by_itself(self, desk: Desk) -> None:
        remind(desk)
        remind(desk, what=ReminderKind.FINAL_DUE, matter="final_due:1", is_muted=True)
        assert [told.group for told in open_reminders(desk.officer, today=TODAY)] == ["unread", "muted"]

    def test_two_days_of_one_item_are_one_entry_and_read_together(self, desk: Desk) -> None:
        first = remind(desk)
        other = remind(desk, what=ReminderKind.FINAL_DUE, matter="final_due:1", due_on=date(2023, 9, 25))
        (told,) = open_reminders(desk.officer, today=TODAY)
        assert told.reminders == (first, other)
        assert "Final due date: 25 September 2023" in page(desk)
        browser_of(desk.officer).post(read_url(first), {"beside": [other.pk]})
        assert not Reminder.objects.unread().exists()


class TestWhoWasTold:
    def escalated(self, desk: Desk) -> None:
        told = {"due_on": LATE, "is_escalation": True, "step": Audience.COORDINATOR}
        remind(desk, desk.coordinator, **told)

    def test_coordinator_reads_who_was_told_before(self, named: Desk) -> None:
        name_officers(
            named.assignment, officers=[named.officer, named.colleague], actor=named.reviewer, now=named.now
        )
        self.escalated(named)
        for person in (named.officer, named.colleague):
            said = tuple(remind(named, person, due_on=LATE, level=level) for level in (0, 3))
            make_delivery(person, now=named.now, reminders=said)
        names = " and ".join(sorted(person.name for person in (named.officer, named.colleague)))
        words = page(named, named.coordinator)
        assert f"{names} were told 2 times, last on 14 September 2023." in words
        assert "Escalated to you because nobody has acted on it." in words

    def test_one_who_was_told_once(self, named: Desk) -> None:
        self.escalated(named)
        remind(named, due_on=LATE)
        assert f"{named.officer.name} was told on 14 September 2023." in page(named, named.coordinator)

    def test_nobody_is_named_who_was_muted_moved_or_told_of_another_day(self, named: Desk) -> None:
        self.escalated(named)
        remind(named, due_on=LATE, is_muted=True)
        remind(named, named.colleague, due_on=date(2023, 8, 1))
        remind(named, UserFactory(role=Role.OFFICER, agency=named.reviewer.agency), due_on=LATE)
        assert "told on" not in page(named, named.coordinator)

    def test_mapo_reads_no_names(self, named: Desk) -> None:
        remind(named, named.reviewer, due_on=LATE, is_escalation=True, step=Audience.MAPO)
        remind(named, due_on=LATE)
        assert named.officer.name not in page(named, named.reviewer)

    def test_queries_do_not_grow_with_what_is_escalated(self, named: Desk) -> None:
        counts = []
        for many in (1, 6):
            escalate(named, named.coordinator, many, step=Audience.COORDINATOR)
            with CaptureQueriesContext(connection) as captured:
                add_notes(open_reminders(named.coordinator, today=TODAY), user=named.coordinator)
            counts.append(len(captured))
        assert counts[0] == counts[1] <= 11


class TestNobodyNamed:
    WHY = "Nobody is named for this item, so it comes to you."

    def test_coordinator_is_led_to_name_officers_and_an_officer_is_not(self, desk: Desk) -> None:
        remind(desk, desk.coordinator)
        shown = browser_of(desk.coordinator, "en").get(MINE)
        assert self.WHY in words_of(shown)
        url = reverse("recommendations:assignment_officers", args=[desk.assignment.pk])
        assert f'href="{url}"' in shown.content.decode()
        remind(desk)
        shown = browser_of(desk.officer, "en").get(MINE)
        assert self.WHY in words_of(shown)
        assert "/officers/" not in shown.content.decode()

    def test_escalation_says_it_too(self, desk: Desk) -> None:
        remind(desk, desk.coordinator, is_escalation=True, step=Audience.COORDINATOR)
        assert self.WHY in page(desk, desk.coordinator)

    def test_reader_who_is_named_answers_for_it(self, named: Desk) -> None:
        remind(named)
        assert "You are responsible for it at your agency." in page(named)

    def test_reader_in_whose_place_another_is_named(self, named: Desk) -> None:
        remind(named, named.coordinator)
        assert "None of the responsible officers can act, so it comes to you." in page(
            named, named.coordinator
        )

    def test_step_has_its_owner(self, desk: Desk) -> None:
        remind(desk, what=ReminderKind.ACTION_DUE, matter="action_due:1")
        assert "You are responsible for it at your agency." in page(desk)


def test_paper_says_whose_it_is_and_the_day(desk: Desk) -> None:
    assert "PDRM · printed on 14 September 2023" in page(desk)
