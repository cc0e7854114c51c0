"""Pages of monthly summaries: what became of each for each reader, one more from a selection, and the end of one."""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from cycles.services import close_cycle
from reports.models import Report, Schedule
from reports.services.making import make
from tests.conftest import Clock
from tests.reports.conftest import Told
from tests.reports.test_schedules import set_up, turn_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def mapo(told: Told, client: Client) -> Client:
    client.force_login(told.people["reviewer"])
    client.post(reverse("accounts:set_language"), {"language": "en"})
    return client


def words(response: HttpResponse) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", text.replace("\xa0", " ").replace("&#x27;", "'"))


def add(client: Client, *, query: str = "?depth=full&agency=JIM", **fields: object) -> HttpResponse:
    values = {"name": "Bulanan JIM", "paper": "pdf", "day_of_month": "3", **fields}
    return client.post(reverse("reports:schedule_add") + query, values)


def test_schedule_is_set_up_from_the_selection_in_the_address(told: Told, mapo: Client) -> None:
    page = words(mapo.get(reverse("reports:schedule_add") + "?depth=full&agency=JIM&day=2023-08-31"))
    assert "Agency: JIM" in page
    response = add(mapo, readers=[told.people["officer"].pk, told.people["jim"].pk])
    assert response.status_code == 302
    schedule = Schedule.objects.get()
    assert "agency=JIM" in schedule.query
    assert "day=" not in schedule.query
    assert {link.user for link in schedule.readers.all()} == {told.people["officer"], told.people["jim"]}
    page = words(mapo.get(response["Location"]))
    assert "“Bulanan JIM” was set up. It will be made for the first time on 3 October 2023." in page
    assert "Next on 3 October 2023" in page
    assert "as at 30 September 2023" in page
    assert page.count("None yet") == 2


def test_setting_one_up_begins_with_choosing(told: Told, mapo: Client) -> None:
    page = mapo.get(reverse("reports:schedules"))
    assert "choose the content, then press “Make it every month” there" in words(page)
    assert reverse("reports:schedule_add") not in page.content.decode()
    choosing = mapo.get(reverse("reports:choose")).content.decode()
    assert f'href="{reverse("reports:schedule_add")}?' in choosing and "Make it every month" in choosing


def test_what_cannot_be_is_told_and_kept(told: Told, mapo: Client) -> None:
    response = add(mapo, paper="council", readers=[told.people["officer"].pk, told.people["reviewer"].pk])
    assert response.status_code == 422
    assert f"This format is not available to {told.people['officer'].name}." in words(response)
    response = add(mapo, name="", day_of_month="31")
    page = words(response)
    assert response.status_code == 422
    for said in ("Give it a name.", "Give a number from 1 to 28.", "Choose at least one reader."):
        assert said in page
    assert 'value="31"' in response.content.decode()
    assert not Schedule.objects.exists()
    response = mapo.get(reverse("reports:schedule_add") + "?agency=XYZ")
    assert response.status_code == 302
    assert response["Location"] == f"{reverse('reports:choose')}?agency=XYZ"


def test_closed_cycle_takes_none(told: Told, mapo: Client) -> None:
    close_cycle(told.cycle, reason="Tamat.", actor=told.people["administrator"], now=told.now)
    assert mapo.get(reverse("reports:schedule_add")).status_code == 409
    assert add(mapo, readers=[told.people["officer"].pk]).status_code == 409


def test_page_tells_what_became_of_each(told: Told, mapo: Client, clock: Clock) -> None:
    set_up(told, "reviewer", "officer", "jim", status="progress")
    User.objects.filter(pk=told.people["jim"].pk).update(is_active=False)
    for report in turn_on(told, clock, "2023-10-01 08:00"):
        if report.asked_by == told.people["reviewer"]:
            make(report.pk, now=told.now)
    page = words(mapo.get(reverse("reports:schedules")))
    assert "Next on 1 November 2023" in page
    for said in ("30 Sep 2023", "Ready", "Waiting", "Cannot sign in any more: nothing is made."):
        assert said in page


def test_page_says_when_nothing_is_theirs_to_see_or_is_made_soon(
    told: Told, mapo: Client, clock: Clock
) -> None:
    set_up(told, "officer", name="Tiada", status="done")
    set_up(told, "officer", name="Segera")
    told.now = clock.move_to(told.now.replace(month=10, day=1))
    page = words(mapo.get(reverse("reports:schedules")))
    assert "They may not see anything in this selection as at 30 September 2023" in page
    assert "As at 30 September 2023: it is made within the hour." in page


def test_schedule_is_stopped_once_it_is_confirmed(told: Told, mapo: Client) -> None:
    schedule = set_up(told)
    response = mapo.post(reverse("reports:schedule_stop", args=[schedule.pk]))
    page = words(mapo.get(response["Location"]))
    assert "“Bulanan” was stopped. Existing summaries are kept." in page
    assert f"Stopped by {told.people['reviewer'].name}" in page
    assert not Report.objects.exists()


def test_reader_sees_that_it_came_by_a_schedule(told: Told, client: Client, clock: Clock) -> None:
    set_up(told, "officer", name="Ringkasan bulanan JPN")
    (report,) = turn_on(told, clock, "2023-10-01 08:00")
    make(report.pk, now=told.now)
    client.force_login(told.people["officer"])
    assert "Ringkasan bulanan JPN" in words(client.get(reverse("reports:made")))
