"""Reactivating somebody clears "nobody can act" at once, on every page that says it."""

from __future__ import annotations

import re
from datetime import date

import pytest

from accounts.models import User
from accounts.services.people import deactivate_person, reactivate_person
from reminders.states import Audience
from tests.factories.deliveries import make_reminder
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of, words_of
from tests.reminders.test_my_reminders import more_assignments

pytestmark = pytest.mark.django_db
MISSING = [
    ("/reminders/", "Nobody at PDRM can act"),
    ("/agencies/", r"Nobody can act for [^.]*PDRM"),
    ("/contacts/?agency=PDRM", "No active officer"),
    ("/assignments/?tab=confirmed", "No active officer"),
]


def read(desk: Desk, path: str) -> str:
    return words_of(browser_of(desk.administrator, "en").get(path))


@pytest.mark.parametrize("many", [1, 3])
def test_reactivating_an_officer_clears_it_at_once(desk: Desk, many: int) -> None:
    for each in more_assignments(desk, many):
        values = {"step": Audience.MAPO, "due_on": date(2023, 9, 20), "now": desk.now}
        make_reminder(desk.administrator, each, **values)
    people = list(User.objects.able_to_act().in_agency(desk.agency.pk))
    for person in people:
        deactivate_person(person, reason="Berpindah", actor=desk.administrator, now=desk.now)
    for path, words in MISSING:
        assert re.search(words, read(desk, path)), path
    for person in people:
        reactivate_person(person, reason="Kembali", actor=desk.administrator, now=desk.now)
    for path, words in MISSING:
        assert not re.search(words, read(desk, path)), path
    told = "It came to MAPO while nobody at PDRM could act. Somebody there can now."
    assert told in read(desk, "/reminders/")
