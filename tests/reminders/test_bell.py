"""The bell: what it counts, which pages have it, and what it costs."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from reminders.context_processors import bell
from reminders.models import Reminder
from reminders.queries.bell import Bell
from tests.factories.deliveries import make_reminder
from tests.factories.recommendations import make_assignment, make_item
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of, words_of
from tests.reminders.steps import plan_of_bell

pytestmark = pytest.mark.django_db
DUE = date(2023, 9, 20)
MINE = reverse("reminders:mine")


def remind(desk: Desk, person: User, number: int = 0, **values: Any) -> Reminder:
    matter = f"update_due:{number}" if number else f"update_due:{desk.assignment.pk}"
    return make_reminder(person, desk.assignment, due_on=DUE, now=desk.now, **({"matter": matter} | values))


def bells(response: HttpResponse) -> int:
    return response.content.decode().count('class="icon-btn bell')


def test_bell_counts_what_stands_unread_and_unmuted(desk: Desk) -> None:
    remind(desk, desk.officer, 1)
    remind(desk, desk.officer, 2, settled_at=desk.now)
    remind(desk, desk.officer, 3, is_muted=True)
    remind(desk, desk.officer, 4, read_at=desk.now)
    remind(desk, desk.colleague, 5)
    assert Bell(desk.officer).count == 1


def test_bell_counts_a_matter_once_however_often_it_was_said(desk: Desk) -> None:
    for level in (-3, 0, 2):
        remind(desk, desk.officer, level=level)
    assert Bell(desk.officer).count == 1


def test_bell_counts_what_one_act_mends_once(desk: Desk) -> None:
    for matter in (
        "update_due:7",
        "final_due:7",
        "returned:3",
        "resubmit_due:3",
        "final_due:8",
        "action_due:7",
    ):
        remind(desk, desk.officer, what=matter.partition(":")[0], matter=matter)
    assert Bell(desk.officer).count == 4


def test_bell_of_mapo_counts_agencies_and_a_long_queue_once(desk: Desk) -> None:
    for number in range(1, 9):
        remind(desk, desk.reviewer, number, is_escalation=True)
    assert Bell(desk.reviewer).count == 1
    for number in range(1, 6):
        remind(desk, desk.reviewer, what="review_waiting", matter=f"review_waiting:{number}")
    assert Bell(desk.reviewer).count == 6
    remind(desk, desk.reviewer, what="review_waiting", matter="review_waiting:6")
    remind(desk, desk.reviewer, what="interim", matter="interim:1.0", about=None)
    assert Bell(desk.reviewer).count == 3


def test_bell_shows_99_plus_and_counts_no_further(desk: Desk) -> None:
    for number in range(1, 105):
        remind(desk, desk.officer, number)
    ringing = Bell(desk.officer)
    assert (ringing.count, ringing.text) == (100, "99+")


def test_bell_says_its_number_by_name(desk: Desk) -> None:
    remind(desk, desk.officer)
    for language, some, none in (
        ("en", "Reminders: 1 unread", "Reminders: none unread"),
        ("ms", "Peringatan: 1 belum dibaca", "Peringatan: tiada yang belum dibaca"),
    ):
        page = browser_of(desk.officer, language).get(reverse("recommendations:items"))
        assert some in words_of(page), language
        assert f'href="{MINE}"' in page.content.decode(), language
        assert none in words_of(browser_of(desk.colleague, language).get(reverse("recommendations:items")))


def test_bell_is_absent_before_sign_in(client: Client) -> None:
    assert bells(client.get(reverse("account_login"))) == 0
    assert bell(RequestFactory().get("/")) == {"bell": None, "demo_mails_url": ""}


def test_bell_stands_in_the_header_of_phones_too(desk: Desk) -> None:
    """Forms have a header of their own on phones; only one of both is ever shown."""
    page = browser_of(desk.officer).get(reverse("recommendations:update_start", args=[desk.assignment.pk]))
    assert bells(page) == 2


@pytest.mark.parametrize("told", [0, 3])
def test_bell_takes_one_query_a_page_whatever_it_counts(desk: Desk, told: int) -> None:
    for number in range(1, told + 1):
        remind(desk, desk.officer, number)
    visitor = browser_of(desk.officer)
    with CaptureQueriesContext(connection) as captured:
        visitor.get(reverse("recommendations:update_start", args=[desk.assignment.pk]))
    assert sum("reminders_" in query["sql"] for query in captured) == 1


def test_bell_takes_no_query_where_no_page_is_drawn(desk: Desk) -> None:
    visitor = browser_of(desk.officer)
    draft = desk.draft()
    with CaptureQueriesContext(connection) as captured:
        visitor.post(reverse("recommendations:update_autosave", args=[draft.pk]), {"revision": 1})
        visitor.post(
            reverse("recommendations:update_start_autosave", args=[desk.assignment.pk]), {"revision": 1}
        )
    assert not any("reminders_" in query["sql"] for query in captured)


@pytest.mark.parametrize("who", ["officer", "reviewer"])
def test_bell_reads_its_index_alone(desk: Desk, now: datetime, who: str) -> None:
    """Asked of PostgreSQL: no more than it tells apart, and no row of the table behind the index."""
    others = [
        make_assignment(make_item(desk.cycle, number=n), desk.agency, actor=desk.administrator, now=now)
        for n in (7, 8)
    ]
    for number in range(1, 400):
        for level, assignment in enumerate(others):
            make_reminder(
                getattr(desk, who), assignment, due_on=DUE, now=now, matter=f"update_due:{number}", level=level,
                read_at=now - timedelta(days=1) if number % 3 else None,
            )  # fmt: skip
    plan = plan_of_bell(getattr(desk, who))
    assert "Index Only Scan using reminder_unread" in plan
    # A subquery is planned in two ways, of which one is never executed.
    assert not [line for line in plan.splitlines() if "Seq Scan" in line and "never executed" not in line]
    assert ("Sort" in plan) == (who == "reviewer")
