"""The mails of a demonstration in a real browser: readable by everybody, wide and narrow, and harmless in their frame."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from pytest_django import Settings

from audit import clock as audit_clock
from reminders.kinds import ReminderKind
from reminders.mail_folder import BACKEND, MailFolder
from reminders.mails.rendering import render_mail
from tests.conftest import NOW, WorkerDatabase
from tests.e2e.conftest import Desk, is_sound
from tests.recommendations.conftest import make_desk
from tests.reminders.test_mail_rendering import content
from tests.reminders.test_wording import details, for_mapo

pytestmark = [pytest.mark.e2e, pytest.mark.long]

WIDTHS = (360, 700)


@pytest.mark.parametrize("language", ["ms", "en"])
def test_mail_is_read_on_its_page_and_its_link_leads_out_of_the_frame(
    real_db: WorkerDatabase, sit_down: Callable[..., Desk], settings: Settings, tmp_path: Path, language: str
) -> None:
    audit_clock.move_to(NOW)
    people, desk = make_desk(NOW), sit_down(language)
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH, settings.SITE_URL = BACKEND, str(tmp_path), desk.site
    mail = render_mail(
        content(details(ReminderKind.INTERIM), language=language, address=people.officer.email)
    )
    MailFolder().send_messages([mail])
    page = desk.sign_in(people.officer.email).open(reverse("reminders:mails")).page
    is_sound(page)
    with page.expect_navigation():
        page.get_by_role("link", name=str(mail.subject)).click()
    is_sound(page)
    page.frame_locator("iframe").locator("td a").first.click()
    page.wait_for_url(desk.site + reverse("recommendations:my_work"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["ms", "en"])
def test_mail_itself_can_be_read_by_everybody(
    sit_down: Callable[..., Desk], language: str, scheme: str
) -> None:
    page = sit_down(language).page
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    given = [
        details(what, nudge_line="Sila ambil tindakan.", in_place_of="Siti binti Hassan")
        for what in ReminderKind
    ]
    escalated = [for_mapo(details(ReminderKind.UPDATE_DUE, days=-3, number=number)) for number in range(1, 8)]
    mail = render_mail(content(*given, *escalated, language=language, late_since=NOW.date()))
    page.set_content(str(mail.alternatives[0].content))
    is_sound(page)
