"""The small world of the recommendations' tests, for this room."""

from datetime import datetime

import pytest

from tests.recommendations.conftest import Desk, make_desk


@pytest.fixture
def desk(now: datetime) -> Desk:
    """The world, at the demonstration's opening instant, rolled back afterwards."""
    return make_desk(now)
