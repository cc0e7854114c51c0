"""What a person may no longer see is hidden from them, and what was said stays as it was."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from accounts.clearance import Clearance
from accounts.models import Agency, User
from accounts.roles import Role
from accounts.services.people import change_person, move_person
from recommendations.models import Update
from reminders.kinds import ReminderKind
from reminders.messages.details import load_details
from reminders.models import Reminder
from reminders.queries.bell import Bell
from reminders.services.nudges import send_nudges
from reminders.services.planning import plan
from reminders.states import AttemptOutcome, Audience
from tests.factories.deliveries import attempt, make_delivery, make_reminder
from tests.factories.reminders import make_rule
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of, words_of

pytestmark = pytest.mark.django_db
DUE = date(2023, 9, 20)
MINE = reverse("reminders:mine")


def move(desk: Desk, person: User, agency: Agency) -> User:
    return move_person(person, agency=agency, actor=desk.administrator, now=desk.now)


def demote(desk: Desk, person: User, role: str) -> User:
    return change_person(
        person, name=person.name, role=role, clearance=1, actor=desk.administrator, now=desk.now
    )


def read(person: User, address: str = MINE) -> str:
    """The words of a page as the person sees it in English."""
    page: Any = browser_of(person, "en").get(address)
    return str(words_of(page))


def refuse(statement: str) -> None:
    with pytest.raises(DatabaseError, match="jejak:"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


class TestWhoLeft:
    def test_moved_person_finds_nothing_of_the_old_agency_at_the_next_request(self, desk: Desk) -> None:
        standing = make_reminder(desk.officer, desk.assignment, due_on=DUE, now=desk.now)
        make_reminder(desk.officer, desk.assignment, due_on=DUE, now=desk.now, level=-3, settled_at=desk.now)
        moved = move(desk, desk.officer, desk.other_agency)
        browser = browser_of(moved, "en")
        assert Bell(moved).count == 0
        for address in (MINE, f"{MINE}?show=earlier"):
            assert "Recommendation 1" not in read(moved, address)
        assert browser.post(reverse("reminders:read", args=[standing.pk])).status_code == 404
        assert Reminder.objects.filter(read_at=None).count() == 2

    @pytest.mark.parametrize("role", [Role.OFFICER, Role.OBSERVER])
    def test_who_left_mapo_finds_nothing_of_the_agencies(self, desk: Desk, role: str) -> None:
        said = make_reminder(desk.reviewer, desk.assignment, due_on=DUE, now=desk.now, step=Audience.MAPO)
        left = demote(desk, desk.reviewer, role)
        browser = browser_of(left, "en")
        assert "PDRM" not in read(left) + read(left, f"{MINE}?show=earlier")
        assert browser.post(reverse("reminders:read", args=[said.pk])).status_code == 404
        assert Bell(left).count == 0

    def test_mapo_is_told_of_all_agencies(self, desk: Desk) -> None:
        make_reminder(desk.reviewer, desk.assignment, due_on=DUE, now=desk.now, step=Audience.MAPO)
        assert Bell(desk.reviewer).count == 1
        assert "PDRM" in read(desk.reviewer)

    def test_line_does_not_tell_who_left_whether_a_draft_is_open(self, desk: Desk) -> None:
        """The address of a draft would say that there is one."""
        desk.draft()
        make_reminder(desk.officer, desk.assignment, due_on=DUE, now=desk.now)
        assert load_details(Reminder.objects.all())[0].update_id is not None
        move(desk, desk.officer, desk.other_agency)
        assert load_details(Reminder.objects.all())[0].update_id is None


class TestAboveClearance:
    """Of an update above somebody's clearance nothing is told, whoever was told of it."""

    @pytest.fixture
    def waiting(self, desk: Desk) -> Update:
        make_rule(desk.cycle, ReminderKind.REVIEW_WAITING, audience=Audience.MAPO)
        return desk.submission().update

    def lower(self, person: User) -> None:
        User.objects.filter(pk=person.pk).update(clearance=Clearance.OPEN)
        person.refresh_from_db()

    def test_mail_to_a_cleared_reviewer_does_not_tell_one_who_is_not(
        self, desk: Desk, waiting: Update
    ) -> None:
        rows = {"what": ReminderKind.REVIEW_WAITING, "update": waiting, "step": Audience.MAPO}
        said = make_reminder(desk.second_reviewer, desk.assignment, due_on=DUE, now=desk.now, **rows)
        mail = make_delivery(desk.second_reviewer, now=desk.now, reminders=(said,), subject="Decide on PDRM")
        address = reverse("reminders:delivery_mail", args=[mail.pk])
        assert "Decide on the update of PDRM" in read(desk.reviewer, address)
        self.lower(desk.reviewer)
        assert "Decide on" not in read(desk.reviewer, address)

    def test_preview_tells_an_administrator_no_more_than_the_queue(self, desk: Desk, waiting: Update) -> None:
        address = reverse("reminders:preview")
        assert "Decide on the update of PDRM" in read(desk.administrator, address)
        self.lower(desk.administrator)
        words = read(desk.administrator, address)
        assert "Decide on" not in words and desk.reviewer.email not in words


class TestRecord:
    """The web's role may write these tables; the database keeps what was said."""

    @pytest.fixture(autouse=True)
    def _said(self, desk: Desk) -> None:
        said = make_reminder(desk.officer, desk.assignment, due_on=DUE, now=desk.now, read_at=desk.now)
        mail = make_delivery(desk.officer, now=desk.now, reminders=(said,))
        attempt(mail, now=desk.now, outcome=AttemptOutcome.PERMANENT, words="550 no")
        plan(now=desk.now + timedelta(minutes=1))

    def test_nothing_that_was_said_is_written_anew(self) -> None:
        for table, change in (
            ("reminder", "sent_at = NULL"),
            ("reminder", "read_at = NULL"),
            ("reminder", "read_at = read_at + interval '1 day'"),
            ("reminder", "step = 'mapo'"),
            ("reminder", "is_escalation = true"),
            ("reminder", "in_place_of_id = user_id"),
            ("attempt", "outcome = 'sent'"),
            ("attempt", "server_words = ''"),
            ("attempt", "ended_at = NULL, outcome = ''"),
            ("round", "planned_count = 99"),
            ("round", "late_count = 99, late_since = day"),
        ):
            refuse(f"UPDATE reminders_{table} SET {change}")

    def test_calendar_link_that_was_renewed_stays_dead(self, desk: Desk) -> None:
        browser_of(desk.officer).post(reverse("reminders:feed_renew"))
        for change in ("feed_number = 0", f"user_id = {desk.colleague.pk}"):
            refuse(f"UPDATE reminders_preference SET {change}")


def test_nudge_of_the_old_agency_goes_out_of_sight(desk: Desk) -> None:
    send_nudges([desk.assignment], line="Please report", actor=desk.reviewer, now=desk.now)
    told = Reminder.objects.filter(what=ReminderKind.NUDGE).exclude(user=None)
    assert told
    for reminder in told:
        moved = move(desk, User.objects.get(pk=reminder.user_id), desk.other_agency)
        assert "Please report" not in read(moved)
