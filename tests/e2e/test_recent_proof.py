"""A desk that was left for more than ten minutes: what leaves or weighs asks again who one is, and nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.utils.translation import gettext, override
from playwright.sync_api import expect
from pytest_django import Settings

from accounts.models import User
from audit.models import Event
from reports.services.making import make
from reports.states import ExportFormat
from tests.conftest import Clock, WorkerDatabase
from tests.e2e.conftest import Desk, is_sound
from tests.e2e.signing_in import at_localhost, enrol_passkey, leave_for_a_while
from tests.factories.accounts import PASSWORD
from tests.reports.conftest import Told, make_told
from tests.reports.makers import asked

pytestmark = [pytest.mark.e2e, pytest.mark.long]
LANGUAGES = pytest.mark.parametrize("language", ["ms", "en"])


@pytest.fixture
def world(real_db: WorkerDatabase, clock: Clock) -> Told:
    """The world of summaries, committed."""
    return make_told(clock)


def is_asked(desk: Desk, *, scripts: bool = True) -> None:
    """The page of the proof says why, in words of its language, and fits the screen."""
    desk.page.wait_for_url(re.compile("/account/again/password/"))
    with override(desk.language):
        why = gettext("For this you are asked once more, in case somebody else sits at your desk.")
    expect(desk.page.locator("main")).to_contain_text(why)
    if scripts:
        is_sound(desk.page)


def prove(desk: Desk) -> None:
    desk.page.locator("input[name=password]").fill(PASSWORD)
    desk.page.locator("input[name=password]").press("Enter")


@LANGUAGES
def test_a_pack_asks_again_without_scripts(language: str, world: Told, sit_down: Callable[..., Desk]) -> None:
    report = asked(world, "reviewer", export_format=ExportFormat.PACK)
    make(report.pk, now=world.now)
    desk = sit_down(language, phone=language == "ms", scripts=False).sign_in(world.people["reviewer"].email)
    page = desk.open(f"/summaries/{report.pk}/").page
    leave_for_a_while(desk)
    page.locator(f"main a[href='/summaries/{report.pk}/file/']").first.click()
    is_asked(desk, scripts=False)
    page.locator("input[name=password]").fill("salah salah salah")
    page.locator("input[name=password]").press("Enter")
    expect(page.locator("main [aria-invalid=true]")).to_have_count(1)
    with page.expect_download() as download:
        prove(desk)
    assert Path(download.value.path()).read_bytes()[:2] == b"PK"
    expect(page).to_have_url(re.compile("/account/again/[?]file="))
    page.locator(f"main a[href='/summaries/{report.pk}/']").click()
    expect(page).to_have_url(re.compile(f"/summaries/{report.pk}/$"))


@LANGUAGES
@pytest.mark.parametrize("scripts", [True, False])
def test_what_was_typed_survives_and_goes_on(
    language: str, scripts: bool, world: Told, sit_down: Callable[..., Desk]
) -> None:
    officer = world.people["officer"]
    desk = sit_down(language, phone=language == "ms", scripts=scripts)
    page = desk.sign_in(world.people["administrator"].email).page
    desk.open(f"/people/{officer.pk}/deactivate/")
    reason = 'Bersara pada "hari ini" & <esok>.'
    page.locator("[name=reason]").fill(reason)
    leave_for_a_while(desk)
    page.locator("main form button[type=submit]").first.click()
    is_asked(desk, scripts=scripts)
    with override(language):
        expect(page.locator("main")).to_contain_text(gettext("What you typed is kept."))
    prove(desk)
    expect(page.locator("main li")).to_have_text(reason)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(re.compile(f"/people/{officer.pk}/$"))
    officer.refresh_from_db()
    assert not officer.is_active
    assert Event.objects.get(action="person.deactivated").reason == reason


@LANGUAGES
def test_the_page_of_a_form_asks_before_anybody_types(
    language: str, world: Told, sit_down: Callable[..., Desk]
) -> None:
    officer = world.people["officer"]
    desk = sit_down(language).sign_in(world.people["administrator"].email)
    leave_for_a_while(desk)
    desk.open(f"/people/{officer.pk}/deactivate/")
    is_asked(desk)
    prove(desk)
    desk.page.wait_for_url(re.compile(f"/people/{officer.pk}/deactivate/$"))


@LANGUAGES
def test_a_passkey_proves_before_an_act(
    language: str, world: Told, settings: Settings, sit_down: Callable[..., Desk]
) -> None:
    """On a phone in Malay, at a desk in English; whoever has the old key of the session is out."""
    settings.SECOND_FACTOR_REQUIRED = frozenset({"administrator"})
    administrator, officer = world.people["administrator"], world.people["officer"]
    User.objects.update(language=language)
    desk = at_localhost(sit_down(language, phone=language == "ms"))
    page = desk.page
    enrol_passkey(desk, administrator.email, "Komputer pejabat")
    desk.open(f"/people/{officer.pk}/deactivate/")
    page.locator("[name=reason]").fill("Bersara pada hari ini.")
    leave_for_a_while(desk)
    before = Session.objects.latest("expire_date").session_key
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(re.compile("/account/again/passkey/"))
    with override(language):
        expect(page.locator("main")).to_contain_text(gettext("What you typed is kept."))
    is_sound(page)
    page.locator("#use-passkey").click()
    expect(page.locator("main li")).to_have_text("Bersara pada hari ini.")
    expect(page.locator("[data-named-by]")).to_contain_text(officer.name)
    with override(language):
        expect(page.locator("[data-named-by]")).to_contain_text(gettext("Deactivate"))
    is_sound(page)
    officer.refresh_from_db()
    assert officer.is_active, "nothing is done before it is seen"
    assert not Session.objects.filter(session_key=before).exists()
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(re.compile(f"/people/{officer.pk}/$"))
    officer.refresh_from_db()
    assert not officer.is_active
    [proof] = Event.objects.filter(action="session.proved_again")
    assert (proof.actor_id, proof.after) == (administrator.pk, {"proof": "webauthn"})
