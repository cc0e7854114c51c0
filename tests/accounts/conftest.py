"""The world that this room's tests share."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from pytest_django import Settings

from tests.factories.accounts import PASSWORD, World, make_world
from tests.shared import shared

if TYPE_CHECKING:  # Models cannot be imported before the harness has set the settings.
    from accounts.models import User


@shared
def world(now: datetime) -> World:
    return make_world()


@shared
def officer(world: World) -> User:
    return world.people["officer"]


@pytest.fixture(autouse=True)
def _quick_hashing(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["tests.accounts.hashers.QuickArgon2"]


def sign_in(client: Client, person: User, password: str = PASSWORD) -> None:
    """Sign a person in through the page."""
    client.post("/sign-in/", {"login": person.email, "password": password})
