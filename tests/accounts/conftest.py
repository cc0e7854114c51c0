"""The world that this room's tests share."""

from __future__ import annotations

import time
from datetime import datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from tests.factories.accounts import PASSWORD, World, make_world
from tests.shared import shared

if TYPE_CHECKING:  # Models cannot be imported before the harness has set the settings.
    from accounts.models import User

#: The second at which codes of authenticator apps are made and looked at.
APP_TIME = time.time()


@shared
def world(now: datetime) -> World:
    return make_world()


@shared
def officer(world: World) -> User:
    return world.people["officer"]


@pytest.fixture(autouse=True)
def _stopped_app_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no half minute end between making a code and its use."""
    stopped = SimpleNamespace(time=lambda: APP_TIME)
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time", stopped)


def sign_in(client: Client, person: User, password: str = PASSWORD) -> None:
    """Sign a person in through the page."""
    client.post("/sign-in/", {"login": person.email, "password": password})


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200
