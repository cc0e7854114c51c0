"""Coming in, being kept out, and leaving."""

from __future__ import annotations

from datetime import datetime

import pytest
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts import services
from accounts.models import User
from accounts.roles import Role
from audit.models import Event
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.usefixtures("now")
SIGN_IN = "/sign-in/"


def sign_in(client: Client, email: str, password: str = PASSWORD, **extra: str):  # type: ignore[no-untyped-def]
    return client.post(SIGN_IN, {"login": email, "password": password, **extra})


def actions() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("action", flat=True))


def test_page_shows_a_form(client: Client) -> None:
    response = client.get(SIGN_IN)
    assert response.status_code == 200
    assert 'lang="ms"' in response.text
    assert "whole-of-nation" in response.text
