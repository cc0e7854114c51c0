"""The small world of the recommendations' tests, for this room."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from pytest_django import Settings

from recommendations.services import name_officers
from tests.factories.reminders import make_rule
from tests.recommendations.conftest import Desk, make_desk
from tests.reminders.mail_server import Running, serving
from tests.reminders.posts import use_server
from tests.shared import shared


@shared
def desk(now: datetime) -> Desk:
    """The world, at the demonstration's opening instant, rolled back afterwards."""
    return make_desk(now)


@shared
def named(desk: Desk) -> Desk:
    """The desk, its officer named for the assignment."""
    name_officers(desk.assignment, officers=[desk.officer], actor=desk.reviewer, now=desk.now)
    return desk


@shared
def due(desk: Desk) -> Desk:
    """The desk with one rule: whoever is responsible is told on the day."""
    make_rule(desk.cycle, "update_due")
    return desk


@pytest.fixture
def server(tmp_path: Path, settings: Settings) -> Iterator[Running]:
    """A real mail server, to which mails go."""
    with serving(tmp_path) as running:
        use_server(settings, running.port)
        yield running
