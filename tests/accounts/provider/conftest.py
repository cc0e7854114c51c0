"""A provider, and an officer who is connected with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from pytest_django import Settings

from tests.accounts.provider.fake_provider import FakeProvider, fake_provider
from tests.factories.accounts import UserFactory

if TYPE_CHECKING:  # Models cannot be imported before the harness has set the settings.
    from accounts.models import User


@pytest.fixture(autouse=True)
def _now(now: datetime) -> None:
    """Let the clock stand."""


@pytest.fixture
def provider(settings: Settings) -> Iterator[FakeProvider]:
    with fake_provider() as made:
        settings.OIDC = made.settings()
        settings.SITE_URL = "http://testserver"
        yield made


@pytest.fixture
def officer(provider: FakeProvider) -> User:
    """An officer whose account at the provider is connected."""
    from accounts.services.provider_accounts import connect_provider
    from audit import clock

    person: User = UserFactory(email="aminah@pdrm.example")
    issuer = provider.settings().issuer
    return connect_provider(person, issuer=issuer, subject="subject-1", actor=person, now=clock.now())
