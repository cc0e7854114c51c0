"""From 14 September to 16 October in a real browser: who is told, by bell and by mail, and when it ends."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils.translation import gettext, override
from playwright.sync_api import expect
from pytest_django import Settings

from accounts.models import Agency
from accounts.roles import Role
from audit import clock as audit_clock
from recommendations.models import Assignment, AssignmentOfficer, Cycle, Item, Update
from recommendations.services import confirm_suggestions
from reminders import tasks
from reminders.mail_folder import BACKEND
from reminders.models import Delivery, Reminder
from submissions.states import SubmissionState
from tests.conftest import KUALA_LUMPUR, NOW, Clock, WorkerDatabase
from tests.e2e.conftest import Desk, is_sound
from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.e2e, pytest.mark.long]

DUE, LAST_DAY = date(2023, 10, 2), date(2023, 10, 16)
NARRATIVE = "Sebanyak 9 kursus diadakan pada September 2023."


class Story:
    """PDRM answers for recommendation 15, by one named officer, and says nothing."""

    def __init__(self, language: str) -> None:
        agencies = {agency.code: agency for agency in Agency.objects.all()}
        kdn, pdrm = agencies["KDN"], agencies["PDRM"]
        self.reviewer = UserFactory(role=Role.REVIEWER, agency=kdn, language=language)
        self.officer = UserFactory(role=Role.OFFICER, agency=pdrm, language=language)
        self.coordinator = UserFactory(role=Role.COORDINATOR, agency=pdrm, language=language)
        confirm_suggestions(Cycle.objects.get().items.all(), actor=self.reviewer, now=audit_clock.now())
        self.item = Item.objects.get(kind="recommendation", number=15)
        self.assignment = self.item.assignments.get(agency=pdrm)
        Assignment.objects.filter(pk=self.assignment.pk).update(next_due_on=DUE)
        AssignmentOfficer.objects.create(assignment=self.assignment, user=self.officer)

    def matter(self) -> str:
        return f"update_due:{self.assignment.pk}"


@pytest.fixture
def mails(settings: Settings, tmp_path: Path) -> Path:
    """Mails land in a folder, as in the demonstration."""
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = BACKEND, str(tmp_path / "mail")
    return tmp_path / "mail"


def live_through(clock: Clock, *, until: date) -> None:
    """Let the demonstration's days go by, with one turn of planning and sending each morning at nine."""
    day = audit_clock.today() + timedelta(days=1)
    while day <= until:
        clock.move_to(datetime.combine(day, time(9), tzinfo=KUALA_LUMPUR))
        turn()
        day += timedelta(days=1)


def turn() -> None:
    tasks.plan()
    tasks.send()


@pytest.mark.parametrize(("language", "phone"), [("ms", False), ("en", True)])
def test_an_overdue_item_is_said_escalated_and_silent_until_it_is_reported(
    real_db: WorkerDatabase,
    clock: Clock,
    mails: Path,
    sit_down: Callable[..., Desk],
    language: str,
    phone: bool,
) -> None:
    clock.move_to(NOW)
    call_command("load_cycle", verbosity=0, stdout=StringIO())
    story = Story(language)
    turn()
    live_through(clock, until=LAST_DAY)
    officer = sit_down(language, phone=phone).sign_in(story.officer.email)
    _officer_sees_bell_and_mail(story, officer)
    _coordinator_sees_the_escalation(story, sit_down(language, phone=phone).sign_in(story.coordinator.email))
    _mapo_sees_the_silent_agency(story, sit_down(language, phone=phone).sign_in(story.reviewer.email))
    _officer_reports_from_the_mail(story, officer)
    _reminders_stop(story, officer, clock)


def _label(story: Story, desk: Desk) -> str:
    with override(desk.language):
        return str(story.item)


def _officer_sees_bell_and_mail(story: Story, desk: Desk) -> None:
    """The bell counts, the list names the item, and the mail says the same in the officer's language."""
    page = desk.page
    expect(page.locator(".bell__count:visible")).to_be_visible()
    page.locator("a.bell:visible").click()
    page.wait_for_url(re.compile(r"/reminders/$"))
    late = page.locator(".reminder--unread", has_text=re.compile(rf"{_label(story, desk)}\b"))
    with override(desk.language):
        expect(late.first).to_contain_text(re.compile(gettext("late"), re.IGNORECASE))
    is_sound(page)
    _open_newest_mail_about(desk, _label(story, desk))
    mail = page.frame_locator("iframe").locator("body")
    expect(mail).to_contain_text(_label(story, desk))
    expect(page.locator("pre")).to_contain_text(f"/assignments/{story.assignment.pk}/update/")
    assert page.locator("html").get_attribute("lang") == desk.language
    is_sound(page)


def _open_newest_mail_about(desk: Desk, words: str) -> None:
    """Open the newest mail that says this: months of figures that are owed make mails of their own."""
    desk.open("/reminders/mails/")
    is_sound(desk.page)
    for link in [str(each.get_attribute("href")) for each in desk.page.locator("main tbody a").all()]:
        desk.open(link)
        if words in desk.page.frame_locator("iframe").locator("body").inner_text():
            return
    raise AssertionError(words)


def _coordinator_sees_the_escalation(story: Story, desk: Desk) -> None:
    desk.open("/reminders/")
    row = desk.page.locator(".reminder", has_text=re.compile(rf"{_label(story, desk)}\b"))
    with override(desk.language):
        expect(row.first).to_contain_text(gettext("Escalated"))
    desk.open("/reminders/mails/")
    assert desk.page.locator("main tbody a").count() > 0


def _mapo_sees_the_silent_agency(story: Story, desk: Desk) -> None:
    page = desk.open("/reminders/delivery/").page
    is_sound(page)
    page.locator(".figures a[href*='agencies']").first.click()
    silent = page.locator("tbody tr", has_text="PDRM")
    expect(silent.locator("a[href*='/reminders/nudge/']")).to_be_visible()
    is_sound(page)
    desk.open("/reminders/")
    expect(page.locator(".reminder", has_text="PDRM").first).to_be_visible()


def _officer_reports_from_the_mail(story: Story, desk: Desk) -> None:
    """The link of the mail leads to the form; the officer sends the update."""
    page = desk.open(f"/assignments/{story.assignment.pk}/update/").page
    is_sound(page)
    page.locator("label", has=page.locator("input[name=status][value=progress]")).click()
    page.locator("input[name=percent]").fill("40")
    page.locator("textarea[name=narrative]").fill(NARRATIVE)
    page.locator("input[name=covers_from]").fill("2023-09-01")
    page.locator("input[name=covers_to]").fill("2023-09-30")
    page.locator("button[name=action][value=submit]").click()
    page.wait_for_url(re.compile(r"/my-work/"))
    assert Update.objects.get(assignment=story.assignment).state == SubmissionState.SUBMITTED


def _reminders_stop(story: Story, desk: Desk, clock: Clock) -> None:
    """From the next turn on nothing speaks of it any more, to nobody, for the days to come."""
    said = Reminder.objects.filter(matter=story.matter())
    turn()
    assert not said.open().exists()
    told, mailed = said.count(), Delivery.objects.filter(reminders__in=said).distinct().count()
    live_through(clock, until=LAST_DAY + timedelta(days=7))
    assert said.count() == told
    assert Delivery.objects.filter(reminders__in=said).distinct().count() == mailed
    desk.open("/reminders/")
    row = desk.page.locator(".reminder", has_text=re.compile(rf"{_label(story, desk)}\b"))
    expect(row).to_have_count(0)
