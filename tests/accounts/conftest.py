"""The world that this room's tests share."""

from datetime import datetime

import pytest
from pytest_django import Settings

from tests.factories.accounts import World, make_world
from tests.shared import shared


@shared
def world(now: datetime) -> World:
    return make_world()


@pytest.fixture(autouse=True)
def _quick_hashing(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["tests.accounts.hashers.QuickArgon2"]
