"""A returned update, seen in a browser: asked about, corrected, sent, taken back by one press; with and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import expect

from recommendations.models import Submission, Update
from recommendations.services import return_update
from submissions.states import SubmissionState
from tests.conftest import NOW, Clock, WorkerDatabase
from tests.e2e.conftest import Desk
from tests.factories.recommendations import REPORTED
from tests.recommendations.conftest import Desk as World
from tests.recommendations.conftest import make_desk

pytestmark = [pytest.mark.e2e, pytest.mark.long]

REASON = "Nyatakan bilangan peserta."
CORRECTED = "Kursus telah diadakan di 9 kontinjen; 214 peserta hadir."


@pytest.fixture
def world(real_db: WorkerDatabase, clock: Clock) -> World:
    """An update that MAPO returned."""
    world = make_desk(clock.move_to(NOW))
    submission = world.submission()
    return_update(
        submission, reason=REASON, resubmit_by=date(2023, 9, 21), actor=world.reviewer, now=world.now
    )
    return world


@pytest.mark.parametrize(("language", "scripts"), [("ms", True), ("en", False)])
def test_returned_update_is_asked_about_sent_and_taken_back(
    world: World, sit_down: Callable[..., Desk], language: str, scripts: bool
) -> None:
    update = Update.objects.get()
    desk = sit_down(language, scripts=scripts).sign_in(world.officer.email)
    page = desk.open(f"/updates/{update.pk}/edit/").page
    page.locator("button[name=action][value=submit]").click()
    expect(page.locator("button[name=action][value=submit_anyway]")).to_be_visible()
    assert Submission.objects.count() == 1
    page.locator("textarea[name=narrative]").fill(CORRECTED)
    page.locator("button[name=action][value=submit]").click()
    page.wait_for_url(re.compile(r"/my-work/"))
    page.locator(".toast__undo").click()
    page.wait_for_url(re.compile(r"/updates/\d+/edit/"))
    expect(page.locator("textarea[name=narrative]")).to_have_value(CORRECTED)
    expect(page.locator("input[name=percent]")).to_have_value(str(REPORTED.percent))
    expect(page.locator("main")).to_contain_text(REASON)
    states = Update.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [SubmissionState.WITHDRAWN, SubmissionState.DRAFT]
