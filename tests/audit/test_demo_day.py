"""Administrators alone move the demonstration's day, only forward, and it is recorded."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.roles import Role
from audit import clock as audit_clock
from audit.demo import move_on
from audit.errors import NotAllowed, NotNow
from audit.models import Event
from tests.factories.accounts import UserFactory

ADDRESS = "/audit/demo-day/"


@pytest.fixture
def administrator(client: Client, now: datetime) -> Client:
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    return client


def test_move_on_begins_the_day_in_the_morning_and_is_recorded(administrator: Client) -> None:
    response = administrator.post(ADDRESS, {"day": "2023-10-16"})
    assert response.status_code == 302
    assert audit_clock.today() == date(2023, 10, 16)
    event = Event.objects.get(action="demo.moved_on")
    assert (event.before, event.after) == ({"day": "2023-09-14"}, {"day": "2023-10-16"})


def test_a_day_that_cannot_be_or_another_person_is_refused(now: datetime, administrator: Client) -> None:
    with pytest.raises(NotAllowed):
        move_on(now.date() + timedelta(days=9), actor=UserFactory(role=Role.REVIEWER), now=now)
    for day, shown in (
        ("2023-09-14", "14/9/2023"),
        ("1/9/2023", "1/9/2023"),
        ("2024-12-01", "1/12/2024"),
        ("soon", "soon"),
        ("", ""),
    ):
        response = administrator.post(ADDRESS, {"day": day})
        assert response.status_code == 422, day
        assert f'value="{shown}"' in response.content.decode() or not shown, day
        assert audit_clock.today() == date(2023, 9, 14), day


def test_outside_a_demonstration_there_is_no_such_page(administrator: Client, settings: Settings) -> None:
    settings.DEMO = False
    assert administrator.get(ADDRESS).status_code == 404
    with pytest.raises(NotNow):
        move_on(date(2023, 10, 16), actor=UserFactory(role=Role.ADMINISTRATOR), now=audit_clock.now())
