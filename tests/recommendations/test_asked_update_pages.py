"""What MAPO asks for by a date, on MAPO's page, and where the agency reads it."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.urls import reverse

from audit.clock import local_date
from recommendations.models import AskedUpdate
from recommendations.queries.my_work import read_my_work
from recommendations.queries.my_work_tasks import TaskGroup
from reminders.kinds import ReminderKind
from reminders.messages.details import load_details
from reminders.messages.wording import describe
from reminders.models import Reminder
from reminders.services.planning import plan
from tests.conftest import Clock
from tests.factories.recommendations import DONE
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of, words_of
from tests.recommendations.test_cadence import ASKED_ON, asked

WORDS = "MAPO asks for an update by 2 October 2023: Sila sahkan bagi mesyuarat."
REASON = "Sila sahkan bagi mesyuarat."


def assignment_url(desk: Desk) -> str:
    return reverse("recommendations:assignment", args=[desk.assignment.pk])


def ask_by_page(desk: Desk, browser: Client, **values: str) -> tuple[int, str]:
    url = reverse("recommendations:update_ask", args=[desk.assignment.pk])
    answer = browser.post(url, {"due_on": "2.10.2023", "reason": REASON} | values, follow=True)
    return answer.status_code, words_of(answer)


def test_page_of_completed_work_says_so_and_offers_to_ask(desk: Desk) -> None:
    browser = browser_of(desk.reviewer)
    assert "Ask for an update" not in words_of(browser.get(assignment_url(desk)))
    desk.accepted(DONE)
    words = words_of(browser.get(assignment_url(desk)))
    assert "No regular update is due" in words and "Ask for an update" in words
    assert "No regular update is due" in words_of(
        browser.get(reverse("recommendations:assignments"), {"tab": "confirmed"})
    )


def test_asking_and_cancelling_on_the_page(desk: Desk) -> None:
    desk.accepted(DONE)
    browser = browser_of(desk.reviewer)
    status, words = ask_by_page(desk, browser)
    assert status == 200 and "asked for an update by 2 October 2023" in words
    wanted = AskedUpdate.objects.get()
    assert (wanted.due_on, wanted.reason) == (ASKED_ON, REASON)
    page = browser.post(reverse("recommendations:asked_cancel", args=[wanted.pk]), follow=True)
    assert "MAPO no longer asks for this update" in words_of(page)
    assert "No regular update is due" in words_of(page)
    assert f"asked for an update by 2 October 2023: {REASON} until 14 September 2023" in words_of(page)


def test_what_was_typed_stays_when_it_is_refused(desk: Desk) -> None:
    desk.accepted(DONE)
    status, words = ask_by_page(desk, browser_of(desk.reviewer), due_on="1.9.2023")
    assert status == 422 and REASON in words
    status, words = ask_by_page(desk, browser_of(desk.reviewer), reason="Sahkan mangsa 901231-14-5678.")
    assert status == 422 and not AskedUpdate.objects.exists()


def test_agency_reads_the_reason_where_it_works(desk: Desk) -> None:
    desk.accepted(DONE)
    asked(desk)
    browser = browser_of(desk.officer)
    for page in (
        reverse("recommendations:my_work"),
        reverse("recommendations:item", args=[desk.item.pk]),
        reverse("recommendations:update_start", args=[desk.assignment.pk]),
    ):
        assert WORDS in words_of(browser.get(page)), page
    assert f"Asked for by MAPO: {REASON}" in words_of(
        browser_of(desk.coordinator).get(reverse("recommendations:our_agency"))
    )
    draft = desk.draft()
    assert WORDS in words_of(browser.get(reverse("recommendations:update_edit", args=[draft.pk])))


def test_asked_work_is_not_among_what_is_completed(desk: Desk) -> None:
    desk.accepted(DONE)
    asked(desk)
    groups = read_my_work(desk.officer, today=local_date(desk.now)).groups
    assert [task.item.pk for task in groups[TaskGroup.LATER]] == [desk.item.pk]
    assert not groups[TaskGroup.DONE]


def test_nobody_else_reads_the_reason(desk: Desk) -> None:
    desk.accepted(DONE)
    asked(desk)
    for reader in (desk.outsider, desk.observer):
        assert REASON not in words_of(
            browser_of(reader).get(reverse("recommendations:item", args=[desk.item.pk]))
        )


def test_item_and_my_work_say_that_nothing_is_due(desk: Desk) -> None:
    desk.accepted(DONE)
    browser = browser_of(desk.officer)
    assert "No regular update is due" in words_of(browser.get(reverse("recommendations:my_work")))
    words = words_of(browser.get(reverse("recommendations:item", args=[desk.item.pk])))
    assert "no regular update is due" in words and "Ask for a later date" not in words


def test_reminder_says_that_mapo_asks_and_why(desk: Desk, clock: Clock) -> None:
    desk.accepted(DONE)
    plan(now=desk.now)
    assert not Reminder.objects.filter(what=ReminderKind.UPDATE_DUE, settled_at=None).exists()
    asked(desk)
    later = clock.move_to(desk.now + timedelta(days=19))
    plan(now=later)
    due = list(Reminder.objects.filter(what=ReminderKind.UPDATE_DUE, user__agency=desk.agency))
    text = describe(load_details(due)[0], today=later.date())
    assert (text.task, text.nudge_line) == ("MAPO meminta kemas kini bagi Syor 1", REASON)
